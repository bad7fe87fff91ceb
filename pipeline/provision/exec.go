package provision

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

// askLimit bounds a program's answer to --version.
const askLimit = 10 * time.Second

// output runs a program and gives the first line that it prints.
func output(ctx context.Context, limit time.Duration, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // what the user's system has
	cmd.WaitDelay = time.Second
	out, err := cmd.Output()
	if err != nil {
		return "", fmt.Errorf("%s %s: %w", name, strings.Join(args, " "), plain(err))
	}
	line, _, _ := strings.Cut(strings.TrimSpace(string(out)), "\n")
	return line, nil
}

// plain adds the last thing that a program said to its exit status.
func plain(err error) error {
	var exit *exec.ExitError
	if errors.As(err, &exit) && len(exit.Stderr) > 0 {
		lines := strings.Split(strings.TrimSpace(string(exit.Stderr)), "\n")
		return fmt.Errorf("%w: %s", err, lines[len(lines)-1])
	}
	return err
}

// stream runs a program and passes on each line that it prints. The error
// holds the last one.
func stream(ctx context.Context, limit time.Duration, env []string, each func(string), name string, args ...string) error {
	ctx, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...) //nolint:gosec // what the user's system has
	cmd.WaitDelay = time.Second
	cmd.Env = append(os.Environ(), env...)
	r, w := io.Pipe()
	cmd.Stdout, cmd.Stderr = w, w
	line := ""
	var reading sync.WaitGroup
	reading.Go(func() {
		scan := bufio.NewScanner(r)
		scan.Buffer(nil, 1<<20)
		for scan.Scan() {
			if text := strings.TrimSpace(scan.Text()); text != "" {
				line = text
				each(text)
			}
		}
		// Too long a line ends the reading, never the program.
		_, _ = io.Copy(io.Discard, r)
	})
	err := cmd.Run()
	_ = w.Close()
	reading.Wait()
	if err != nil {
		return fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, line)
	}
	return nil
}
