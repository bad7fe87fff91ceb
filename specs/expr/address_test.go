package expr_test

import (
	"strings"
	"testing"

	"pipe/specs/expr"
	"pipe/specs/internal/spectest"
	"pipe/steps"
)

// A value in an address is escaped for where it stands: it is one segment of the
// path, one value of the query, and never leads elsewhere.
func TestAddresses(t *testing.T) {
	t.Parallel()
	item := map[string]any{
		"no": "A/1 ü?#%&+;=", "link": "https://other.test/a b?c=d#e", "path": "/a/b?c=d", "host": "shop-1.test:8080", "evil": "x.test/@",
		"up": "..", "escaped": "a%2Fb", "pin": "p@ss/w:rd", "empty": "",
	}
	for text, want := range map[string]string{
		"/items/${{ item.no }}/file":                    "/items/A%2F1%20%C3%BC%3F%23%25&+%3B=/file",
		"/items?no=${{ item.no }}&x=1":                  "/items?no=A%2F1%20%C3%BC%3F%23%25%26%2B%3B%3D&x=1",
		"/app#/items/${{ item.no }}":                    "/app#/items/A%2F1%20%C3%BC%3F%23%25%26%2B%3B%3D",
		"/app#/items?no=${{ item.escaped }}":            "/app#/items?no=a%252Fb",
		"${{ item.link }}":                              "https://other.test/a b?c=d#e",
		"${{ item.path }}&x=${{ item.no }}":             "/a/b?c=d&x=A%2F1%20%C3%BC%3F%23%25%26%2B%3B%3D",
		"${{ item.empty }}/items/${{ item.no }}":        "/items/A%2F1%20%C3%BC%3F%23%25&+%3B=",
		"https://site.test${{ raw(item.path) }}":        "https://site.test/a/b?c=d",
		"/go${{ raw(item.path) }}&to=${{ item.up}}":     "/go/a/b?c=d&to=..",
		"/items/${{ item.escaped }}":                    "/items/a%252Fb",
		"/items/${{ raw(item.escaped) }}":               "/items/a%2Fb",
		"https://${{ item.host }}/x":                    "https://shop-1.test:8080/x",
		"https://me:${{ item.pin }}@site.test/x":        "https://me:p%40ss%2Fw%3Ard@site.test/x",
		"https://${{ item.evil }}/x":                    `"x.test/@" is no part of a host`,
		"https://site.test${{ item.evil }}":             `"x.test/@" is no part of a host`,
		"/items/${{ item.up }}/file":                    `".." cannot stand in the path of an address`,
		"/items/${{ item.no[:1] }}.pdf":                 "/items/A.pdf",
		"/x?${{ item.no == '' ? '' : raw(item.path) }}": "/x?/a/b?c=d",
		"/items/(${{ \"it's!\" }})":                     "/items/(it's!)",
	} {
		spec := spectest.Parse(t, "name: x\nkey: ${{ item.no }}\nsource: {items: [{no: x, link: x, path: x, host: x, evil: x, up: x, escaped: x, pin: x, empty: x}]}\n"+
			"navigate: {steps: [{goto: '"+strings.ReplaceAll(text, "'", "''")+"'}]}\n", spectest.Options())
		got, err := spec.Navigate.Steps[0].Do.(*steps.Goto).URL.Text(expr.Values{"item": item})
		if err != nil {
			got = err.Error()
		}
		if got != want && (err == nil || !strings.HasSuffix(got, want)) {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
}

// Of a file's path nothing is escaped, of an address all that follows what tells
// that it is one.
func TestLocations(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"lists/${{ vars.no }}.csv":                              "lists/A/1 ü?.csv",
		"https://site.test/${{ vars.no }}.csv":                  "https://site.test/A%2F1%20%C3%BC%3F.csv",
		"${{ vars.base }}/lists/${{ vars.no }}":                 "https://site.test/a/lists/A%2F1%20%C3%BC%3F",
		"${{ vars.base }}?no=${{ vars.no }}":                    "https://site.test/a?no=A%2F1%20%C3%BC%3F",
		"${{ vars.scheme }}://${{ vars.host }}/${{ vars.no }}":  "https://shop.test/A%2F1%20%C3%BC%3F",
		"${{ vars.scheme }}://${{ vars.no }}/x":                 `"A/1 ü?" is no part of a host`,
		"${{ vars.folder }}/lists/${{ vars.no }}":               "/srv/a b/lists/A/1 ü?",
		"${{ vars.base }}/${{ raw(vars.no) }}":                  "https://site.test/a/A/1 ü?",
		"${{ vars.base }}/${{ vars.up }}":                       `".." cannot stand in the path of an address`,
		"${{ vars.base }}${{ vars.no == '' ? '' : raw('/b') }}": "https://site.test/a/b",
	} {
		spec := spectest.Parse(t, "name: x\nkey: ${{ item.no }}\n"+
			"vars: {no: 'A/1 ü?', base: 'https://site.test/a', scheme: https, host: shop.test, folder: /srv/a b, up: ..}\n"+
			"source: {items: [{no: x}]}\nfiles: \""+text+"\"\nnavigate: {steps: [{goto: /}]}\n", spectest.Options())
		got, err := spec.Files.Text(spec.Values)
		if err != nil {
			got = err.Error()
		}
		if got != want && (err == nil || !strings.HasSuffix(got, want)) {
			t.Errorf("%s:\n got %s\nwant %s", text, got, want)
		}
	}
}
