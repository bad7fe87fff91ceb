package steps_test

import (
	"os"
	"path/filepath"
	"testing"

	"pipe/steps"
)

func TestUpload(t *testing.T) {
	s := show(t, `<label for=f>Papers</label><input id=f type=file multiple hidden onchange="out.textContent = [...this.files].map(f => f.name).join(' ')"><p id=out>`)
	one, two := filepath.Join(s.dir, "A1.txt"), filepath.Join(s.dir, "b.txt")
	for _, path := range []string{one, two} {
		if err := os.WriteFile(path, []byte(path), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	s.do(`upload: {selector: "#f", files: ["` + s.dir + `/${{ item.ref }}.txt", "` + two + `"]}`)
	s.is("out.textContent", "A1.txt b.txt")
	s.do(`upload: {label: Papers, files: "` + two + `"}`)
	s.is("out.textContent", "b.txt")
	s.fails("the file to upload: stat "+s.dir+"/none", `upload: {selector: "#f", files: "`+s.dir+`/none"}`)
	s.fails("is a folder", `upload: {selector: "#f", files: "`+s.dir+`"}`)
	spec, err := read("x", `upload: {selector: "#f", files: a}`, `click: "#f"`)
	if err != nil || !steps.Writes(&spec.Navigate.Steps[0]) || steps.Writes(&spec.Navigate.Steps[1]) {
		t.Errorf("uploads write, %v", err)
	}
}

func TestKeyboard(t *testing.T) {
	s := show(t, `<input id=in autofocus><p id=out></p><script>document.body.onkeydown = e => out.append((e.shiftKey ? 's' : '') + e.key + ' ')</script>`)
	s.do(`click: "#in"`, `keyboard: {type: "${{ item.ref }}"}`)
	s.is("document.getElementById('in').value", "A1")
	s.is("out.textContent = ''", "")
	s.do(`keyboard: {down: Shift, press: [ArrowLeft, Enter], up: Shift}`)
	s.is("out.textContent", "sShift sArrowLeft sEnter ")
}

func TestMouse(t *testing.T) {
	s := show(t, `<style>body{margin:0;height:5000px}</style><canvas id=c width=200 height=100 style="position:absolute;left:50px;top:30px"></canvas><p id=out></p><script>
		for (const kind of ['mousedown', 'mouseup', 'click', 'dblclick']) c.addEventListener(kind, e => out.append(kind + e.offsetX + ',' + e.offsetY + ' '))</script>`)
	s.do(`mouse: {click: {x: 60, y: 40}}`)
	s.is("out.textContent", "mousedown10,10 mouseup10,10 click10,10 ")
	s.is("out.textContent = ''", "")
	s.do(`mouse: {move: {x: 5, y: 6, of: "#c"}, down: left}`, `mouse: {move: {x: 20, y: 30, of: "#c"}, up: left}`)
	s.is("out.textContent", "mousedown5,6 mouseup20,30 click20,30 ")
	s.do(`mouse: {wheel: 300}`, `wait: {function: "window.scrollY === 300"}`)
}

func TestDrag(t *testing.T) {
	s := show(t, `<p id=a draggable=true ondragstart="event.dataTransfer.setData('text', 'a')">drag me</p>
		<p id=b ondragover="event.preventDefault()" ondrop="out.textContent = event.dataTransfer.getData('text')">here</p><p id=out>`)
	s.do(`drag: {from: "#a", to: {text: here}}`)
	s.is("out.textContent", "a")
	s.fails(`waiting for "#no"`, `drag: {from: "#a", to: "#no", timeout: 200ms}`)
}
