package browser

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"mime"
	"pipe/steps"
	"strconv"
	"sync"
)

// tabDelivery is a file that a tab asks for. The tab's request is held before
// it is sent, and let go by Receive.
type tabDelivery struct {
	tap     *tap
	tab     *tab
	session *session
	gen     int64
	first   paused

	events chan paused
	closed chan struct{}
	shut   sync.Once
	drop   sync.Once

	mu sync.Mutex
	// held is the request that waits for a decision, "" when none does.
	held string
}

func newTabDelivery(t *tap, tb *tab, req paused) *tabDelivery {
	return &tabDelivery{
		tap: t, tab: tb, session: tb.owner.session, gen: tb.owner.gen.Load(), first: req,
		events: make(chan paused, 8), closed: make(chan struct{}), held: req.id,
	}
}

// paused is told of the next request or answer of the tab.
func (d *tabDelivery) paused(req paused) {
	d.mu.Lock()
	d.held = req.id
	d.mu.Unlock()
	select {
	case d.events <- req:
	default:
		d.tap.tell("Fetch.failRequest", map[string]any{"requestId": req.id, "errorReason": "Aborted"})
	}
}

// gone is told that the tab is closed.
func (d *tabDelivery) gone() { d.shut.Do(func() { close(d.closed) }) }

// Receive lets the request go and reads its answer from the browser's network
// stack, which never reaches the tab.
func (d *tabDelivery) Receive(ctx context.Context, w io.Writer) (steps.Received, error) {
	defer d.Discard()
	// A request that the browser does not know any more died with its tab.
	if err := d.resume(ctx, d.first); err != nil {
		return steps.Received{}, fmt.Errorf("asking for the file: %w (%w)", steps.ErrClosed, err)
	}
	for {
		select {
		case req := <-d.events:
			switch {
			case !req.answered || redirects(req):
				if d.tap.lost != nil && d.tap.lost(req.url) {
					d.session.markLost(d.gen)
					return steps.Received{}, steps.ErrLost
				}
				if err := d.resume(ctx, req); err != nil {
					return steps.Received{}, err
				}
			case req.failure != "":
				return steps.Received{}, fmt.Errorf("the site broke off its answer at %s: %s", steps.ShortURL(req.url), req.failure)
			case req.status >= 400:
				return steps.Received{}, statusError(req)
			default:
				return received(req), d.read(ctx, req, w)
			}
		case <-d.closed:
			return steps.Received{}, fmt.Errorf("the tab that asked for the file: %w", steps.ErrClosed)
		case <-ctx.Done():
			return steps.Received{}, waited(ctx, "waiting for the file")
		}
	}
}

func redirects(req paused) bool {
	return req.status >= 300 && req.status < 400 && header(req.headers, "location") != ""
}

func received(req paused) steps.Received {
	_, params, _ := mime.ParseMediaType(header(req.headers, "content-disposition"))
	return steps.Received{
		Via: "popup", URL: steps.ShortURL(req.url), Name: params["filename"], ContentType: header(req.headers, "content-type"),
	}
}

func waited(ctx context.Context, what string) error {
	if errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return fmt.Errorf("%s: %w", what, steps.ErrTimeout)
	}
	return fmt.Errorf("%s: %w", what, ctx.Err())
}

// resume lets a held request go on, to pause again with its answer.
func (d *tabDelivery) resume(ctx context.Context, req paused) error {
	d.mu.Lock()
	if d.held == req.id {
		d.held = ""
	}
	d.mu.Unlock()
	params := map[string]any{"requestId": req.id}
	if !req.answered {
		params["interceptResponse"] = true
	}
	_, err := d.tap.send(ctx, "Fetch.continueRequest", params)
	return err
}

// chunk is how much of a file is read at once, in bytes.
const chunk = 1 << 20

// read copies the answer's body.
func (d *tabDelivery) read(ctx context.Context, req paused, w io.Writer) error {
	answer, err := d.tap.send(ctx, "Fetch.takeResponseBodyAsStream", map[string]any{"requestId": req.id})
	if err != nil {
		return fmt.Errorf("reading the file: %w", err)
	}
	handle := answer["stream"]
	defer d.tap.tell("IO.close", map[string]any{"handle": handle})
	var size int64
	for {
		part, err := d.tap.send(ctx, "IO.read", map[string]any{"handle": handle, "size": chunk})
		if err != nil {
			if ctx.Err() != nil {
				return waited(ctx, fmt.Sprintf("reading the file, %d bytes in", size))
			}
			return fmt.Errorf("the file was cut off after %d bytes: %w", size, err)
		}
		data := []byte(str(part["data"]))
		if part["base64Encoded"] == true {
			if data, err = base64.StdEncoding.DecodeString(string(data)); err != nil {
				return fmt.Errorf("reading the file: %w", err)
			}
		}
		if _, err := w.Write(data); err != nil {
			return err
		}
		size += int64(len(data))
		if part["eof"] == true {
			return whole(req, size)
		}
	}
}

// whole compares what came with what the site had announced.
func whole(req paused, size int64) error {
	announced := header(req.headers, "content-length")
	if announced == "" || header(req.headers, "content-encoding") != "" || announced == strconv.FormatInt(size, 10) {
		return nil
	}
	return fmt.Errorf("the file was cut off: %d of %s bytes came", size, announced)
}

// Discard gives the request up and closes the tab.
func (d *tabDelivery) Discard() {
	d.drop.Do(func() {
		d.mu.Lock()
		held := d.held
		d.mu.Unlock()
		if held != "" {
			d.tap.tell("Fetch.failRequest", map[string]any{"requestId": held, "errorReason": "Aborted"})
		}
		d.tap.tell("Target.closeTarget", map[string]any{"targetId": d.tab.id})
	})
}
