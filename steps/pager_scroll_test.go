package steps_test

import "testing"

// grid is a page with a grid of n rows, of which those in view are drawn after a frame,
// with what the script says of each row i.
func grid(n string, row string) string {
	return `<div id=box style="height:120px;width:200px;overflow:auto;position:relative;scroll-behavior:smooth" role=grid><div id=in style="position:relative"></div></div><script>
		window.seen = new Set();
		const n = ` + n + `; document.getElementById('in').style.height = n * 20 + 'px';
		const draw = () => { const from = Math.max(0, Math.floor(box.scrollTop / 20) - 1); let html = '';
			for (let i = from; i < Math.min(n, from + 9); i++) html += ` + row + `; document.getElementById('in').innerHTML = html; };
		box.addEventListener('scroll', () => requestAnimationFrame(draw)); draw();
	</script>`
}

const (
	plainRow   = "`<div class=r style=\"position:absolute;top:${i * 20}px;height:20px\">row ${i}</div>`"
	countedRow = "`<div class=r role=row aria-rowindex=${i + 1} style=\"position:absolute;top:${i * 20}px;height:20px\">row</div>`"
	noteSeen   = `do: [{evaluate: "document.querySelectorAll('.r').forEach(e => seen.add(e.textContent))"}]`
)

func TestScrollThroughGrid(t *testing.T) {
	t.Parallel()
	s := show(t, grid("40", plainRow)+`<p id=total>40 rows</p>`)
	s.do(`paginate: {scroll: "#box", rows: .r, total: "#total", patience: 300ms, first: process, ` + noteSeen + `}`)
	s.is("seen.size", 40)
	s.is("box.scrollTop = 300", 300)
	s.fails("must be done on the way", `paginate: {scroll: "#box", rows: .r, patience: 300ms, `+noteSeen+`}`)
	s.is("total.textContent = '41 rows'", "41 rows")
	s.fails(`the list has 41 rows as "#total" says, and 40 were read`, `paginate: {scroll: "#box", rows: .r, total: "#total", patience: 300ms, first: process, `+noteSeen+`}`)
}

// A grid that counts its rows has its own word for those that were not drawn.
func TestScrollByRowNumbers(t *testing.T) {
	t.Parallel()
	s := show(t, grid("40", "(i == 21 ? '' : "+countedRow+")"))
	s.do("evaluate: box.setAttribute('aria-rowcount', 40)")
	s.fails("of the grid's rows 1 to 40, 1 have passed unseen", `paginate: {scroll: "#box", rows: .r, patience: 200ms, first: process, `+noteSeen+`}`)
	s = show(t, grid("40", countedRow))
	s.do("evaluate: box.setAttribute('aria-rowcount', 44)")
	s.fails("the grid says that it has 44 rows (aria-rowcount), and the last one seen is 40", `paginate: {scroll: "#box", rows: .r, patience: 200ms, first: process, `+noteSeen+`}`)
}

// What a feed asks for at its end may fail once, and is a failure when it fails for good.
func TestScrollThatFails(t *testing.T) {
	t.Parallel()
	feed := `<div id=box style="height:100px;overflow:auto"><ul id=l></ul></div><script>window.seen = new Set(); let times = 0, busy = false;
		const add = () => { for (let i = 0; i < 10; i++) { const e = document.createElement('li'); e.className = 'r'; e.textContent = 'row ' + l.children.length; l.append(e); } };
		add();
		box.onscroll = async () => { if (busy || l.children.length >= 30 || box.scrollTop + 100 < box.scrollHeight - 5) return; busy = true;
			const ok = (await fetch(address())).ok; busy = false; if (ok) add(); };`
	s := show(t, feed+`const address = () => times++ == 0 ? '/broken' : '/slow'</script>`)
	s.do(`paginate: {scroll: "#box", rows: .r, patience: 300ms, ` + noteSeen + `}`)
	s.is("seen.size", 30)
	s = show(t, feed+`const address = () => '/broken'</script>`)
	s.fails("no more rows come after 3 tries: the site answers GET /broken with 502", `paginate: {scroll: "#box", rows: .r, patience: 300ms, `+noteSeen+`}`)
}
