package main

import (
	"fmt"
	"pipe/pipeline/practice"
	"pipe/specs"
	"time"

	"github.com/spf13/cobra"
)

func demoCommand(io streams) *cobra.Command {
	var f runFlags
	var vehicles int
	cmd := &cobra.Command{
		Use:   "demo",
		Short: "Run the shipped spec against the practice dealership",
		Long: "Serves the practice dealership on a free port of this machine and runs specs/inventory.yaml\n" +
			"against it, by the same code as `pipe run`. Run it again: nothing is fetched twice.",
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			site, err := practice.Start(cmd.Context(), practice.Options{
				Vehicles: vehicles, Licence: true,
				PageLatency: between(30, 90), AjaxLatency: between(150, 400), ModalLatency: between(100, 300), PDFLatency: between(400, 1500),
			})
			if err != nil {
				return exit(ExitEnvironment, err)
			}
			defer func() { _ = site.Close() }()
			if !f.json {
				fmt.Fprintf(io.out, "The practice dealership is open at %s, %d vehicles in stock.\n", site.URL(), vehicles)
			}
			f.env = map[string]string{
				"INVENTORY_URL": site.URL(), "DEALER_USERNAME": practice.DefaultUser, "DEALER_PASSWORD": practice.DefaultPassword,
			}
			if f.out == "" {
				f.out = "out/demo"
			}
			err = runSpec(cmd.Context(), specs.InventoryPath, f, io)
			if !f.json {
				tellCounts(io, site)
			}
			return err
		},
	}
	cmd.Flags().IntVar(&vehicles, "vehicles", 30, "`N` vehicles in stock")
	poolFlags(cmd, &f)
	return cmd
}

// tellCounts tells the site's own side of it.
func tellCounts(io streams, site *practice.Site) {
	counts := site.Counts()
	produced, twice := 0, 0
	for _, n := range counts.Produced {
		produced += n
		if n > 1 {
			twice++
		}
	}
	fmt.Fprintf(io.out, "\nThe site says: %s, %s produced, %d of them twice, %d in the making at once.\n",
		count(counts.Logins, "login"), count(produced, "PDF"), twice, counts.PDFMax)
}

func between(from, to int) practice.Latency {
	return practice.Latency{Min: time.Duration(from) * time.Millisecond, Max: time.Duration(to) * time.Millisecond}
}
