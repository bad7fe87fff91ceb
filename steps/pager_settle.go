package steps

import (
	"context"
	"time"
)

// awaitQuietJS resolves once the document has not changed for a while, at once when
// that is so by now.
const awaitQuietJS = `() => new Promise(done => {
	const quietFor = 250, began = performance.now();
	const c = document[Symbol.for('pipe.changes')];
	let last = c ? c.at : began;
	const observer = new MutationObserver(() => { last = performance.now(); });
	observer.observe(document, {subtree: true, childList: true, attributes: true, characterData: true});
	const look = () => {
		const now = performance.now();
		if (now - last < quietFor && now - began < 3000) return setTimeout(look, quietFor - (now - last));
		observer.disconnect();
		done(true);
	};
	look();
})`

// settleLimit bounds the wait for a page that is never quiet.
const settleLimit = 5 * time.Second

// awaitQuiet waits until nothing is asked for and nothing changes any more.
func (g *pager) awaitQuiet(ctx context.Context) error {
	limited, cancel := context.WithTimeout(ctx, settleLimit)
	defer cancel()
	for {
		_, err := Call(limited, "waiting for the page", func() (any, error) { return g.Page.Evaluate(awaitQuietJS) })
		switch {
		case ctx.Err() != nil:
			return ContextError(ctx, "waiting for the page")
		case limited.Err() != nil || err == nil && g.requests.idle():
			return nil
		case err != nil && !IsNavigating(err):
			return err
		}
	}
}
