package recorder

import (
	"bufio"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"

	"pipe/pipeline/codegen"
	"pipe/steps"
)

// Options say what records, and where.
type Options struct {
	// DriverDir is the folder that holds the driver's package/, Node the executable that runs
	// it, and Browser the browser's; all are needed.
	DriverDir, Node, Browser string
	// URL is where the recording begins.
	URL string
	// Args are further switches of the browser's command line.
	Args []string
	// Say is told of each action once it is complete; nil for nobody.
	Say func(codegen.Action)
	// Ready is called once the window shows the first address; it may be nil.
	Ready func()
}

// closeLimit bounds the end of a recording, with files that are still under way.
const closeLimit = 30 * time.Second

var (
	//go:embed record.js
	recordJS string
	//go:embed page.js
	pageJS string
	//go:embed list.js
	listJS string
)

// Record opens a window and records what is done in it until the person has closed all of
// its tabs, or stop is closed. The error is of a browser that did not start, or of an end of
// ctx.
func Record(ctx context.Context, o Options, stop <-chan struct{}) (codegen.Recording, error) {
	downloads, err := os.MkdirTemp("", "pipe-record-*")
	if err != nil {
		return codegen.Recording{}, fmt.Errorf("making a folder for what is downloaded: %w", err)
	}
	tape := newTape(o.URL, o.Say)
	err = run(ctx, o, downloads, stop, tape.hear)
	if left := os.RemoveAll(downloads); left != nil {
		err = errors.Join(err, fmt.Errorf("removing what was downloaded: %w", left))
	}
	return tape.recording(), err
}

// setting is the first line that the script is given.
type setting struct {
	Driver    string   `json:"driver"`
	Browser   string   `json:"browser"`
	URL       string   `json:"url"`
	Args      []string `json:"args"`
	Downloads string   `json:"downloads"`
	Script    string   `json:"script"`
}

// run has the script record, and gives hear each line that it tells.
func run(ctx context.Context, o Options, downloads string, stop <-chan struct{}, hear func(message) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := exec.CommandContext(ctx, o.Node, "-e", recordJS) //nolint:gosec // the driver's own
	var complaints tail
	cmd.Stderr = &complaints
	cmd.WaitDelay = closeLimit
	in, err := cmd.StdinPipe()
	if err != nil {
		return fmt.Errorf("starting the recorder: %w", err)
	}
	// Its input ends where the recording is to: then it closes the browser and ends too.
	cmd.Cancel = in.Close
	out, err := cmd.StdoutPipe()
	if err != nil {
		return fmt.Errorf("starting the recorder: %w", err)
	}
	if err := cmd.Start(); err != nil {
		return fmt.Errorf("starting the recorder: %w", err)
	}
	ended := make(chan struct{})
	watch := endWhen(stop, ended, func() { _ = in.Close() }, cancel)
	err = json.NewEncoder(in).Encode(setting{
		Driver: o.DriverDir, Browser: o.Browser, URL: o.URL, Args: append(switches(), o.Args...), Downloads: downloads, Script: pageScript(),
	})
	if err == nil {
		err = listen(out, o, hear)
	}
	if err != nil {
		cancel()
	}
	close(ended)
	watch.Wait()
	exit := cmd.Wait()
	switch {
	case ctx.Err() != nil && err == nil:
		return steps.ContextError(ctx, "recording")
	case err != nil:
		return fmt.Errorf("recording: %w%s", err, complaints.text())
	case exit != nil:
		return fmt.Errorf("recording: %w%s", exit, complaints.text())
	}
	return nil
}

// listen hands on what the script tells until it ends.
func listen(out io.Reader, o Options, hear func(message) error) error {
	lines := json.NewDecoder(bufio.NewReader(out))
	for ended := false; ; {
		var m message
		err := lines.Decode(&m)
		switch {
		case errors.Is(err, io.EOF) && ended:
			return nil
		case errors.Is(err, io.EOF):
			return errors.New("the recorder has ended by itself")
		case err != nil:
			return fmt.Errorf("reading what the recorder tells: %w", err)
		case m.Fault != "":
			return errors.New(strings.TrimSpace(m.Fault))
		case m.Ready && o.Ready != nil:
			o.Ready()
		}
		ended = ended || m.End
		if err := hear(m); err != nil {
			return err
		}
	}
}

// pageScript is what stands in each page.
func pageScript() string {
	return "const describe = (" + steps.ElementScript() + "\n);\nconst listOf = (" + listJS + "\n);\n" + pageJS
}

// switches is the browser's command line beside Playwright's own, as for a run's.
func switches() []string {
	args := []string{"--disable-background-networking", "--disable-component-update", "--disable-sync", "--no-first-run", "--disable-features=PasswordManagerOnboarding"}
	if runtime.GOOS == "linux" && os.Geteuid() == 0 {
		// Chromium refuses to run as root with its sandbox.
		args = append(args, "--no-sandbox")
	}
	return args
}
