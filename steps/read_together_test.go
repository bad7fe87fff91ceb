package steps_test

import (
	"reflect"
	"strings"
	"testing"

	"pipe/specs"
	"pipe/steps"
)

// What is read together is what is read one by one; what is not there yet, or is not for
// the one command, is left.
func TestReadTogether(t *testing.T) {
	t.Parallel()
	s := show(t, `<p class=t>  first <b>bold</b>
		line </p><p class=t>second</p><p id=h style="display: none">hidden text</p>
		<input id=i value=typed><textarea id=a>area</textarea><select id=s><option value=1>one<option value=2 selected>two</select>
		<label id=l>Name <input id=n value=named></label><a href="/x?a=1" id=l1>link</a><a id=l2>no href</a>
		<svg><text id=v>drawn</text></svg><div id=shadow></div><button>Save all</button>
		<iframe srcdoc="<i id=f>framed</i>"></iframe>
		<script>i.value = 'changed'; shadow.attachShadow({mode: 'open'}).innerHTML = '<u id=deep>deep</u>'</script>`)
	fields := fieldsOf(t, `
      text: {text_of: .t}
      second: {text_of: {selector: .t, nth: 1}}
      hidden: {text_of: "#h"}
      value: {value_of: "#i"}
      area: {value_of: "#a"}
      chosen: {value_of: "#s"}
      by_role: {text_of: {role: button, name: save}}
      by_label: {value_of: {label: Name}}
      either: {text_of: ["#none", "#l1"]}
      href: {attribute_of: {selector: "#l1", attribute: href}}
      no_href: {attribute_of: {selector: "#l2", attribute: href}}
      texts: {count_of: .t}
      nobody: {count_of: "#none"}
      deep: {text_of: "#deep"}
      empty: {text_of: "#none", absent: empty}
      of_label: {value_of: "#l"}
      drawn: {text_of: "#v"}
      framed: {text_of: {selector: "#f", frame: iframe}}
      late: {text_of: "#late"}
`)
	got := s.ReadTogether(s.ctx, fields)
	left := map[string]bool{"of_label": true, "drawn": true, "framed": true, "late": true}
	for _, f := range fields {
		v, read := got[f.Name]
		if left[f.Name] == read {
			t.Errorf("%s: read is %v", f.Name, read)
		}
		if !read {
			continue
		}
		if one, err := s.ReadValue(s.ctx, f.Read); err != nil || !reflect.DeepEqual(v, one) {
			t.Errorf("%s: %#v together, %#v alone (%v)", f.Name, v, one, err)
		}
	}
	if got := s.ReadTogether(s.ctx, fields[:1]); got != nil {
		t.Errorf("one alone is read together: %v", got)
	}
}

func fieldsOf(t *testing.T, fields string) specs.Fields {
	t.Helper()
	spec, err := read("", "extract:\n        fields:"+strings.ReplaceAll(fields, "\n", "\n      "))
	if err != nil {
		t.Fatal(err)
	}
	return spec.Navigate.Steps[0].Do.(*steps.Extract).Fields
}
