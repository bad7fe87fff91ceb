package console

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"

	"pipe/pipeline"
)

// frame is how often the picture is drawn anew.
const frame = 100 * time.Millisecond

// closeLimit bounds the giving back of the terminal, asked for and then forced.
const closeLimit = 2 * time.Second

// liveView is a picture on a terminal. Events change its state under a lock; the
// picture is drawn from it by the clock, so no event waits for the terminal.
type liveView struct {
	opts    Options
	program *tea.Program
	running sync.WaitGroup // the program, and what is sent to it
	ended   chan error

	mu       sync.Mutex
	progress progress
	notes    []string // to be printed above the picture
	log      lines
	closed   bool
}

// Live shows a run as a picture on a terminal: how far it is, and what each
// worker does. It reads no keys, so that Ctrl-C stays the program's.
func Live(_ io.Reader, out *os.File, opts Options) View {
	l := &liveView{opts: opts.withDefaults(), ended: make(chan error, 1), progress: progress{arriving: map[string]bool{}}}
	l.log.each = func(line string) { l.notes = append(l.notes, Clean(line)) }
	l.program = tea.NewProgram(&liveModel{live: l, width: 80, height: 24},
		tea.WithInput(nil), tea.WithOutput(out), tea.WithoutSignalHandler(), tea.WithFPS(int(time.Second/frame)))
	l.running.Go(func() {
		_, err := l.program.Run()
		l.ended <- err
	})
	return l
}

// Observe takes an event in.
func (l *liveView) Observe(e pipeline.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.progress.add(e)
	if line := notable(e); line != "" {
		l.notes = append(l.notes, e.Time.Format("15:04:05 ")+line)
	}
}

// Log takes log lines.
func (l *liveView) Log() io.Writer { return locked{&l.mu, &l.log} }

// Close draws the last picture and gives the terminal back.
func (l *liveView) Close() error {
	l.mu.Lock()
	closed := l.closed
	l.closed = true
	l.mu.Unlock()
	if closed {
		return nil
	}
	l.running.Go(func() { l.program.Send(lastMsg{}) })
	if ended, err := l.await(); ended {
		return err
	}
	l.running.Go(l.program.Kill)
	_, _ = l.await()
	return errors.New("the terminal does not take the last picture")
}

// await waits for the end of the program. Where the terminal takes nothing any
// more, no end comes: a write to it cannot be broken off.
func (l *liveView) await() (ended bool, err error) {
	select {
	case err := <-l.ended:
		l.running.Wait()
		return true, err
	case <-time.After(closeLimit):
		return false, nil
	}
}

type (
	tickMsg time.Time
	lastMsg struct{}
)

// liveModel is the view of bubbletea.
type liveModel struct {
	live          *liveView
	width, height int
	last          bool
}

func tick() tea.Cmd { return tea.Tick(frame, func(at time.Time) tea.Msg { return tickMsg(at) }) }

// Init starts the clock.
func (p *liveModel) Init() tea.Cmd { return tick() }

// Update takes the clock's ticks and the terminal's size.
func (p *liveModel) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		// A terminal that does not know its size says that it has none.
		if msg.Width > 1 && msg.Height > 1 {
			p.width, p.height = msg.Width, msg.Height
		}
	case tickMsg:
		return p, tea.Sequence(p.above(), tick())
	case lastMsg:
		above := p.above()
		p.last = true
		return p, tea.Sequence(above, tea.Quit)
	}
	return p, nil
}

// above prints what is worth keeping above the picture.
func (p *liveModel) above() tea.Cmd {
	p.live.mu.Lock()
	defer p.live.mu.Unlock()
	if len(p.live.notes) == 0 {
		return nil
	}
	for i, note := range p.live.notes {
		p.live.notes[i] = ansi.Truncate(note, p.width-1, "…")
	}
	text := strings.Join(p.live.notes, "\n")
	p.live.notes = nil
	return tea.Println(text)
}

// View draws the picture; nothing stays of it at the end, where the report is.
func (p *liveModel) View() tea.View {
	if p.last {
		return tea.NewView("")
	}
	p.live.mu.Lock()
	defer p.live.mu.Unlock()
	return tea.NewView(draw(&p.live.progress, p.live.opts.Now(), p.width, p.height))
}

// draw makes the picture of a progress, at most so wide and high.
func draw(t *progress, now time.Time, width, height int) string {
	if t.started.IsZero() {
		return "starting…"
	}
	rows := []string{
		fmt.Sprintf("%s  run %d  %s", Clean(t.spec), t.run, short(now.Sub(t.started))),
		bar(t, width-1),
	}
	switch {
	case !t.read:
		rows = append(rows, "reading the source…")
	default:
		n := t.totals
		line := fmt.Sprintf("%d done  %d failed  %d pending", n.Done-n.Due, n.Failed, n.Left())
		if n.Skipped > 0 {
			line += fmt.Sprintf("  %d skipped", n.Skipped)
		}
		if n.Duplicates > 0 {
			line += fmt.Sprintf("  %d duplicates", n.Duplicates)
		}
		line += fmt.Sprintf("  |  %.1f a minute", t.rate(now))
		if left := t.left(now); left > 0 {
			line += "  " + short(left) + " left"
		}
		rows = append(rows, line)
	}
	room := max(height-len(rows)-2, 1)
	for i, w := range t.workers {
		if i == room-1 && len(t.workers) > room {
			rows = append(rows, fmt.Sprintf("  … and %d more", len(t.workers)-i))
			break
		}
		rows = append(rows, w.line(now))
	}
	rows = append(rows, fmt.Sprintf("  on their way: %d", len(t.arriving)))
	if t.held.After(now) {
		rows[len(rows)-1] += fmt.Sprintf("  (held for %s)", short(t.held.Sub(now)))
	}
	if t.stopping != "" {
		rows[len(rows)-1] += "  (" + Clean(t.stopping) + ")"
	}
	for i, row := range rows {
		rows[i] = ansi.Truncate(row, max(width-1, 1), "…")
	}
	return strings.Join(rows, "\n")
}

func (w *worker) line(now time.Time) string {
	if w.key == "" {
		doing := "idle"
		if w.step != "" {
			doing = Clean(w.step)
		}
		return fmt.Sprintf("  %-6s %s", w.name, doing)
	}
	line := fmt.Sprintf("  %-6s %s", w.name, Clean(w.key))
	if w.attempt > 1 {
		line += fmt.Sprintf(" (attempt %d)", w.attempt)
	}
	return line + "  " + Clean(w.step) + "  " + short(now.Sub(w.since))
}

// bar is the part of the rows that is settled: done, failed, and the rest.
func bar(t *progress, width int) string {
	label := fmt.Sprintf(" %3.0f %%", percent(t.totals))
	room := min(max(width-len(label)-2, 4), 60)
	if t.totals.In == 0 {
		return "[" + strings.Repeat("·", room) + "]" + label
	}
	failed := room * t.totals.Failed / t.totals.In
	settled := room * (t.totals.In - t.totals.Left()) / t.totals.In
	return "[" + strings.Repeat("█", settled-failed) + strings.Repeat("x", failed) + strings.Repeat("·", room-settled) + "]" + label
}
