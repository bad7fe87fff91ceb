package console

import (
	"errors"
	"io"
	"os"
	"strings"
	"sync"
	"time"

	tea "charm.land/bubbletea/v2"

	"pipe/pipeline"
	"pipe/pipeline/report/progress"
)

// frame is how often the picture is drawn anew.
const frame = 100 * time.Millisecond

// closeLimit bounds the giving back of the terminal, asked for and then forced.
const closeLimit = 2 * time.Second

// notesMost is how many notes are kept while they cannot be printed.
const notesMost = 1000

// liveView is a picture on a terminal. Events change its state under a lock; the
// picture is drawn from it by the clock, so no event waits for the terminal.
type liveView struct {
	opts    Options
	in, out *os.File
	program *tea.Program
	running sync.WaitGroup // the program, and what is sent to it
	ended   chan error
	// closing is closed when the view is to end, attended once nobody minds the
	// keyboard any more and the terminal is as it was.
	closing, attended chan struct{}

	mu       sync.Mutex
	progress progress.Progress
	keyboard keyboard
	notes    []string // to be printed above the picture, and as rows of its width
	wrapped  []string
	log      lines
	closed   bool
	// away is true while the terminal is another program's.
	away bool
}

// Live shows a run as a picture on a terminal: how far it is, and what each worker does.
// With Options.Keys it reads keys from in, which is a terminal then. Ctrl-C and Ctrl-Z
// stay the terminal's signals.
func Live(in, out *os.File, opts Options) View {
	l := &liveView{opts: opts.withDefaults(), in: in, out: out, ended: make(chan error, 1), closing: make(chan struct{}), attended: make(chan struct{})}
	l.log.each = func(line string) { l.note(Clean(line)) }
	if l.opts.Keys != nil {
		l.keyboard.keys = *l.opts.Keys
	}
	l.program = tea.NewProgram(&liveModel{live: l, width: 80, height: 24},
		tea.WithInput(nil), tea.WithOutput(out), tea.WithoutSignalHandler(), tea.WithFPS(int(time.Second/frame)))
	l.running.Go(func() {
		_, err := l.program.Run()
		l.ended <- err
	})
	l.running.Go(l.attend)
	return l
}

// Observe takes an event in.
func (l *liveView) Observe(e pipeline.Event) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.progress.Add(e)
	if line := notable(e); line != "" {
		l.note(e.Time.Format("15:04:05 ") + line)
	}
}

// note keeps a line to be printed. While the terminal is another program's the oldest go.
func (l *liveView) note(line string) {
	if l.notes = append(l.notes, line); len(l.notes) > notesMost {
		l.notes = l.notes[1:]
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
	close(l.closing)
	<-l.attended
	l.running.Go(func() { l.program.Send(lastMsg{}) })
	if ended, err := l.await(); ended {
		return errors.Join(err, l.rest())
	}
	l.running.Go(l.program.Kill)
	_, _ = l.await()
	return errors.New("the terminal does not take the last picture")
}

// rest writes the notes that there was no time for.
func (l *liveView) rest() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	for _, line := range append(l.wrapped, l.notes...) {
		if _, err := io.WriteString(l.out, line+"\n"); err != nil {
			return err
		}
	}
	return nil
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
	// rows are those of the newest picture and of the one before, which may be the one that
	// is on the terminal.
	rows, before int
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
		p.last = true
		return p, tea.Quit
	}
	return p, nil
}

// above prints what is worth keeping above the picture, wrapped at its words: no more at
// a time than there is room for beside the picture, which what goes beyond it would tear.
func (p *liveModel) above() tea.Cmd {
	p.live.mu.Lock()
	defer p.live.mu.Unlock()
	if p.live.away {
		return nil
	}
	p.live.wrapNotes(p.width)
	n := min(len(p.live.wrapped), max(p.height-max(p.rows, p.before), 1))
	if n == 0 {
		return nil
	}
	text := strings.Join(p.live.wrapped[:n], "\n")
	p.live.wrapped = p.live.wrapped[n:]
	return tea.Println(text)
}

// wrapNotes makes rows of the notes.
func (l *liveView) wrapNotes(width int) {
	indent := 20 // under what a note says, behind its time and its first word
	if width < 72 {
		indent = 9
	}
	for _, note := range l.notes {
		l.wrapped = append(l.wrapped, wrap(note, width-1, indent)...)
	}
	l.notes = nil
}

// View draws the picture; nothing stays of it at the end, where the report is.
func (p *liveModel) View() tea.View {
	if p.last {
		return tea.NewView("")
	}
	p.live.mu.Lock()
	defer p.live.mu.Unlock()
	now := picture{Progress: &p.live.progress, now: p.live.opts.Now(), width: p.width, height: p.height}
	if p.live.opts.Keys != nil {
		now.keys = p.live.keyboard.lines(p.width - 1)
	}
	text := now.draw()
	p.before, p.rows = p.rows, strings.Count(text, "\n")+1
	return tea.NewView(text)
}
