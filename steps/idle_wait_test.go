package steps_test

import (
	"slices"
	"strings"
	"testing"

	"pipe/steps"
)

// filtered shows rows that a filter narrows down some time after it is filled in, as
// grids do that ask the site.
const filtered = `<input id=filter><button id=go>go</button><a id=next href="/next">next</a><p id=spinner hidden>loading</p>
<table id=grid><tr><td>A1</td></tr><tr><td>B2</td></tr></table><p id=panel>of B2</p><a class=old href="#">A1</a>
<button id=later onclick="setTimeout(() => document.querySelector('#panel').textContent = 'of A1', 300)">later</button>
<button id=banner>fine</button><iframe srcdoc="<p id=inside>x</p>"></iframe>
<script>filter.oninput = () => setTimeout(() => { grid.innerHTML = '<tr><td>' + filter.value + '</td></tr>' }, 300)</script>`

// A wait is told that held before the step which it follows, and no other.
func TestIdleWait(t *testing.T) {
	t.Parallel()
	const fill = `fill: {selector: "#filter", value: A1}`
	for name, c := range map[string]struct {
		steps []string
		told  string // the waits, by their place in the list
	}{
		"old rows":                      {[]string{fill, `wait: "#grid tr"`}, "1"},
		"a text of the old rows":        {[]string{fill, `wait: {selector: "#grid td", text: B2}`, `click: "#go"`}, "1"},
		"any text":                      {[]string{fill, `wait: {text: B2}`}, "1"},
		"what is hidden":                {[]string{fill, `wait: {hidden: "#spinner"}`}, "1"},
		"the address":                   {[]string{fill, `wait: {url: "**/"}`}, "1"},
		"the state of the page":         {[]string{fill, `wait: {state: load}`}, "1"},
		"a function":                    {[]string{fill, `wait: {function: "document.querySelector('#grid tr') != null"}`}, "1"},
		"an expect":                     {[]string{fill, `expect: {hidden: "#grid .empty", class: not_found}`}, "1"},
		"in a frame":                    {[]string{fill, `wait: {selector: "#inside", frame: iframe}`}, "1"},
		"two of them":                   {[]string{fill, `wait: "#grid tr"`, `wait: {hidden: "#spinner"}`}, "1 2"},
		"in a try":                      {[]string{`try: [{` + fill + `}, {wait: "#grid tr"}]`}, "0"},
		"after a try":                   {[]string{`try: [{` + fill + `}]`, `wait: "#grid tr"`}, "1"},
		"in a loop":                     {[]string{`each: {in: [1, 2], as: n, do: [{` + fill + `}, {wait: "#grid tr"}]}`}, "0"},
		"after two steps":               {[]string{fill, `press: Enter`, `wait: "#grid tr"`}, "2"},
		"the item's value elsewhere":    {[]string{`click: "#later"`, `wait: {text: "${{ item.ref }}"}`, `click: "#go"`}, "1"},
		"the new row":                   {[]string{fill, `wait: "#grid tr:only-child td:text-is('A1')"`}, ""},
		"one of two holds":              {[]string{fill, `wait: {hidden: "#spinner"}`, `wait: "#grid tr:only-child"`}, ""},
		"brought by the step before":    {[]string{fill, `wait: "#grid tr:only-child"`, `click: "#go"`}, ""},
		"brought by the first of two":   {[]string{`click: "#later"`, `wait: {selector: "#panel", text: of A1}`}, ""},
		"another document":              {[]string{`click: "#next"`, `wait: p`}, ""},
		"after an optional step":        {[]string{`click: {selector: "#banner", optional: true}`, `wait: "#grid tr"`}, ""},
		"no step before":                {[]string{`wait: "#grid tr"`}, ""},
		"a wait after a wait":           {[]string{fill, `wait: "#grid tr:only-child"`, `wait: "#grid tr"`}, ""},
		"the next step names the item":  {[]string{fill, `wait: {text: "${{ item.ref }}"}`, `click: "a.old:text-is('${{ item.ref }}')"`}, ""},
		"the answer is waited for":      {[]string{fill, `wait: {response: "**/slow", on: {evaluate: "void fetch('/slow')"}}`, `wait: "#grid tr"`}, ""},
		"a condition of values alone":   {[]string{fill, `expect: item.ref == "A1"`}, ""},
		"a step that does not run":      {[]string{`{if: 'item.ref == "B"', ` + fill + `}`, `wait: "#grid tr"`}, ""},
		"what is not known before":      {[]string{fill, `{name: x, extract: {fields: {was: {text_of: "#panel"}}}}`, `wait: {text: "${{ steps.x.was }}"}`}, ""},
		"an optional wait that did not": {[]string{fill, `wait: {selector: "#grid tr:only-child", optional: true}`, `wait: {hidden: "#spinner"}`}, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := show(t, filtered, "/next", "<p>next")
			var told []string
			s.OnIdleWait = func(w steps.IdleWait) {
				at, _, _ := strings.Cut(strings.TrimPrefix(w.Wait.Path, "navigate.steps["), "]")
				told = append(told, at)
			}
			s.do(c.steps...)
			if got := strings.Join(slices.Compact(told), " "); got != c.told {
				t.Errorf("told of %q, want %q", got, c.told)
			}
		})
	}
}
