package bench

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"pipe/pipeline/practice"
)

// program is one of those that are measured.
type program struct {
	name string
	// pipe is the executable where it is pipe itself, peer the peer where it is one.
	pipe string
	args []string
	peer Peer
}

// programs are all that are measured, in their order within a round.
func (o Options) programs() []program {
	var all []program
	for _, p := range o.Pipes {
		all = append(all, program{name: p.Name, pipe: p.Program, args: p.Args})
	}
	for _, p := range o.Peers {
		all = append(all, program{name: string(p), peer: p})
	}
	return all
}

// command is the program's command line, for a shape and a folder of its own.
func (o Options) command(p program, s Shape, dir string) []string {
	if p.peer != "" {
		return []string{o.Node, filepath.Join(o.Dir, "peers", string(p.peer)+".mjs")}
	}
	args := append([]string{p.pipe}, p.args...)
	return append(args, "--json", "--contexts", fmt.Sprint(s.Contexts), "--pages", fmt.Sprint(s.Pages), "--out", filepath.Join(dir, "out"))
}

// environment tells the program where the site is. A peer gets what pipe finds by itself.
func (o Options) environment(p program, s Shape, dir, url string) []string {
	env := append(os.Environ(),
		"INVENTORY_URL="+url, "DEALER_USERNAME="+practice.DefaultUser, "DEALER_PASSWORD="+practice.DefaultPassword, "DEALER_OTP="+practice.DefaultSeed)
	if p.peer == "" {
		return env
	}
	return append(env,
		"BENCH_DRIVER="+o.Driver, "BENCH_BROWSER="+o.Browser, "BENCH_OUT="+filepath.Join(dir, "out"), "BENCH_BLOCK="+strings.Join(o.Block, ","),
		fmt.Sprintf("BENCH_CONTEXTS=%d", s.Contexts), fmt.Sprintf("BENCH_PAGES=%d", s.Pages))
}

// unpack writes the peers' programs where node can run them.
func (o Options) unpack() error {
	if len(o.Peers) == 0 {
		return nil
	}
	if err := os.CopyFS(filepath.Join(o.Dir, "peers"), o.Scripts); err != nil {
		return fmt.Errorf("writing the peers' programs: %w", err)
	}
	return nil
}
