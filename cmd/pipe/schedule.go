package main

import (
	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
)

func scheduleCommand(std app.Std) *cobra.Command {
	var f app.ScheduleOptions
	cmd := &cobra.Command{
		Use:   "schedule [SPEC…]",
		Short: "Run specs at the times of their schedule, or print what has others do so",
		Long: "Runs specs at the times that their schedule says, each as a process of its own, until it is\n" +
			"interrupted: Ctrl-C lets the runs at work finish the items in hand, a second one stops them now.\n" +
			"A time that comes while the spec's run is at work is passed over. Without a SPEC, all that are\n" +
			"below the folder specs and have a schedule.\n\n" +
			"With --print, prints the files that have systemd, cron, Kubernetes or Windows do the same.",
		RunE: func(cmd *cobra.Command, args []string) error {
			if f.Print != "" {
				return app.PrintSchedule(args, f, std)
			}
			return app.FollowSchedule(cmd.Context(), args, f, std)
		},
	}
	specFlags(cmd, &f.SpecOptions)
	cmd.Flags().StringVar(&f.Print, "print", "", "print for another scheduler, `systemd`, crontab, k8s or windows")
	return cmd
}
