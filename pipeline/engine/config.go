package engine

import (
	"context"
	"log/slog"
	"path/filepath"

	"pipe/pipeline"
	"pipe/pipeline/source"
	"pipe/specs"
	"pipe/steps"
)

// Config is what a run is made of.
type Config struct {
	Spec   *specs.Spec
	Ledger pipeline.Ledger
	Store  pipeline.Store
	Pages  pipeline.Pages
	// Started waits until the browser is there, and gives the error when there is none;
	// nil when it is there already.
	Started func(ctx context.Context) error
	// ReadRows reads the source's files and queries.
	ReadRows pipeline.RowReader
	// Digest makes a digest of the source's file: what is pending of a list that is
	// the same as before is begun before its rows are read; nil for no such list.
	Digest pipeline.TableDigest
	// Observer is told what happens; nil for nobody.
	Observer pipeline.Observer
	// Evidence keeps what there is to see of failures; nil keeps nothing.
	Evidence pipeline.EvidenceTaker
	// Elements, if set, is told of the run whose elements it keeps. Configure, if set, is
	// given the context of all steps on a page: of the source and of items.
	Elements  *pipeline.Elements
	Configure func(*steps.StepContext)
	// Healing heals targets while the run is under way; nil heals none.
	Healing pipeline.Healing
	// Redact takes the secrets out of a text; nil leaves it as it is.
	Redact func(string) string
	// Dir is the output folder, as an absolute path.
	Dir string
	// Shared is true when other runs may be at work with the ledger; Join takes
	// the items from them in place of the source.
	Shared, Join bool
	// Exclusive keeps other runs from putting files in place until unlock is
	// called; nil when there are none.
	Exclusive func(ctx context.Context) (unlock func(), err error)
	// Limit is the most items that this run does; 0 means all.
	Limit int
	// Only names the items that this run does; empty means all.
	Only []string
	// FirstPage reads of a list on several pages of the site the first alone.
	FirstPage bool
	// AcceptShrink takes the length of the list as right, however many rows it had
	// before.
	AcceptShrink bool
	// Stop, when closed, lets the items in hand end and starts no more.
	Stop <-chan struct{}
	// Control steers the run while it is under way; nil for nobody who does.
	Control *Control
	// Log is told what is no item's business; nil discards it.
	Log *slog.Logger
}

// Result is how a run ended.
type Result struct {
	// Run is its number in the ledger.
	Run int64
	// Done, Skipped and Failed count the items that this run settled.
	Done, Skipped, Failed int
	// Bad counts the rows of the source that are no items, and Short says what is
	// wrong with the length of the list.
	Bad   int
	Short string
	// Doubted are items that this run settled and made pending again: a guest may have
	// been served with them.
	Doubted []string
	// Interrupted is true when Stop or the context ended it.
	Interrupted bool
	Totals      pipeline.Totals
}

// Reporter makes the reporter that the stages share.
func (c *Config) Reporter() *pipeline.Reporter {
	return pipeline.NewReporter(c.Observer, c.Redact, c.Log)
}

// Source makes the reader of the spec's source.
func (c *Config) Source(reporter *pipeline.Reporter, attempts uint) *source.Source {
	return &source.Source{
		Configure: c.Configure, Spec: c.Spec, Pages: c.Pages, Store: c.Store, ReadRows: c.ReadRows, Digest: c.Digest, Reporter: reporter, Evidence: c.Evidence, Screenshots: c.Screenshots(), Attempts: attempts,
		FirstPage: c.FirstPage,
	}
}

// Screenshots is the folder where the steps' screenshots go.
func (c *Config) Screenshots() string { return filepath.Join(c.Dir, "screenshots") }

// partial tells whether the run leaves a part of the source out.
func (c *Config) partial() bool { return c.Limit > 0 || len(c.Only) > 0 || c.Join }

func (c *Config) stopped() bool {
	select {
	case <-c.Stop:
		return true
	default:
		return false
	}
}
