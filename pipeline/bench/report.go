package bench

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Report is all that was measured.
type Report struct {
	Started time.Time `json:"started"`
	Machine Machine   `json:"machine"`
	// Versions are those of the programs, by name.
	Versions  map[string]string `json:"versions"`
	Items     int               `json:"items"`
	Rounds    int               `json:"rounds"`
	Latencies Latencies         `json:"latencies_s"`
	Block     []string          `json:"block"`
	Shapes    []ShapeReport     `json:"shapes"`
	// SpeedUps hold the shapes against the one with the fewest pages.
	SpeedUps []SpeedUp `json:"speed_ups,omitempty"`
}

// ShapeReport is what was measured with so many contexts and pages.
type ShapeReport struct {
	Shape
	// Ideal is the least time that the site's own latencies allow.
	Ideal    Seconds         `json:"ideal_s"`
	Programs []ProgramReport `json:"programs"`
}

// ProgramReport is what was measured of one program.
type ProgramReport struct {
	Name string `json:"name"`
	Peer bool   `json:"peer"`
	// Runs are in the order of the rounds, Median has the medians of those that are right.
	Runs    []Run   `json:"runs"`
	Median  Figures `json:"median"`
	Counted Counted `json:"messages_per_item"`
	// Against are the programs that ran beside it, in the order of the report.
	Against []Against `json:"against,omitempty"`
}

// Run is one run of a program.
type Run struct {
	Figures
	// Wrong tells what the program has done wrong: such a run is no figure.
	Wrong string `json:"wrong,omitempty"`
}

// Wrong tells whether any run is no figure.
func (r Report) Wrong() bool {
	return slices.ContainsFunc(r.Shapes, func(s ShapeReport) bool { return slices.ContainsFunc(s.Programs, ProgramReport.wrong) })
}

func (p ProgramReport) wrong() bool {
	return slices.ContainsFunc(p.Runs, func(run Run) bool { return run.Wrong != "" })
}

// Measure has each program do the items so often, in turns, for each shape. What was
// measured before an error is in the report.
func Measure(ctx context.Context, o Options) (Report, error) {
	if err := o.Check(); err != nil {
		return Report{}, err
	}
	if err := o.unpack(); err != nil {
		return Report{}, err
	}
	r := Report{
		Started: time.Now().UTC(), Machine: thisMachine(ctx), Items: o.Items, Rounds: o.Runs, Latencies: o.Latencies, Block: o.Block,
	}
	for _, s := range o.Shapes {
		report, err := o.shape(ctx, s)
		if len(report.Programs[0].Runs) > 0 {
			report.compare()
			r.Shapes = append(r.Shapes, report)
		}
		if err != nil {
			return r, err
		}
	}
	r.SpeedUps = speedUps(r.Shapes)
	return r, nil
}

func (o Options) shape(ctx context.Context, s Shape) (ShapeReport, error) {
	report := ShapeReport{Shape: s, Ideal: o.ideal(s)}
	all := o.programs()
	for _, p := range all {
		report.Programs = append(report.Programs, ProgramReport{Name: p.name, Peer: p.peer != ""})
	}
	for round := range o.Runs {
		for i, p := range all {
			m, err := o.measure(ctx, p, s, o.Items)
			if err != nil {
				return report, fmt.Errorf("%s: %w", p.name, err)
			}
			run := Run{Wrong: m.wrong}
			if m.wrong == "" {
				run.Figures = m.figures(o.Items, s.workers(), report.Ideal)
			}
			report.Programs[i].Runs = append(report.Programs[i].Runs, run)
			o.Say(line(s, round+1, o.Runs, p.name, run))
		}
	}
	for i, p := range all {
		if report.Programs[i].wrong() {
			continue // what is to be told of it has been told
		}
		counted, err := o.count(ctx, p, s)
		if err != nil {
			return report, fmt.Errorf("counting the messages of %s: %w", p.name, err)
		}
		report.Programs[i].Counted = counted
	}
	return report, nil
}

// line tells of one run.
func line(s Shape, round, rounds int, name string, run Run) string {
	head := fmt.Sprintf("%s, round %d of %d, %s: ", s, round, rounds, name)
	if run.Wrong != "" {
		return head + "no figure: " + run.Wrong
	}
	return head + fmt.Sprintf("%.1f s, %.2f CPU s an item, %.0f MB", float64(run.Wall), float64(run.CPU), run.Peak/1e6)
}

// compare makes the medians, and holds each pipe against what ran beside it: the peers,
// and the first pipe.
func (s *ShapeReport) compare() {
	for i := range s.Programs {
		p := &s.Programs[i]
		var right []Figures
		for _, run := range p.Runs {
			if run.Wrong == "" {
				right = append(right, run.Figures)
			}
		}
		p.Median = medians(right)
		if p.Peer {
			continue
		}
		for j, other := range s.Programs {
			if other.Peer || j == 0 && i > 0 {
				p.Against = append(p.Against, against(other.Name, p.Runs, other.Runs))
			}
		}
	}
}
