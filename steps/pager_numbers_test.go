package steps_test

import (
	"testing"
	"time"
)

// pager is a list of 9 pages with a pager that a script makes: at is the page shown, and
// link(n, text) a link to the n-th.
func pager(numbers string) string {
	return `<ul id=l></ul><p id=nr></p><script>window.seen = []; let at = 1, from = 1;
		const link = (n, text) => '<a onclick="go(' + n + ')">' + text + '</a> ', range = (a, b) => Array.from({length: Math.max(0, b - a + 1)}, (_, i) => a + i);
		const numbers = () => { ` + numbers + ` };
		const go = n => setTimeout(() => { at = n; show(); }, 20);
		const show = () => { l.innerHTML = '<li>' + at + 'a</li><li>' + at + 'b</li>'; nr.innerHTML = numbers(); };
		show();
	</script>`
}

// windowOf3 shows three numbers at a time, the current one as a text.
const windowOf3 = `const w = at - (at - 1) % 3; return (w > 1 ? link(w - 1, '...') : '') + range(w, Math.min(9, w + 2)).map(n => n == at ? '<b>' + n + '</b> ' : link(n, n)).join('') + (w < 7 ? link(w + 3, '...') : '');`

func TestPaginateNumbers(t *testing.T) {
	t.Parallel()
	for name, numbers := range map[string]string{
		"three at a time":      windowOf3,
		"brackets and words":   `return range(1, 9).map(n => n == at ? '<b>[' + n + ']</b>' : link(n, n % 2 ? '[' + n + ']' : 'Page ' + n)).join('');`,
		"around the current":   `return '<a>1</a>' + '<span>…</span>' + range(at - 1, at + 1).filter(n => n > 1 && n < 9).map(n => link(n, n).replace('<a', n == at ? '<a class=active' : '<a')).join('') + link(9, 9).replace('<a', at == 9 ? '<a class=active' : '<a');`,
		"a current one linked": `const w = at - (at - 1) % 3; return range(w, Math.min(9, w + 2)).map(n => link(n, n).replace('<a', n == at ? '<a aria-current=page' : '<a')).join('') + (w < 7 ? link(w + 3, '»') : '');`,
		// The link behind the numbers shows others, and leaves the page.
		"others by a click": `if (at > from + 2) from = at; const w = from; return range(w, w + 2).map(n => n == at ? n + ' ' : link(n, n)).join('') + (w < 7 ? '<a onclick="from += 3; show()">…</a>' : '');`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := show(t, pager(numbers))
			s.do(`paginate: {numbers: "#nr a", rows: "#l li", ` + note)
			s.is("seen.join(' ')", "1a,1b 2a,2b 3a,3b 4a,4b 5a,5b 6a,6b 7a,7b 8a,8b 9a,9b")
		})
	}
}

func TestPaginateNumbersFails(t *testing.T) {
	t.Parallel()
	for name, c := range map[string][2]string{
		"no link to the next":  {`return range(1, 3).map(n => n == at ? n : link(n, n)).join(' ') + ' … ' + link(9, 9);`, `there is one to page "9" and none to page 4`},
		"it leads to the last": {`return at < 4 ? range(1, 3).map(n => n == at ? n : link(n, n)).join(' ') + link(9, '»') : link(7, 7) + link(8, 8) + '<b>9</b>';`, "pass unseen"},
		"it leads nowhere":     {`return range(1, 3).map(n => n == at ? n : link(n, n)).join(' ') + '<a>…</a>';`, "leads to no further page"},
		"another page first":   {`return range(1, 9).map(n => '<a ' + (n == at + 4 ? 'class=current' : '') + '>' + n + '</a>').join(' ')`, "show page 5 where page 1 is due"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := show(t, pager(c[0]))
			s.StepTimeout = 3 * time.Second
			s.fails(c[1], `paginate: {numbers: "#nr a", rows: "#l li", `+note)
		})
	}
}

// A button may be gone or disabled while it loads, for longer than the page is busy.
func TestPaginateMoreThatLoads(t *testing.T) {
	t.Parallel()
	list := `<ul id=l><li>1</li></ul><p id=p><button id=more>more</button></p><script>window.seen = [];
		const add = () => { l.append(Object.assign(document.createElement('li'), {textContent: l.children.length + 1})); };`
	for name, script := range map[string]string{
		"gone":     `p.onclick = () => { more.style.display = 'none'; setTimeout(() => { add(); more.style.display = l.children.length < 4 ? '' : 'none'; }, 900); };`,
		"disabled": `p.onclick = () => { more.disabled = true; setTimeout(() => { add(); more.disabled = l.children.length >= 4; }, 900); };`,
		"busy":     `p.onclick = () => { p.setAttribute('aria-busy', true); setTimeout(() => { add(); p.removeAttribute('aria-busy'); if (l.children.length == 4) more.remove(); }, 2500); };`,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := show(t, list+script+`</script>`)
			s.do(`paginate: {more: "#more", rows: "#l li", ` + note)
			s.is("seen.join(' ')", "1,2,3,4")
		})
	}
}
