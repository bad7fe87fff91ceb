package bench

import (
	"fmt"
	"io"
	"text/tabwriter"
)

// Print writes the report for a person.
func (r Report) Print(out io.Writer) {
	fmt.Fprintf(out, "%s, median of %s of each program by turns, on %d × %s; the site takes %s a page, %s an AJAX answer, %s a modal, %s a PDF.\n",
		plural(r.Items, "item"), plural(r.Rounds, "run"), r.Machine.CPUs, r.Machine.CPU, r.Latencies.Page, r.Latencies.Ajax, r.Latencies.Modal, r.Latencies.PDF)
	for _, s := range r.Shapes {
		fmt.Fprintf(out, "\n%s of %s; the site alone takes %.1f s\n\n", plural(s.Contexts, "context"), plural(s.Pages, "page"), float64(s.Ideal))
		s.print(out)
		s.printRatios(out)
	}
	for i, up := range r.SpeedUps {
		if i == 0 {
			fmt.Fprintln(out)
		}
		fmt.Fprintf(out, "%s, from %s to %s: %.2f× the items a minute\n", up.Name, up.From, up.To, up.Ratio)
	}
	fmt.Fprintf(out, "\nThe measuring itself took up to %.1f%% of a processor.\n", 100*r.measuring())
}

func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}

func (s ShapeReport) print(out io.Writer) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(w, "\titems/min\twall s\tideal\tpages\tstart s\tPSS MB\tcommands\tfunctions\tcalls\tCPU s/item\t")
	for _, kind := range Kinds() {
		fmt.Fprintf(w, "%s\t", kind)
	}
	fmt.Fprintln(w)
	for _, p := range s.Programs {
		m := p.Median
		fmt.Fprintf(w, "%s\t%.1f\t%.1f\t%.0f%%\t%.0f%%\t%.2f\t%.0f\t%.1f\t%.1f\t%.1f\t%.3f\t",
			p.Name, m.Rate, float64(m.Wall), 100*m.Ideal, 100*m.PageUse, float64(m.StartUp), m.Peak/1e6, p.Counted.Commands, p.Counted.Functions, p.Counted.RoundTrips, float64(m.CPU))
		for _, kind := range Kinds() {
			fmt.Fprintf(w, "%.3f\t", float64(m.CPUOf[kind]))
		}
		fmt.Fprintln(w)
	}
	_ = w.Flush() // what a terminal does not take, nobody can be told
}

func (s ShapeReport) printRatios(out io.Writer) {
	fmt.Fprintln(out)
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, p := range s.Programs {
		for _, a := range p.Against {
			fmt.Fprintf(w, "%s against %s\trate %s\tCPU %s\tPSS %s\tstart %s\n", p.Name, a.Name, a.Rate, a.CPU, a.Peak, a.StartUp)
		}
	}
	for _, p := range s.Programs {
		m := p.Median
		fmt.Fprintf(w, "%s, first to last\t%.0f, %.0f, %.0f items/min\t\t%.0f, %.0f MB\t\n", p.Name, m.FirstRate, m.MidRate, m.LastRate, m.Early/1e6, m.End/1e6)
	}
	_ = w.Flush()
	if most := s.others(); most > quiet {
		fmt.Fprintf(out, "The machine was not quiet: others took up to %.0f%% of its processors. Measure again when they are done.\n", 100*most)
	}
	for _, p := range s.Programs {
		for i, run := range p.Runs {
			if run.Wrong != "" {
				fmt.Fprintf(out, "%s, round %d, no figure: %s\n", p.Name, i+1, run.Wrong)
			}
		}
	}
}

func (r Ratio) String() string {
	if r.Pairs == 0 {
		return "–"
	}
	return fmt.Sprintf("%.2f× (%.2f–%.2f)", r.Median, r.Min, r.Max)
}

// quiet is the part of the machine that others may take, so that figures say anything.
const quiet = 0.05

// others is the most of the machine that others have taken in any run.
func (s ShapeReport) others() float64 {
	most := 0.0
	for _, p := range s.Programs {
		for _, run := range p.Runs {
			most = max(most, run.Others)
		}
	}
	return most
}

// measuring is the most of a processor that the measuring has taken in any run.
func (r Report) measuring() float64 {
	most := 0.0
	for _, s := range r.Shapes {
		for _, p := range s.Programs {
			for _, run := range p.Runs {
				most = max(most, run.Measuring)
			}
		}
	}
	return most
}
