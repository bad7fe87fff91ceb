package steps_test

import (
	"slices"
	"strings"
	"testing"

	"pipe/specs"
	"pipe/steps"
)

func TestDescribeElement(t *testing.T) {
	t.Parallel()
	s := show(t, `<h2>Vehicles</h2><table><tr><th>Stock<th>VIN</tr><tr><td>A1<td><a class=v href=/x>V1</a></tr><tr><td>A2<td><a href=/y>V2</a></tr></table>
		<label>Password <input type=password value=hidden id=pw></label><span>before</span><button data-testid=go>Sign in</button>`)
	link, err := steps.DescribeElement(t.Context(), s.page.Playwright().Locator("a.v"))
	if err != nil {
		t.Fatal(err)
	}
	if link.Role != "link" || link.Name != "V1" || link.Heading != "Vehicles" || link.Row != "A1 V1" || link.Column != "VIN" || link.Attributes["href"] != "/x" || link.Place.Width == 0 {
		t.Errorf("%+v", link)
	}
	if got := specs.LocatorOf(link.Selectors[0]).String(); got != "{role: link, name: V1}" {
		t.Error(got)
	}
	field, err := steps.DescribeElement(t.Context(), s.page.Playwright().Locator("#pw"))
	if err != nil {
		t.Fatal(err)
	}
	if field.Label != "Password" || strings.Contains(strings.Join(append(field.Selectors, field.Text, field.Before), " "), "hidden") {
		t.Errorf("%+v", field)
	}
	button, err := steps.DescribeElement(t.Context(), s.page.Playwright().Locator("button"))
	if err != nil || !slices.Contains(button.Selectors, `internal:testid=[data-testid="go"s]`) || button.Before != "before" {
		t.Errorf("%+v %v", button, err)
	}
}
