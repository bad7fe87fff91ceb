package steps_test

import (
	"strings"
	"testing"

	"pipe/steps"
)

// All elements of a page are described, those in frames and shadow roots too, and each is
// found again.
func TestDescribePage(t *testing.T) {
	t.Parallel()
	s := show(t, `<h1>List</h1><p hidden>no</p><button id=a>One</button><div id=host></div>
		<iframe name=sheet srcdoc="<button>In the frame</button><iframe srcdoc='<a href=/x>Deep</a>'></iframe>"></iframe>
		<script>document.getElementById('host').attachShadow({mode: 'open'}).innerHTML = '<button>In the shadow</button>'</script>`)
	page := s.page.Playwright()
	if err := page.FrameLocator("iframe").FrameLocator("iframe").Locator("a").WaitFor(); err != nil {
		t.Fatal(err)
	}
	all, err := steps.DescribePage(t.Context(), page)
	if err != nil {
		t.Fatal(err)
	}
	frames := map[string]int{"One": 0, "In the shadow": 0, "In the frame": 1, "Deep": 2}
	for _, e := range all {
		if strings.Contains(e.Text, "no") {
			t.Errorf("hidden: %+v", e)
		}
		deep, wanted := frames[e.Name]
		if !wanted || e.Role != "button" && e.Role != "link" {
			continue
		}
		delete(frames, e.Name)
		if len(e.Frames) != deep {
			t.Errorf("%s is in %q", e.Name, e.Frames)
		}
		selectors, err := e.Selectors(t.Context(), page)
		if err != nil || len(selectors) == 0 {
			t.Fatal(e.Name, selectors, err)
		}
		loc := page.Locator(strings.Join(append(e.Frames, selectors[0]), " >> internal:control=enter-frame >> "))
		if only, err := e.IsOnly(t.Context(), loc); err != nil || !only {
			t.Errorf("%s: %v %v", selectors[0], only, err)
		}
		if only, err := e.IsOnly(t.Context(), page.Locator("h1")); err != nil || only && e.Name != "List" {
			t.Errorf("the heading is %s, %v", e.Name, err)
		}
	}
	if len(frames) > 0 {
		t.Errorf("not found: %v", frames)
	}
}
