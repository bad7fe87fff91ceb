package preview

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pipe/pipeline/engine"
	"pipe/specs"
	"pipe/specs/document"
	"pipe/steps"
)

// SourceOptions say how a source is looked at.
type SourceOptions struct {
	// Until is the path or the name of the step that is the last; "" is all.
	Until string
	// Picture, if set, keeps a picture of the page after each step and gives its
	// file's name.
	Picture func(step string, png []byte) (string, error)
	// Samples is how many rows are shown.
	Samples int
}

// SourceResult is what a source gives.
type SourceResult struct {
	// Rows are those of the source but for what `where` and `dedupe` leave out; Items
	// those that are items, Duplicates and Bad the others.
	Rows       int `json:"rows"`
	Items      int `json:"items"`
	Duplicates int `json:"duplicates"`
	Bad        int `json:"bad"`
	// Columns are all that the rows have.
	Columns []SourceColumn `json:"columns"`
	// Samples are the first items, BadRows the first rows that are none.
	Samples []SourceSample `json:"samples"`
	BadRows []string       `json:"bad_rows,omitempty"`
	// Short is what is wrong with the length of the list.
	Short string `json:"short_list,omitempty"`
	// Reached is true when it ended at Until, before any row.
	Reached bool `json:"reached"`
	// Fault is where in the spec it failed.
	Fault *document.Fault `json:"-"`
}

// SourceColumn is a column of the rows.
type SourceColumn struct {
	Name string `json:"name"`
	// Filled counts the rows that have a value in it, First is the first of them.
	Filled int    `json:"filled"`
	First  string `json:"first"`
}

// SourceSample is an item and its row.
type SourceSample struct {
	Key    string            `json:"key"`
	Fields map[string]string `json:"fields"`
}

// badShown is how many bad rows are shown.
const badShown = 10

// sourceLook is a source that is looked at.
type sourceLook struct {
	SourceOptions
	reports stepReports
	result  SourceResult
	columns map[string]*SourceColumn
	reached bool
}

// ReadSource reads the source alone, step by step, without a ledger.
func ReadSource(ctx context.Context, cfg engine.Config, opts SourceOptions, report func(StepReport)) (SourceResult, error) {
	reporter := cfg.Reporter()
	l := &sourceLook{
		SourceOptions: opts, columns: map[string]*SourceColumn{},
		reports: stepReports{spec: cfg.Spec, redact: reporter.Redact, tell: report},
	}
	for row, err := range sourceRows(ctx, &cfg, func(on *steps.StepContext) { l.configure(ctx, on) }, lengthChecked(cfg.Spec, nil, &l.result.Short)) {
		if l.reached && errors.Is(err, errReached) {
			l.result.Reached = true
			return l.result, nil
		}
		if err != nil {
			return l.failed(ctx, err)
		}
		l.add(row)
	}
	names := make([]string, 0, len(l.columns))
	for name := range l.columns {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		l.result.Columns = append(l.result.Columns, *l.columns[name])
	}
	return l.result, ctx.Err()
}

// failed puts an error where it is in the spec, if it is not the run's.
func (l *sourceLook) failed(ctx context.Context, err error) (SourceResult, error) {
	if ctx.Err() != nil || !hasPlace(err) {
		return l.result, err
	}
	fault := l.reports.fault(err)
	l.result.Fault = &fault
	return l.result, nil
}

func (l *sourceLook) configure(ctx context.Context, on *steps.StepContext) {
	on.OnLog = l.reports.log("")
	on.OnStepEnd = func(e steps.StepResult) {
		if errors.Is(e.Err, errReached) {
			return // it was not begun
		}
		r := l.reports.step("", e)
		if l.Picture != nil && e.Parent == nil {
			keepPicture(ctx, on, &r, l.Picture, l.reports.redact)
		}
		l.reports.tell(r)
		l.reached = l.reached || l.Until != "" && e.Err == nil && isStep(e.Step, l.Until)
	}
	on.Intercept = func(context.Context, *specs.Step) (bool, error) {
		if l.reached {
			return false, errReached
		}
		return false, nil
	}
}

func (l *sourceLook) add(row sourceRow) {
	l.result.Rows++
	switch {
	case row.bad != "":
		l.result.Bad++
		if len(l.result.BadRows) < badShown {
			l.result.BadRows = append(l.result.BadRows, row.bad)
		}
		return
	case row.duplicate:
		l.result.Duplicates++
	default:
		l.result.Items++
	}
	shown := map[string]string{}
	for name, v := range row.item.Fields {
		text := l.reports.value(v)
		shown[name] = text
		column := l.columns[name]
		if column == nil {
			column = &SourceColumn{Name: name}
			l.columns[name] = column
		}
		if strings.TrimSpace(text) != "" {
			if column.Filled++; column.Filled == 1 {
				column.First = text
			}
		}
	}
	if !row.duplicate && len(l.result.Samples) < l.Samples {
		l.result.Samples = append(l.result.Samples, SourceSample{l.reports.redact(row.item.Key), shown})
	}
}

// CheckSourceUntil finds the step of the source that until names.
func CheckSourceUntil(spec *specs.Spec, until string) error {
	var list []*specs.Step
	if e := spec.Source.Export; e != nil {
		list = append(list, specs.StepsIn(e.Steps)...)
	}
	if t := spec.Source.Table; t != nil {
		list = append(list, specs.StepsIn(t.Steps)...)
	}
	if c := spec.Source.Collect; c != nil {
		list = append(list, specs.StepsIn(c.Steps)...)
	}
	var names []string
	for _, s := range list {
		if isStep(s, until) {
			return nil
		}
		names = append(names, s.Path)
	}
	if until == "" {
		return nil
	}
	return fmt.Errorf("the source has no step %q to go on until: there are %s", until, cmp.Or(strings.Join(names, ", "), "none"))
}
