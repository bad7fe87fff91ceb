package app

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/aymanbagabas/go-udiff"

	"pipe/pipeline"
	"pipe/pipeline/heal"
	"pipe/pipeline/preview"
	"pipe/specs"
	"pipe/specs/secret"
	"pipe/steps"
)

// HealOptions are what `pipe heal` takes.
type HealOptions struct {
	SpecOptions
	Item, Pictures         string
	Wait                   time.Duration
	Apply, KeptLogin, JSON bool
	// Offline looks on the copies of pages that failures have left.
	Offline bool
}

// healing is one `pipe heal`.
type healing struct {
	HealOptions
	path    string
	std     Std
	secrets *secret.Store
	spec    *specs.Spec
	// dir is the spec's own output folder, text what stands in its file.
	dir  string
	text []byte
	// known is what is known of elements, done are keys of items that are done.
	known []pipeline.KnownElement
	done  []string
}

// healReport is what came of it.
type healReport struct {
	Spec   string        `json:"spec"`
	Item   string        `json:"item,omitempty"`
	Healed []heal.Healed `json:"healed"`
	Left   []heal.Left   `json:"left"`
	// Unseen are optional targets that runs have found and the walk has not come across.
	Unseen []string `json:"unseen,omitempty"`
	// Failed is what went wrong beside, at its place, while the item was walked.
	Failed string `json:"failed,omitempty"`
	Patch  string `json:"patch,omitempty"`
	// Proved is true when the items of Proof came through by the patch; Unproved is why
	// they did not.
	Proved   bool     `json:"proved"`
	Proof    []string `json:"proof,omitempty"`
	Unproved string   `json:"unproved,omitempty"`
	Applied  bool     `json:"applied"`
}

// Heal is `pipe heal`.
func Heal(ctx context.Context, path string, f HealOptions, std Std) error {
	if f.Offline && f.Apply {
		return Exit(ExitSpec, errors.New("--apply wants a proof on the site: it does not go with --offline"))
	}
	f.Lenient = f.Lenient || f.Offline
	h := &healing{HealOptions: f, path: path, std: std}
	err := untilInterrupted(ctx, h.run)
	if h.secrets != nil {
		err = RedactError(err, h.secrets)
	}
	return err
}

func (h *healing) run(ctx context.Context) error {
	if err := h.open(ctx); err != nil {
		return err
	}
	healer := heal.New(heal.Options{
		Spec: h.spec, Text: h.text, Parse: h.parse, Known: h.known, Redact: h.secrets.Redact, Picture: h.picture(),
	})
	report := healReport{Spec: h.spec.Name}
	look := h.onSite
	if h.Offline {
		look = h.offline
	}
	if err := look(ctx, healer, &report); err != nil {
		return err
	}
	report.Healed, report.Left = healer.Outcome()
	if report.Failed == "" && !h.Offline {
		report.Left = nil // what showed later than it was waited for
	}
	fixed := healer.Text()
	if len(report.Healed) == 0 {
		report.Unproved = ""
	} else {
		report.Patch = udiff.Unified(h.spec.File, h.spec.File, string(h.text), string(fixed))
		if report.Failed == "" && !h.Offline {
			if err := h.prove(ctx, fixed, &report); err != nil {
				return err
			}
		}
	}
	if h.Apply && report.Proved {
		if err := h.apply(fixed); err != nil {
			return err
		}
		report.Applied = true
	}
	h.tell(report)
	if report.Failed != "" || len(report.Left) > 0 || len(report.Healed) > 0 && !report.Proved {
		return Exit(ExitFailed, nil)
	}
	return nil
}

// onSite walks items on the site, and has the healer stand by.
func (h *healing) onSite(ctx context.Context, healer *heal.Healer, report *healReport) error {
	walked, err := h.walk(ctx, h.spec, "", func(on *steps.StepContext) { on.Healer, on.Elements = healer, healer })
	if err != nil && !isAbsent(err) {
		return err
	}
	if len(walked) > 0 {
		report.Item = h.secrets.Redact(walked[0].key)
	}
	report.Failed, report.Unseen = h.failure(walked, err), healer.Unseen()
	return nil
}

