package console

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"sync"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/report/progress"
)

// every is the least time between two progress lines of Plain.
const every = 30 * time.Second

// plainView shows a run in lines.
type plainView struct {
	mu       sync.Mutex
	out      io.Writer
	opts     Options
	progress progress.Progress
	told     time.Time
	log      lines
}

// Plain shows a run in lines: what goes wrong, each item done, and how far it
// is every half a minute.
func Plain(out io.Writer, opts Options) View {
	p := &plainView{out: out, opts: opts.withDefaults()}
	p.log.each = func(line string) { fmt.Fprintln(p.out, Clean(line)) }
	return p
}

// Observe writes the lines that an event is worth.
func (p *plainView) Observe(e pipeline.Event) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.progress.Add(e)
	line := notable(e)
	switch e.Kind {
	case pipeline.RunStarted:
		line = fmt.Sprintf("run %d of %s, workers: %s", e.Run, Clean(e.Spec), strings.Join(e.Workers, " "))
		p.told = e.Time
	case pipeline.ItemDone:
		word := "done "
		if e.Again {
			word = "again"
		}
		line = fmt.Sprintf("%s      %s  %s  %s", word, Clean(e.Key), e.Took.Round(10*time.Millisecond), names(e.Files))
		if e.Reason != "" {
			line += "  without " + Clean(e.Reason)
		}
	}
	if line != "" {
		p.line(e.Time, line)
	}
	if p.progress.Read && e.Time.Sub(p.told) >= every && e.Kind != pipeline.RunEnded {
		p.told = e.Time
		t := p.progress.Totals
		p.line(e.Time, fmt.Sprintf("progress   %.0f %%: %d done, %s%d failed, %d pending; %.1f a minute%s",
			percent(t), t.Done-t.Due, skipped(t.Skipped), t.Failed, t.Left(), p.progress.Estimate.Rate(e.Time), p.left(e.Time)))
	}
}

// left tells what this run still does, and how long it will take, as far as that is known.
func (p *plainView) left(now time.Time) string {
	text := ""
	if n, limited := limited(&p.progress); limited && n > 0 {
		text = fmt.Sprintf("; this run does %d more", n)
	}
	if left, ok := p.progress.Estimate.Left(now); ok {
		text += ", " + left.String() + " left"
	}
	return text
}

// limited is how many more items the run does, where that is fewer than are pending.
func limited(p *progress.Progress) (int, bool) {
	n, known := p.Estimate.ToDo()
	return n, known && n < p.Totals.Left()
}

func (p *plainView) line(at time.Time, text string) {
	fmt.Fprintf(p.out, "%s %s\n", at.Format("15:04:05"), text)
}

// Log takes log lines.
func (p *plainView) Log() io.Writer { return locked{&p.mu, &p.log} }

// Close has nothing left to write.
func (p *plainView) Close() error { return nil }

// locked is a writer under a lock.
type locked struct {
	mu *sync.Mutex
	w  io.Writer
}

func (l locked) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.w.Write(p)
}

// jsonView shows a run as lines of JSON.
type jsonView struct {
	mu  sync.Mutex
	out io.Writer
	enc *json.Encoder
	log lines
	err error
}

// JSON tells each event as an object on a line of its own, with the names of
// [pipeline.Event].
func JSON(out io.Writer) View {
	m := &jsonView{out: out, enc: json.NewEncoder(out)}
	m.enc.SetEscapeHTML(false)
	m.log.each = func(line string) { fmt.Fprintln(m.out, line) }
	return m
}

// Observe writes the event.
func (m *jsonView) Observe(e pipeline.Event) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if err := m.enc.Encode(e); m.err == nil {
		m.err = err
	}
}

// Log takes log lines, JSON already.
func (m *jsonView) Log() io.Writer { return locked{&m.mu, &m.log} }

// Close gives the first error of writing.
func (m *jsonView) Close() error {
	m.mu.Lock()
	defer m.mu.Unlock()
	return m.err
}
