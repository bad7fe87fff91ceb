package main

import (
	"fmt"
	"time"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/bench"
	"pipe/specs"
)

func benchCommand(std app.Std) *cobra.Command {
	var f app.BenchOptions
	var latency string
	cmd := &cobra.Command{
		Use:   "bench [SPEC...]",
		Short: "Measure pipe on the practice dealership, beside scripts written by hand",
		Long: "Serves the practice dealership and has pipe do the main job there, or the specs that are\n" +
			"named, beside two programs that use the same driver and browser: script, as a skilled engineer\n" +
			"writes it by hand, and fused, the most that the browser can do. They run by turns, each as a\n" +
			"process of its own, and are compared pair by pair. What a program has done wrong is no figure.\n" +
			"A spec runs without its pace. Nothing else should be at work on the machine, which must be Linux.",
		RunE: func(cmd *cobra.Command, args []string) error {
			switch latency {
			case "", "site":
			case "none":
				f.Latencies = bench.Latencies{}
			default:
				return app.UsageError(fmt.Errorf("--latency is site or none, not %q", latency))
			}
			if len(args) == 0 {
				args = []string{specs.ShippedPath("inventory")}
			}
			return app.Bench(cmd.Context(), args, f, std)
		},
	}
	flags := cmd.Flags()
	flags.IntVar(&f.Items, "items", 60, "do `N` items in each run")
	flags.IntVar(&f.Runs, "runs", 3, "run each program `N` times")
	flags.StringSliceVar(&f.Shapes, "shape", []string{"1x5", "5x1"}, "with so many `CONTEXTSxPAGES`; may be given more than once")
	flags.StringVar(&f.Peer, "peer", "both", "measure beside none, `script`, fused or both")
	flags.StringVar(&f.Other, "other", "", "measure another pipe too, such as an older one, by its `FILE`")
	flags.StringVar(&latency, "latency", "site", "`site` for the latencies below, none for a site that answers at once")
	for _, l := range []struct {
		name string
		to   *bench.Seconds
		of   time.Duration
	}{
		{"page", &f.Latencies.Page, 150 * time.Millisecond},
		{"ajax", &f.Latencies.Ajax, 200 * time.Millisecond},
		{"modal", &f.Latencies.Modal, 200 * time.Millisecond},
		{"pdf", &f.Latencies.PDF, 1500 * time.Millisecond},
	} {
		*l.to = bench.SecondsOf(l.of)
		flags.Var(l.to, l.name+"-latency", "how long the site takes for one")
	}
	flags.BoolVar(&f.NoBlock, "no-block", false, "load images, fonts, media and styles whatever pool.block says")
	flags.StringVar(&f.JSON, "json", "", "write all figures to a `FILE` as JSON")
	flags.StringVar(&f.Profile, "profile", "", "lay this profile of the specs over them, by its `NAME`")
	return cmd
}
