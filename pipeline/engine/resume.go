package engine

import "context"

// resumedMost is how many items are begun before the source is read. By the time that
// they are done more are known.
const resumedMost = 1_000

// resume passes on what is pending of a list that is the same as in a run before, so
// that it need not wait until its rows are come to: of a long list they may be the
// last. The list is read all the same, and what it says counts.
func (f *feedStage) resume(ctx context.Context) error {
	content, err := f.source.Content(ctx)
	if err != nil || content == "" {
		return nil //nolint:nilerr // whatever is wrong with the file its reading will tell
	}
	items, err := f.ledger.Resume(ctx, f.run, content, resumedMost)
	if err != nil || len(items) == 0 {
		return err
	}
	if err := f.begin(ctx, items); err != nil {
		return err
	}
	f.resumed = make(map[string]struct{}, len(items))
	for _, item := range items {
		f.resumed[item.Key] = struct{}{}
	}
	if f.siblings.unlikely() {
		_, err = f.release(ctx)
	}
	return err
}
