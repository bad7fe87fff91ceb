package main

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"pipe/cmd/pipe/internal/app"
	"pipe/specs/document"
)

// execute runs a command line and gives its exit code.
func execute(ctx context.Context, args []string, std app.Std) int {
	root := &cobra.Command{
		Use:           "pipe",
		Short:         "Bring a file and a record home for every item of a web site, as a YAML spec says",
		Version:       app.Version(),
		SilenceUsage:  true,
		SilenceErrors: true,
	}
	root.AddCommand(
		initCommand(std), recordCommand(std), importCommand(std), inspectCommand(std), mcpCommand(std),
		runCommand(std), serveCommand(std), scheduleCommand(std), planCommand(std), sourceCommand(std), tryCommand(std), debugCommand(std),
		checkCommand(std), healCommand(std), replayCommand(std), validateCommand(std), testCommand(std), fmtCommand(std), diffCommand(std),
		statusCommand(std), failuresCommand(std), showCommand(std), traceCommand(std), historyCommand(std), reportCommand(std), exportCommand(std), verifyCommand(std), cleanCommand(std),
		demoCommand(std), siteCommand(std), benchCommand(std), loginCommand(std), notifyCommand(std),
		guideCommand(std), schemaCommand(std), stepsCommand(std), installCommand(std), doctorCommand(std),
	)
	for _, cmd := range root.Commands() {
		if strings.Contains(cmd.Use, " SPEC") || strings.Contains(cmd.Use, "[SPEC") {
			cmd.ValidArgsFunction = specNames
		}
	}
	tagUsageErrors(root, args)
	root.SetArgs(args)
	root.SetIn(std.In)
	root.SetOut(std.Out)
	root.SetErr(std.Err)
	err := knownCommand(root, args)
	if err == nil {
		err = root.ExecuteContext(ctx)
	}
	var faults document.Faults
	switch {
	case err == nil || errors.Is(err, app.ErrQuiet):
	case errors.As(err, &faults):
		// They begin with file:line:col, for editors and terminals to follow.
		fmt.Fprintf(std.Err, "%s\npipe: the spec has %s\n", app.Plain(err), app.Count(len(faults), "fault"))
	default:
		fmt.Fprintf(std.Err, "pipe: %s\n", app.Plain(err))
	}
	return app.CodeOf(err)
}