// open reads the spec and what is on record of it.
func (h *healing) open(ctx context.Context) (err error) {
	if h.spec, h.secrets, err = h.Load(h.path); err != nil {
		return err
	}
	if h.text, err = os.ReadFile(filepath.Clean(h.spec.File)); err != nil {
		return Exit(ExitSpec, fmt.Errorf("reading the spec's text: %w", err))
	}
	if h.dir, err = OutFolder("", h.spec); err != nil {
		return err
	}
	if h.Pictures == "" {
		h.Pictures = filepath.Join(h.dir, healFolder)
	}
	h.known, h.done, err = knownElements(ctx, h.dir)
	return err
}

// picture keeps the pictures of what was found in their folder.
func (h *healing) picture() func(name string, png []byte) (string, error) {
	kept := &pictures{dir: h.Pictures}
	return func(name string, png []byte) (string, error) {
		file, err := kept.keep(name, png)
		return filepath.Join(h.Pictures, file), err
	}
}

// doneMost is how many items that are done may be the one that is walked.
const doneMost = 100

// knownElements reads what is known of elements, and the keys of items that are done.
func knownElements(ctx context.Context, dir string) (known []pipeline.KnownElement, done []string, err error) {
	led, err := readLedger(ctx, dir)
	if led == nil || err != nil {
		return nil, nil, err
	}
	defer func() { _ = led.Close() }()
	if known, err = led.KnownElements(ctx); err == nil {
		done, err = led.FindKeys(ctx, pipeline.ItemQuery{Status: pipeline.Done, Limit: doneMost})
	}
	return known, done, exitEnvironment(err)
}

// parse reads another text of the spec.
func (h *healing) parse(text []byte) (*specs.Spec, error) {
	return h.SpecOptions.parse(h.spec.File, text)
}

// walkedItem is an item that was walked.
type walkedItem struct {
	key    string
	result preview.TrialResult
}

// walk walks an item of the list for real, into a folder apart, and another on the same
// page: what is one item's own shows with another, and what a page remembers with a second.
func (h *healing) walk(ctx context.Context, spec *specs.Spec, key string, configure func(*steps.StepContext)) (all []walkedItem, err error) {
	quickened(spec, h.Wait)
	if spec.Login != nil && !h.KeptLogin {
		keep := false
		spec.Login.Keep = &keep
	}
	s, err := openWatchedSandbox(ctx, spec, h.secrets, "", h.dir, h.std.Err, sandboxHooks{configure: configure})
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, s.close(ctx)) }()
	cfg := s.config()
	cfg.Only, cfg.FirstPage = h.done, true
	if key == "" {
		key = h.Item
	}
	trial, err := preview.NewTrial(ctx, cfg, key, func(preview.StepReport) {})
	var none *preview.NoItemError
	if errors.As(err, &none) {
		return nil, Exit(ExitSpec, err)
	}
	for more := err == nil; more; {
		trial.Allowed = preview.AllowFiles
		result, err := trial.Run(ctx)
		if err != nil {
			trial.Leave()
			return all, err
		}
		all = append(all, walkedItem{trial.Key(), result})
		trial, more = trial.Beside(ctx)
		more = more && result.Fault == nil
	}
	return all, err
}

// quickened has a spec's steps wait no longer than what is asked.
func quickened(spec *specs.Spec, wait time.Duration) {
	if wait > 0 {
		spec.Timeouts.Step = min(spec.Timeouts.Step, specs.Duration(wait))
	}
}

// isAbsent tells of a target that leads to nothing.
func isAbsent(err error) bool {
	var absent *steps.AbsentError
	return errors.As(err, &absent)
}

// failure tells what went wrong while items were walked, "" for nothing.
func (h *healing) failure(walked []walkedItem, err error) string {
	for _, one := range walked {
		if f := one.result.Fault; f != nil {
			return faultText(*f, h.secrets.Redact)
		}
	}
	if err != nil {
		return h.secrets.Redact(pipeline.Located(err).Error())
	}
	return ""
}
