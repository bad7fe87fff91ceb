package main

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
	"pipe/pipeline/practice"
	"pipe/specs"
)

func demoCommand(std app.Std) *cobra.Command {
	var f app.RunOptions
	var vehicles int
	cmd := &cobra.Command{
		Use:   "demo [NAME]",
		Short: "Run a shipped spec against the practice dealership",
		Long: "Serves the practice dealership on a free port of this machine and runs a shipped spec against\n" +
			"it, by the same code as `pipe run`. Run it again: nothing is fetched twice. The specs are:\n\n" + shippedList(),
		Args:      cobra.MatchAll(cobra.MaximumNArgs(1), knownDemo),
		ValidArgs: specs.Shipped(),
		RunE: func(cmd *cobra.Command, args []string) error {
			name := "inventory"
			if len(args) > 0 {
				name = args[0]
			}
			site, err := practice.Start(cmd.Context(), practice.Options{
				Vehicles: vehicles, Licence: name == "inventory",
				PageLatency: between(30, 90), AjaxLatency: between(150, 400), ModalLatency: between(100, 300), PDFLatency: between(400, 1500),
			})
			if err != nil {
				return app.Exit(app.ExitEnvironment, err)
			}
			defer func() { _ = site.Close() }()
			if !f.Json {
				fmt.Fprintf(std.Out, "The practice dealership is open at %s, %d vehicles in stock.\n", site.URL(), vehicles)
			}
			f.Env = map[string]string{
				"INVENTORY_URL": site.URL(), "DEALER_USERNAME": practice.DefaultUser, "DEALER_PASSWORD": practice.DefaultPassword,
				"DEALER_OTP": practice.DefaultSeed,
			}
			if f.Out == "" {
				f.Out = demoFolder(name)
			}
			err = app.RunSpec(cmd.Context(), specs.ShippedPath(name), f, std)
			if !f.Json {
				tellCounts(std, site)
			}
			return err
		},
	}
	cmd.Flags().IntVar(&vehicles, "vehicles", 30, "`N` vehicles in stock")
	poolFlags(cmd, &f)
	return cmd
}

// demoFolder is where a demo's output goes: each spec has its own.
func demoFolder(name string) string {
	if name == "inventory" {
		return "out/demo"
	}
	return "out/demo-" + name
}

func knownDemo(_ *cobra.Command, args []string) error {
	if len(args) > 0 && !slices.Contains(specs.Shipped(), args[0]) {
		return app.Exit(app.ExitSpec, fmt.Errorf("no shipped spec is called %q: there are %s", args[0], strings.Join(specs.Shipped(), ", ")))
	}
	return nil
}

// shippedList tells of each shipped spec what it is about, in its own words.
func shippedList() string {
	var b strings.Builder
	for _, name := range specs.Shipped() {
		src, _ := specs.ReadShipped(specs.ShippedPath(name))
		_, about, _ := strings.Cut(string(src), "\nabout: ")
		about, _, _ = strings.Cut(about, "\n")
		fmt.Fprintf(&b, "  %-10s %s\n", name, about)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// tellCounts tells the site's own side of it.
func tellCounts(std app.Std, site *practice.Site) {
	counts := site.Counts()
	produced, twice := 0, 0
	for _, n := range counts.Produced {
		produced += n
		if n > 1 {
			twice++
		}
	}
	fmt.Fprintf(std.Out, "\nThe site says: %s, %s produced, %d of them twice, %d in the making at once.\n",
		app.Count(counts.Logins, "login"), app.Count(produced, "PDF"), twice, counts.PDFMax)
}

func between(from, to int) practice.Latency {
	return practice.Latency{Min: time.Duration(from) * time.Millisecond, Max: time.Duration(to) * time.Millisecond}
}
