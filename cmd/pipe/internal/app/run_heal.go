package app

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"

	"github.com/aymanbagabas/go-udiff"

	"pipe/pipeline"
	"pipe/pipeline/atomicfile"
	"pipe/pipeline/engine"
	"pipe/pipeline/heal"
	"pipe/specs"
)

// runHealing heals targets while a run is under way, where the spec says so. What is proved
// goes into a patch beside the files; the spec stays as it is.
type runHealing struct {
	*heal.RunHealer

	spec *specs.Spec
	text []byte
	// dir is where pictures and the patch go.
	dir string
	// answers is who is asked of what is tried.
	answers *healAnswers
	warn    func(text string, args ...any)
}

// healFolder is the folder of pictures and of the patch below the output folder.
const healFolder = "heal"

// openHealing makes what heals in a run, nil for a spec that does not want it.
func (r *specRun) openHealing(ctx context.Context, path string) (*runHealing, error) {
	if !r.spec.Heal.On() {
		return nil, nil
	}
	text, err := os.ReadFile(filepath.Clean(r.spec.File))
	if shipped, is := specs.ReadShipped(path); errors.Is(err, fs.ErrNotExist) && is {
		text, err = shipped, nil
	}
	if err != nil {
		return nil, Exit(ExitSpec, fmt.Errorf("reading the spec's text: %w", err))
	}
	h := &runHealing{
		spec: r.spec, text: text, dir: filepath.Join(r.out.dir, healFolder), answers: r.steer.heal,
		warn: func(text string, args ...any) { r.display.log.WarnContext(ctx, text, args...) },
	}
	o := heal.RunOptions{
		Options: heal.Options{
			Spec: r.spec, Text: text, Redact: r.secrets.Redact,
			Parse:   func(text []byte) (*specs.Spec, error) { return r.flags.parse(r.spec.File, text) },
			Picture: h.picture(),
		},
		Known: r.out.ledger.KnownElements, Keep: h.keep,
	}
	if r.spec.Heal == specs.HealAsk {
		o.Ask = func(q heal.Question) bool {
			r.display.Observe(pipeline.Event{Time: time.Now(), Kind: pipeline.HealAsked, Step: q.Place, Reason: q.Text})
			return r.display.keyboard && h.answers.ask()
		}
	}
	h.RunHealer = heal.NewRunHealer(o)
	h.answers.of(h.RunHealer)
	r.out.closers = append(r.out.closers, h.answers.close)
	return h, nil
}

// picture keeps pictures of what is tried, where the spec lets pages be kept.
func (h *runHealing) picture() func(name string, png []byte) (string, error) {
	if !h.spec.Evidence.Pages() {
		return nil
	}
	kept := &pictures{dir: h.dir}
	var mu sync.Mutex
	return func(name string, png []byte) (string, error) {
		mu.Lock()
		defer mu.Unlock()
		file, err := kept.keep(name, png)
		return relative(filepath.Join(h.dir, file)), err
	}
}

// patch is the file of the patch.
func (h *runHealing) patch() string { return filepath.Join(h.dir, h.spec.Name+".patch") }

// keep writes the patch of what is proved.
func (h *runHealing) keep(text []byte) {
	diff := udiff.Unified(h.spec.File, h.spec.File, string(h.text), string(text))
	err := os.MkdirAll(h.dir, 0o750)
	if err == nil {
		err = atomicfile.Write(h.patch(), func(w io.Writer) error {
			_, err := io.WriteString(w, diff)
			return err
		})
	}
	if err != nil {
		h.warn("the patch of what was healed could not be written", "error", err)
	}
}

// healing is what the engine takes of it; a nil of a type would be something.
func (h *runHealing) healing() pipeline.Healing {
	if h == nil {
		return nil
	}
	return h.RunHealer
}

// report gives the lines of the final report.
func (h *runHealing) report(words string) (lines []string) {
	if h == nil {
		return nil
	}
	healed := h.Healed()
	for _, one := range healed {
		lines = append(lines, "healed in this run: "+one.Where()+": "+one.String())
	}
	if len(healed) > 0 {
		lines = append(lines, "the spec is as it was: `pipe heal "+words+" --apply` writes the change into it, which "+relative(h.patch())+" shows")
	}
	return lines
}

// answerLimit is how long a run waits for an answer, and begins nothing meanwhile.
const answerLimit = 5 * time.Minute

// healAnswers is how a person at the keyboard says what is tried. While something is asked,
// no item is begun.
type healAnswers struct {
	control *engine.Control

	mu     sync.Mutex
	healer *heal.RunHealer
	// held is true while the run is paused for an answer, over ends that.
	held bool
	over *time.Timer
}

func (a *healAnswers) of(h *heal.RunHealer) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.healer = h
}

// ask holds the run until there is an answer, which is no after a while.
func (a *healAnswers) ask() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	if !a.held && !a.control.State().Paused {
		a.held = true
		a.control.Pause()
	}
	if a.over == nil {
		a.over = time.AfterFunc(answerLimit, func() {
			for a.question() != "" {
				a.answer(false)
			}
		})
	}
	return true
}

// close ends the wait for an answer.
func (a *healAnswers) close() error {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.healer = nil; a.over != nil {
		a.over.Stop()
	}
	return nil
}

// question is what is asked now.
func (a *healAnswers) question() string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.healer == nil {
		return ""
	}
	q := a.healer.Question()
	if q.Place == "" {
		return ""
	}
	text := q.Place + ": " + q.Text
	if q.Picture != "" {
		text += ", as " + q.Picture + " shows"
	}
	return text + ". Try it? It counts once an item's files are proved."
}

// answer answers it, and lets the run go on if nothing else is asked.
func (a *healAnswers) answer(yes bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.healer == nil || a.healer.Answer(yes) {
		return
	}
	if a.over != nil {
		a.over.Stop()
		a.over = nil
	}
	if a.held {
		a.held = false
		a.control.Resume()
	}
}
