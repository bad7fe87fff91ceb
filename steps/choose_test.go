package steps_test

import (
	"os"
	"path/filepath"
	"testing"
)

// What was chosen must stay chosen: a page that resets it gets it again, or the step fails.
func TestChooseReadsBack(t *testing.T) {
	t.Parallel()
	options := `<option>All<option value=n>North<option value=s>South`
	s := show(t, `<select id=kept>`+options+`</select><select id=once>`+options+`</select><select id=never>`+options+`</select>
		<select id=late>`+options+`</select><span id=app><select id=shown>`+options+`</select></span><select id=keyed>`+options+`</select>
		<input type=checkbox id=box><label>Tick <input type=checkbox id=never-box></label><span id=boxes><input type=checkbox id=again></span>
		<input type=radio name=r id=r1><input type=radio name=r id=r2><input id=twice>
		<button id=go onclick="said.textContent = [late.value, shown.value, box.checked, again.checked, r2.checked, twice.value].join()">Go</button><p id=said></p>
		<script>
		let reset = false;
		once.onchange = () => { if (!reset) { reset = true; once.selectedIndex = 0; } };
		never.onchange = () => setTimeout(() => { never.selectedIndex = 0; });
		keyed.onchange = () => { const i = keyed.selectedIndex; keyed.innerHTML = '<option value=0>All<option value=1>North<option value=2>South'; keyed.selectedIndex = i; };
		document.getElementById('never-box').onclick = e => e.preventDefault();
		</script>`)
	s.do(`select: {selector: "#kept", option: North}`, `select: {selector: "#once", option: n}`, `select: {selector: "#keyed", option: South}`)
	s.is("[kept.value, once.value, keyed.value].join()", "n,n,2")
	s.fails(`"#never" holds "All", not "South": the page changes`, `select: {selector: "#never", option: South}`)
	s.fails(`holds "All", not what fits "Sou*"`, `select: {selector: "#never", option: South, holds: "Sou*"}`)
	s.do(`select: {selector: "#never", option: South, holds: All}`)
	s.fails(`did not change its state`, "check: {label: Tick}")
	t.Run("later", func(*testing.T) {
		s.do(`select: {selector: "#late", option: North}`, `select: {selector: "#shown", option: South}`, `check: "#box"`, `check: "#again"`, `check: "#r1"`, `check: "#r2"`,
			`fill: {selector: "#twice", value: A}`, `type: {selector: "#twice", value: B}`,
			`evaluate: "late.selectedIndex = 0; box.checked = false; app.innerHTML = app.innerHTML; boxes.innerHTML = boxes.innerHTML"`, `click: "#go"`)
		s.is("said.textContent", "n,s,true,true,true,AB")
		s.fails(`"#late" holds "South", not "North"`, `select: {selector: "#late", option: All}`, `select: {selector: "#late", option: North}`, `evaluate: "late.value = 's'"`, `click: "#go"`)
	})
	t.Run("a moment later", func(*testing.T) {
		s.do(`evaluate: "late.selectedIndex = 0; let over = false; late.onchange = () => { if (!over) { over = true; setTimeout(() => { late.selectedIndex = 0; }, 50); } }; 0"`,
			`select: {selector: "#late", option: North}`, `click: "#go"`)
		s.is("said.textContent.split(',')[0]", "n")
	})
	t.Run("another page", func(*testing.T) {
		s.do(`evaluate: "void (kept.onchange = () => { location = '/?' + kept.value; kept.selectedIndex = 0; })"`, `select: {selector: "#kept", option: South}`, "wait: {url: '**/?s'}", `click: "#go"`)
	})
}

// A field for files must hold them; a page that has emptied it has them only if it
// shows so.
func TestUploadReadsBack(t *testing.T) {
	t.Parallel()
	s := show(t, `<input type=file id=kept><input type=file id=takes onchange="out.textContent += this.files[0].name; this.value = ''">
		<input type=file id=eats onchange="asked++; this.value = ''"><span id=app><input type=file id=shown></span><p id=out></p>
		<button id=go onclick="out.textContent = shown.files.length">Go</button><script>var asked = 0</script>`)
	path := filepath.Join(s.dir, "one & two.txt")
	if err := os.WriteFile(path, []byte("x"), 0o600); err != nil {
		t.Fatal(err)
	}
	files := `, files: "` + path + `"`
	s.do(`upload: {selector: "#kept"`+files+"}", `upload: {selector: "#takes"`+files+"}")
	s.is("out.textContent", "one & two.txt")
	s.do(`evaluate: "out.textContent = ''"`)
	s.fails(`"#eats" holds no file, and the page does not show "one & two.txt"`, `upload: {selector: "#eats"`+files+"}")
	s.is("asked", 1) // the site is not to have it twice
	s.do(`upload: {selector: "#eats"` + files + `, holds: "*"}`)
	s.do(`upload: {selector: "#shown"`+files+"}", `evaluate: "app.innerHTML = app.innerHTML"`, `click: "#go"`)
	s.is("out.textContent", 1)
}
