package steps_test

import (
	"testing"
	"time"
)

// pages is a list of three pages that come by script some time after a click.
const pages = `<ul id=l></ul><button id=next onclick="go(at + 1)">next</button><p id=nr></p><script>
	let at = 0;
	const fill = n => { l.innerHTML = [1, 2].map(i => '<li>' + n + '-' + i + '</li>').join(''); };
	const go = n => setTimeout(() => { at = n; fill(n); setTimeout(() => { next.disabled = n == 3; nr.innerHTML = [1, 2, 3].map(i => '<a onclick="go(' + i + ')">' + i + '</a> ').join(''); }, 100); }, 150);
	window.seen = [];
	next.disabled = true; go(1);
</script>`

const note = `do: [{evaluate: "seen.push([...document.querySelectorAll('#l li')].map(e => e.textContent).join(','))"}]}`

func TestPaginate(t *testing.T) {
	t.Parallel()
	all := "1-1,1-2 2-1,2-2 3-1,3-2"
	for line, want := range map[string]string{
		`paginate: {next: "#next", rows: "#l li", ` + note:                           all,
		`paginate: {next: {role: button, name: next}, ` + note:                       all,
		`paginate: {numbers: "#nr a", rows: "#l li", ` + note:                        all,
		`paginate: {next: "#next", rows: "#l li", most: 2, ` + note:                  "1-1,1-2 2-1,2-2",
		`paginate: {next: "#next", rows: "#l li", first: page, ` + note:              "3-1,3-2",
		`paginate: {next: "#next", rows: "#l li", end: "li:text-is('2-1')", ` + note: "1-1,1-2 2-1,2-2",
	} {
		t.Run(line, func(t *testing.T) {
			t.Parallel()
			s := show(t, pages)
			s.quick(func() { s.do(`wait: "#l li"`, line) })
			s.is("seen.join(' ')", want)
		})
	}
}

func TestPaginateByAddress(t *testing.T) {
	t.Parallel()
	s := show(t, `<p class=r>one</p><a id=next href=/two>next</a>`, "/two", `<p class=r>two</p><a id=next href=/three>next</a>`, "/three", `<p class=r>three</p><li class="page disabled"><a id=next href=/three>next</a></li>`)
	s.do(`set: {all: ""}`, `{paginate: {next: "#next", rows: .r, index: n, do: [{extract: {name: p, fields: {r: {text_of: .r}}}}, {set: {all: "${{ vars.all }}${{ vars.n }}${{ steps.p.r }} "}}]}, name: pages}`,
		`expect: vars.all == "1one 2two 3three " && steps.pages == 3`)
}

// more and scroll add to one page.
func TestPaginateMore(t *testing.T) {
	t.Parallel()
	s := show(t, `<ul id=l><li>1</li></ul><button id=more onclick="setTimeout(() => { l.append(Object.assign(document.createElement('li'), {textContent: l.children.length + 1})); if (l.children.length == 4) this.remove() }, 200)">more</button><script>window.seen = []</script>`)
	s.do(`paginate: {more: "#more", rows: "#l li", ` + note)
	s.is("seen.join(' ')", "1,2,3,4")
	s = show(t, `<div id=box style="height:100px;overflow:auto"><ul id=l></ul></div><script>window.seen = [];
		const add = () => { for (let i = 0; i < 10; i++) { const e = document.createElement('li'); e.textContent = l.children.length + 1; l.append(e); } };
		add(); let busy = false;
		box.onscroll = () => { if (busy || l.children.length >= 30 || box.scrollTop + 100 < box.scrollHeight - 5) return; busy = true; fetch('/slow').then(() => { add(); busy = false; }); };</script>`)
	s.quick(func() {
		s.do(`paginate: {scroll: "#box", rows: "#l li", patience: 200ms, do: [{evaluate: "seen.push(l.children.length)"}]}`)
	})
	s.is("seen.join(' ')", "30")
}

func TestPaginateNoChange(t *testing.T) {
	t.Parallel()
	s := show(t, `<p>same</p><button id=next>next</button>`)
	s.StepTimeout = 3 * time.Second
	s.fails(`clicking "#next" does not change the page`, `paginate: {next: "#next", rows: p, do: [dismiss]}`)
}
