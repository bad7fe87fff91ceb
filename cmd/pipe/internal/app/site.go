package app

import (
	"context"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"syscall"

	"pipe/pipeline/practice"
)

// ServeSite is `pipe site`: it serves the practice dealership until a signal.
func ServeSite(ctx context.Context, o practice.Options, std Std) error {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	site, err := practice.Start(ctx, o)
	if err != nil {
		return Exit(ExitEnvironment, err)
	}
	user, password := practice.DefaultUser, practice.DefaultPassword
	for _, name := range slices.Sorted(maps.Keys(o.Accounts)) {
		user, password = name, o.Accounts[name]
		break
	}
	fmt.Fprintf(std.Out, "The practice dealership is open at %s (counts at %s/-/counts).\nIts departments are built in other ways:\n\n", site.URL(), site.URL())
	for _, variant := range practice.Variants() {
		fmt.Fprintf(std.Out, "  %-10s %s: %s\n", variant.Path, variant.Title, variant.About)
	}
	fmt.Fprintf(std.Out, "\nTo run a shipped spec against it:\n\n"+
		"  INVENTORY_URL=%s DEALER_USERNAME=%s DEALER_PASSWORD=%s pipe run specs/inventory.yaml\n\n"+
		"The vault's one-time codes are of DEALER_OTP=%s. Ctrl-C closes it.\n", site.URL(), user, password, practice.DefaultSeed)
	<-ctx.Done()
	if err := site.Close(); err != nil {
		return Exit(ExitEnvironment, err)
	}
	return nil
}
