package specs_test

import (
	"testing"

	"pipe/specs"
)

func TestLocatorOf(t *testing.T) {
	for selector, want := range map[string]string{
		`internal:role=button[name="Sign in"i]`:               `{role: button, name: Sign in}`,
		`internal:role=button[name="Say \"hi\": now"s]`:       `{role: button, name: 'Say "hi": now', exact: true}`,
		`internal:role=table`:                                 `{role: table}`,
		`internal:label="User name"i`:                         `{label: User name}`,
		`internal:text="A >> B"i`:                             `{text: A >> B}`,
		`internal:testid=[data-testid="go"s]`:                 `{test_id: go}`,
		`internal:attr=[placeholder="VIN"i]`:                  `{placeholder: VIN}`,
		`internal:attr=[title="Bookout"i]`:                    `"[title*=\"Bookout\" i]"`,
		`internal:role=link >> nth=1`:                         `{role: link, nth: 1}`,
		`#grid`:                                               `"#grid"`,
		`td >> nth=2`:                                         `"td >> nth=2"`,
		`internal:role=row[name="A1"i] >> internal:role=link`: `"role=row[name*=\"A1\"i] >> role=link"`,
		`iframe[name="f"] >> internal:control=enter-frame >> internal:role=button[name="In"i]`: `{role: button, name: In, frame: 'iframe[name="f"]'}`,
		`#a >> internal:control=enter-frame >> #b >> internal:control=enter-frame >> input`:    `{selector: input, frame: ['#a', '#b']}`,
	} {
		if got := specs.LocatorOf(selector).String(); got != want {
			t.Errorf("%s: %s, want %s", selector, got, want)
		}
	}
}
