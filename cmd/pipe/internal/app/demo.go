package app

import (
	"context"
	"fmt"
	"time"

	"pipe/pipeline/practice"
	"pipe/specs"
)

// Demo is `pipe demo`: it runs a shipped spec, by its name, against a practice
// dealership with so many vehicles.
func Demo(ctx context.Context, name string, vehicles int, f RunOptions, std Std) error {
	site, err := practice.Start(ctx, practice.Options{
		Vehicles: vehicles, Licence: name == "inventory",
		PageLatency: between(30, 90), AjaxLatency: between(150, 400), ModalLatency: between(100, 300), PDFLatency: between(400, 1500),
	})
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	defer func() { _ = site.Close() }()
	if !f.JSON {
		fmt.Fprintf(std.Out, "The practice dealership is open at %s, %d vehicles in stock.\n", site.URL(), vehicles)
	}
	f.Env = map[string]string{
		"INVENTORY_URL": site.URL(), "DEALER_USERNAME": practice.DefaultUser, "DEALER_PASSWORD": practice.DefaultPassword,
		"DEALER_OTP": practice.DefaultSeed,
	}
	if f.Out == "" {
		f.Out = demoFolder(name)
	}
	err = RunSpec(ctx, specs.ShippedPath(name), f, std)
	if !f.JSON {
		printCounts(std, site)
	}
	return err
}

// demoFolder is where a demo's output goes: each spec has its own.
func demoFolder(name string) string {
	if name == "inventory" {
		return "out/demo"
	}
	return "out/demo-" + name
}

// printCounts prints the site's own side of it.
func printCounts(std Std, site *practice.Site) {
	counts := site.Counts()
	produced, twice := 0, 0
	for _, n := range counts.Produced {
		produced += n
		if n > 1 {
			twice++
		}
	}
	fmt.Fprintf(std.Out, "\nThe site says: %s, %s produced, %d of them twice, %d in the making at once.\n",
		Count(counts.Logins, "login"), Count(produced, "PDF"), twice, counts.PDFMax)
}

func between(from, to int) practice.Latency {
	return practice.Latency{Min: time.Duration(from) * time.Millisecond, Max: time.Duration(to) * time.Millisecond}
}
