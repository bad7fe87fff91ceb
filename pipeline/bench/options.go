package bench

import (
	"errors"
	"fmt"
	"io/fs"
	"strconv"
	"strings"

	"pipe/pipeline/practice"
)

// Shape is how many contexts have how many pages each.
type Shape struct {
	Contexts int `json:"contexts"`
	Pages    int `json:"pages"`
}

func (s Shape) String() string { return fmt.Sprintf("%dx%d", s.Contexts, s.Pages) }

// workers is how many pages there are in all.
func (s Shape) workers() int { return s.Contexts * s.Pages }

// maxWorkers bounds the pages of a shape.
const maxWorkers = 100

// ParseShape reads a shape, as 1x5.
func ParseShape(text string) (Shape, error) {
	contexts, pages, _ := strings.Cut(text, "x")
	c, bad := strconv.Atoi(contexts)
	p, worse := strconv.Atoi(pages)
	if bad != nil || worse != nil || c < 1 || p < 1 || c > maxWorkers || p > maxWorkers || c*p > maxWorkers {
		return Shape{}, fmt.Errorf("%q is no shape: want contexts x pages, as 1x5 or 5x1, %d pages in all at most", text, maxWorkers)
	}
	return Shape{c, p}, nil
}

// Peer names a program that pipe is measured against.
type Peer string

// The peers.
const (
	// Script is a script as a skilled engineer writes it by hand.
	Script Peer = "script"
	// Fused is the limit: what the browser can do at most.
	Fused Peer = "fused"
)

// ParsePeers reads which peers there are to be: none, script, fused or both.
func ParsePeers(text string) ([]Peer, error) {
	switch text {
	case "none":
		return nil, nil
	case string(Script), string(Fused):
		return []Peer{Peer(text)}, nil
	case "both":
		return []Peer{Script, Fused}, nil
	}
	return nil, fmt.Errorf("%q is no peer: there are none, script, fused and both", text)
}

// Latencies are those of the site, all without chance.
type Latencies struct {
	Page, Ajax, Modal, PDF Seconds
}

// Pipe is one program that is pipe itself, with a spec.
type Pipe struct {
	// Name is what the report calls it.
	Name string
	// Program is the executable, Args are those of a run of its spec, as in: run SPEC.
	Program string
	Args    []string
}

// Options say what is measured.
type Options struct {
	// Pipes are measured, each against each peer; with several, each against the first, too.
	Pipes  []Pipe
	Peers  []Peer
	Shapes []Shape
	// Items is how many there are, Runs how often each program does them.
	Items, Runs int
	Latencies   Latencies
	// Block names what pages need not load.
	Block []string
	// Dir is a folder for what the programs write.
	Dir string
	// Node, Driver and Browser are what the peers are run with: those that pipe uses.
	Node, Driver, Browser string
	// Scripts holds the peers' programs.
	Scripts fs.FS
	// Say is told how far it is.
	Say func(line string)
}

// Check finds what cannot be measured.
func (o Options) Check() error {
	switch {
	case o.Items < 1 || o.Runs < 1:
		return errors.New("there must be one item and one run at least")
	case len(o.Shapes) == 0:
		return errors.New("there must be one shape at least")
	case len(o.Pipes) == 0:
		return errors.New("there must be one spec at least")
	}
	for _, d := range []Seconds{o.Latencies.Page, o.Latencies.Ajax, o.Latencies.Modal, o.Latencies.PDF} {
		if d < 0 {
			return errors.New("a latency cannot be negative")
		}
	}
	return nil
}

// site is the practice site that a program does its items on.
func (o Options) site(items int) practice.Options {
	always := func(d Seconds) practice.Latency { return practice.Latency{Min: d.Std(), Max: d.Std()} }
	return practice.Options{
		Vehicles: items, PageLatency: always(o.Latencies.Page), AjaxLatency: always(o.Latencies.Ajax),
		ModalLatency: always(o.Latencies.Modal), PDFLatency: always(o.Latencies.PDF),
	}
}

// pagesOfItem is how many pages of the site an item of the main job goes through: the
// list and the vehicle.
const pagesOfItem = 2

// ideal is the least time that the site's own latencies allow: the pages take turns at
// the items, and the last file is waited for.
func (o Options) ideal(s Shape) Seconds {
	l := o.Latencies
	onPage := pagesOfItem*l.Page + Seconds(practice.GridDelay.Seconds()) + l.Ajax + l.Modal
	turns := (o.Items + s.workers() - 1) / s.workers()
	return Seconds(turns)*onPage + l.PDF
}
