package formats

import (
	"net/url"
	"strings"

	"golang.org/x/net/html"

	"pipe/pipeline/codegen"
	"pipe/specs"
)

// submit fills a form of the page that is open as it was sent, and sends it. What is hidden in
// it, as a token, is the page's own.
func (r *harReader) submit(e harEntry, to *url.URL, file *codegen.File, line int) {
	sent := url.Values{}
	for _, p := range e.Request.PostData.Params {
		sent.Add(unescaped(p.Name), unescaped(p.Value))
	}
	if values, err := url.ParseQuery(e.Request.PostData.Text); err == nil && len(sent) == 0 && strings.Contains(e.Request.PostData.MimeType, "form-urlencoded") {
		sent = values
	}
	var form *html.Node
	if r.page != nil {
		form = r.page.form(to, sent)
	}
	if form == nil {
		r.note(line, "what was sent to %s is left out: no page before it has a form for that", shorten(to.Path))
		return
	}
	address := r.page.address.String()
	scope := formSelector(form)
	var button []specs.LocatorText
	for _, field := range all(form, "input", "select", "textarea", "button") {
		if locators := buttonOf(field, scope); locators != nil {
			if button == nil || sent.Has(attr(field, "name")) {
				button = locators
			}
			continue
		}
		a, changed := fieldAction(field, sent, scope)
		if changed {
			a.Address = address
			r.add(a)
		}
	}
	a := codegen.Action{Verb: "click", Locators: button, Address: address}
	if last := r.last(); button == nil && last != nil {
		a.Verb, a.Value, a.Locators = "press", "Enter", last.Locators
	}
	a.Effect.File = file
	if file == nil {
		a.Effect.Address = to.String()
	}
	r.add(a)
}

// unescaped gives what browsers leave escaped in the parameters of an archive.
func unescaped(text string) string {
	if plain, err := url.QueryUnescape(text); err == nil {
		return plain
	}
	return text
}

// formSelector finds a form by its id, else by its address.
func formSelector(form *html.Node) string {
	if id := attr(form, "id"); plainName.MatchString(id) {
		return "form#" + id
	}
	if action := attr(form, "action"); action != "" {
		return "form[action=" + quote(action) + "]"
	}
	return "form"
}

// buttonOf finds the button that sends a form; nil for another field.
func buttonOf(field *html.Node, scope string) []specs.LocatorText {
	kind := strings.ToLower(attr(field, "type"))
	name := shown(field)
	switch {
	case field.Data == "button" && kind != "button" && kind != "reset":
	case field.Data == "input" && (kind == "submit" || kind == "image"):
		name = attr(field, "value") + attr(field, "alt")
	default:
		return nil
	}
	if name == "" {
		return []specs.LocatorText{css(scope + " [type=submit]")}
	}
	return []specs.LocatorText{css(scope + " >> role=button[name=" + quote(name) + "]")}
}

// fieldAction fills a field with what was sent, where that is not what it had.
func fieldAction(field *html.Node, sent url.Values, scope string) (codegen.Action, bool) {
	name := attr(field, "name")
	kind := strings.ToLower(attr(field, "type"))
	if name == "" || kind == "hidden" || !sent.Has(name) {
		return codegen.Action{}, false
	}
	value := sent.Get(name)
	a := codegen.Action{Verb: "fill", Value: value, Secret: kind == "password", Locators: []specs.LocatorText{css(scope + " [name=" + quote(name) + "]")}}
	switch {
	case field.Data == "select":
		a.Verb = "select"
		return a, value != ""
	case kind == "checkbox" || kind == "radio":
		own := attr(field, "value")
		a.Verb, a.Value = "check", ""
		a.Locators[0].Selector += "[value=" + quote(own) + "]"
		return a, own == value
	case kind == "file":
		return a, false
	}
	return a, value != "" && value != attr(field, "value")
}
