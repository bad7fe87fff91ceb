package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func testCommand(std app.Std) *cobra.Command {
	var f app.TestOptions
	cmd := &cobra.Command{
		Use:   "test SPEC…",
		Short: "Run specs against recorded traffic, without their sites",
		Long: "With --record it does a few items for real and keeps what went between the run and its site in a\n" +
			"folder beside the spec, specs/NAME.recording: the traffic as HAR, and what the run came to. Secrets, session\n" +
			"cookies and the columns of --scrub are replaced in it, and a recording that still holds one of them is\n" +
			"not written.\n\n" +
			"Without it, it runs the specs against their recordings and tells what is not as expected. Nothing leaves\n" +
			"this machine then, and no secret is needed.\n\n" +
			"Exits with 1 when something is not as expected, and with 2 when a spec is wrong or has no recording.",
		Args: cobra.MinimumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			return app.TestSpecs(cmd.Context(), args, f, std)
		},
	}
	specFlags(cmd, &f.SpecOptions)
	flags := cmd.Flags()
	flags.BoolVar(&f.Record, "record", false, "do a few items for real, and record them")
	flags.StringArrayVar(&f.Items, "item", nil, "with --record: the item of this `KEY`; may be given more than once; default: test.items of the spec, else the first ones")
	flags.IntVar(&f.Limit, "limit", 3, "with --record: so many items, `N`, where none is named")
	flags.StringArrayVar(&f.Scrub, "scrub", nil, "with --record: replace the values of this `COLUMN` of items or records, as item.buyer or record.phone, beside test.scrub of the spec; may be given more than once")
	flags.BoolVar(&f.Once, "once", false, "with --record: do for real what the spec has done once for an item (once: true); no run will know of it")
	flags.BoolVar(&f.Update, "update", false, "take what comes now for what is expected, and show what has changed")
	flags.StringVar(&f.JUnit, "junit", "", "write the results as JUnit's XML to this `FILE`")
	flags.BoolVar(&f.AsJSON, "json", false, "print the results as JSON")
	cmd.MarkFlagsMutuallyExclusive("record", "update")
	return cmd
}
