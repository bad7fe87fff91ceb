package pipeline

import (
	"context"
	"time"

	"pipe/steps"
)

// OnceEntry is what a ledger has of a step that is done once for an item.
type OnceEntry = steps.OnceEntry

// Found is what such a step has found.
type Found = steps.Found

// OnceStandings tells which steps of an item have begun, by their names.
type OnceStandings interface {
	OnceSteps(ctx context.Context, key string) (map[string]OnceEntry, error)
}

// OnceLedger is what a ledger keeps of the steps that are done once for an item. An
// attempt is that of the item's key.
type OnceLedger interface {
	OnceStandings
	// BeginOnce notes that a step is about to act. It fails with ErrTaken when the
	// attempt is another run's by now.
	BeginOnce(ctx context.Context, run int64, key string, attempt int, step string, item map[string]string, at time.Time) error
	// TakeBackOnce notes that it has not acted, FinishOnce that it is done.
	TakeBackOnce(ctx context.Context, key string, attempt int, step string) error
	FinishOnce(ctx context.Context, key string, attempt int, step string, found Found) error
	// DoubtOnce notes that it was done for other values of the item.
	DoubtOnce(ctx context.Context, key, step string) error
}

// UncertainRow is a step of an item that is done once, and of which nobody knows
// whether it is, or whether it is right.
type UncertainRow struct {
	Key   string    `json:"key"`
	Step  string    `json:"step"`
	Begun time.Time `json:"begun"`
	// Doubted is true for one that was done for other values of the item.
	Doubted bool `json:"doubted,omitempty"`
}
