package inspect_test

import (
	"strings"
	"testing"

	"pipe/pipeline/inspect"
	"pipe/pipeline/testbrowser"
)

// The form of a login is filled with the account's, whatever the type of its field; one that
// asks for a new password twice has no such field.
func TestLoginForms(t *testing.T) {
	t.Parallel()
	page := testbrowser.Open(t)
	const password = `<input type=password aria-label=Password>`
	for form, want := range map[string]string{
		`<input type=email aria-label=E-mail>` + password:                             `- fill: {role: textbox, name: E-mail, value: "${{ account.username }}"}`,
		`<input aria-label=Firm><input type=tel aria-label=Phone>` + password:         `- fill: {role: textbox, name: Phone, value: "${{ account.username }}"}`,
		`<input aria-label=Firm><input type=tel aria-label=Number>` + password:        `- fill: {role: textbox, name: Firm, value: ""}`,
		`<input aria-label=Name>` + password + `<input type=password aria-label=New>`: `- fill: {role: textbox, name: Name, value: ""}`,
	} {
		if err := page.Playwright().SetContent("<form>" + form + "<button>Go</button></form>"); err != nil {
			t.Fatal(err)
		}
		seen, err := inspect.Look(t.Context(), page.Playwright(), func(text string) string { return text })
		if err != nil {
			t.Fatal(err)
		}
		if text := seen.Text(); !strings.Contains(text, want) || !strings.Contains(text, `- fill: {role: textbox, name: Password, value: "${{ account.password }}"}`) {
			t.Errorf("%s is filled so:\n%s", form, text)
		}
	}
}
