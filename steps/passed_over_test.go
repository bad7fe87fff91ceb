package steps_test

import (
	"context"
	"testing"
	"time"

	"pipe/specs"
)

// An optional step that was passed over is done when what it is for comes later and
// covers what is acted on; it stays undone where it covers nothing.
func TestPassedOverStep(t *testing.T) {
	t.Parallel()
	s := show(t, `<button id=first>First</button><button id=second onclick="document.title = 'clicked'">Second</button>
		<div id=survey style="display:none;position:fixed;inset:0"><button id=no onclick="survey.remove()">No thanks</button></div><p id=more></p>`)
	var said []string
	s.OnLog = func(_ context.Context, step *specs.Step, _ string) { said = append(said, step.Verb) }
	passed := `click: {role: button, name: No thanks, optional: true}`
	s.quick(func() {
		s.do(passed, "click: '#first'", `evaluate: "survey.style.display = 'block'"`, "click: '#second'")
	})
	s.is("document.title + !!document.querySelector('#survey')", "clickedfalse")
	if len(said) != 1 {
		t.Errorf("told: %q", said)
	}
	t.Run("while the action waits", func(t *testing.T) {
		s := show(t, `<button id=first onclick="setTimeout(() => { survey.style.display = 'block'; late.disabled = false; }, 300)">First</button><button id=late disabled onclick="document.title = 'clicked'">Late</button>
			<div id=survey style="display:none;position:fixed;inset:0"><button id=no onclick="survey.remove()">No thanks</button></div>`)
		s.quick(func() {
			s.do(passed, "click: '#first'", "click: '#late'")
		})
		s.is("document.title", "clicked")
	})
	t.Run("over a frame", func(t *testing.T) {
		s := show(t, `<button id=first>First</button><iframe id=f style="margin:50px" srcdoc="<button id=second onclick='parent.document.title = 1'>Second</button>"></iframe>
			<div id=survey style="display:none;position:fixed;inset:0"><button id=no onclick="survey.remove()">No thanks</button></div>`)
		s.quick(func() {
			s.do(passed, "click: '#first'", `evaluate: "survey.style.display = 'block'"`, "click: {selector: '#second', frame: '#f'}")
		})
		s.is("document.title + !!document.querySelector('#survey')", "1false")
		s.StepTimeout = 2 * time.Second
		s.do(`evaluate: "document.body.insertAdjacentHTML('beforeend', '<div id=shade style=position:fixed;inset:0></div>')"`)
		s.fails(`it is covered by <div id="shade"`, "click: {selector: '#second', frame: '#f'}")
	})
	t.Run("under what covers the page", func(t *testing.T) {
		s := show(t, `<button id=first onclick="send.hidden = false; shade.hidden = false; setTimeout(() => shade.remove(), 900)">First</button><button id=second onclick="document.title += ' clicked'">Second</button>
			<button id=send hidden onclick="document.title += ' sent'">OK</button><div id=shade hidden style="position:fixed;inset:0"></div>`)
		s.quick(func() { s.do("click: {role: button, name: OK, optional: true}", "click: '#first'", "click: '#second'") })
		s.is("document.title", "stage clicked")
	})
	t.Run("under what goes from the page by itself", func(t *testing.T) {
		// The shade is gone as soon as somebody has looked what covers the page.
		s := show(t, `<button id=first onclick="send.hidden = false; shade.hidden = false">First</button><button id=second onclick="document.title += ' clicked'">Second</button>
			<button id=send hidden onclick="document.title += ' sent'">OK</button><div id=shade hidden style="position:fixed;inset:0"></div>
			<script>document.elementFromPoint = (x, y) => { const hit = Document.prototype.elementFromPoint.call(document, x, y); if (hit.id === 'shade') hit.remove(); return hit; }</script>`)
		s.do("click: {role: button, name: OK, optional: true}", "click: '#first'", "click: '#second'")
		s.is("document.title", "stage clicked")
	})
	t.Run("one that goes on when the action has ended", func(t *testing.T) {
		s := show(t, `<button id=first onclick="setTimeout(() => { survey.style.display = 'block'; second.disabled = false; }, 300); setTimeout(() => survey.style.display = 'none', 1500)">First</button><button id=second disabled onclick="document.title = 'clicked'">Second</button>
			<div id=survey style="display:none;position:fixed;inset:0"><button style="position:relative;animation:move 1s linear infinite">No</button></div><style>@keyframes move { from { left: 0 } to { left: 99px } }</style>`)
		s.quick(func() {
			s.do("click: {role: button, name: No, optional: true}", "click: '#first'", "click: '#second'")
		})
		s.is("document.title", "clicked")
	})
	t.Run("what covers nothing", func(t *testing.T) {
		s := show(t, `<button id=first onclick="more.hidden = false">First</button><button id=second>Second</button>
			<button id=more hidden onclick="document.title = 'more'">More</button>`)
		s.do("click: {selector: '#more', optional: true}", "click: '#first'", "click: '#second'")
		s.is("document.title", "stage")
	})
	t.Run("where the action takes its time, and its element away", func(t *testing.T) {
		s := show(t, `<button id=first>First</button><button id=slow onclick="for (const end = Date.now() + 900; Date.now() < end;); document.title = 'gone'; this.remove()">Slow</button>`)
		s.quick(func() { s.do(passed, "click: '#first'", "click: '#slow'") })
		s.is("document.title", "gone")
	})
	t.Run("one that does not help", func(t *testing.T) {
		s := show(t, `<button id=first>First</button><button id=second>Second</button>
			<div id=survey style="display:none;position:fixed;inset:0"><button>No thanks</button></div>`)
		s.StepTimeout = 2 * time.Second
		s.fails("covered by", passed, "click: '#first'", `evaluate: "survey.style.display = 'block'"`, "click: '#second'")
	})
}
