package capture

import (
	"context"
	"net/url"
	"time"

	"pipe/steps"
)

// farFrames are the frames of other sites, which live in processes of their own:
// what they ask for, no session of their page hears of. The interceptor does, and
// asks the pages whose frame it is.
type farFrames struct {
	// known are those that are the first of their process, or were there before
	// their tab was heard; on is set once what the scripts of such frames ask for is
	// held too.
	known map[string]bool
	on    bool
}

// frameCreated is told of a frame that got a process of its own.
func (i *interceptor) frameCreated(id string) {
	i.mu.Lock()
	i.frames.known[id] = true
	i.mu.Unlock()
	i.cdp.Go(i.watchFrames)
}

// watchFrames has the answers to scripts held from here on.
func (i *interceptor) watchFrames(ctx context.Context) {
	i.mu.Lock()
	was := i.frames.on
	i.frames.on = true
	i.mu.Unlock()
	if was {
		return
	}
	patterns := i.patterns
	for _, kind := range []string{"XHR", "Fetch"} {
		patterns = append(patterns[:len(patterns):len(patterns)], map[string]any{"urlPattern": "*", "resourceType": kind, "requestStage": "Response"})
	}
	_, _ = i.cdp.Command(ctx, "Fetch.enable", map[string]any{"patterns": patterns}) // fails with the browser only
}

// inFrame decides on a request of a frame within a page, and on an answer to a
// script.
func (i *interceptor) inFrame(req paused) {
	i.mu.Lock()
	on := i.frames.on
	i.mu.Unlock()
	if !req.answered {
		i.noteBegun(req)
	}
	tabs := i.unheard()
	switch {
	case !req.answered && len(tabs) > 0:
		i.cdp.Go(func(ctx context.Context) {
			awaitHeard(ctx, tabs)
			// The tab's session hears only of what is asked for from now on.
			i.mu.Lock()
			i.frames.known[req.frame] = true
			i.mu.Unlock()
			i.pass(req, true)
		})
	case !req.answered && !on && far(req):
		i.cdp.Go(func(ctx context.Context) {
			i.watchFrames(ctx)
			i.pass(req, true)
		})
	case !req.answered:
		i.pass(req, on)
	case redirects(req) || !i.mayTake(req):
		i.pass(req, false)
	default:
		i.cdp.Go(func(ctx context.Context) { i.takeInFrame(ctx, req) })
	}
}

// noteBegun notes a frame's request for all who listen: a tab that its opener writes
// may ask before anything is told of it.
func (i *interceptor) noteBegun(req paused) {
	for _, l := range i.listeners() {
		if h := l.listening(); h != nil && h.traffic != nil {
			h.traffic.begins(req.network)
		}
	}
}

// unheardTab is one whose page listens still.
type unheardTab struct {
	*tab
	over <-chan struct{}
}

// unheard gives the tabs that pages have opened for their files and that may be
// written: nobody hears yet what their frames ask for. Which of them a frame is in is
// not known.
func (i *interceptor) unheard() []unheardTab {
	i.mu.Lock()
	defer i.mu.Unlock()
	var all []unheardTab
	for _, tb := range i.tabs {
		select {
		case <-tb.ready:
		default:
			if tb.taken == nil && tb.by != nil && !tb.meant {
				all = append(all, unheardTab{tb, tb.by.ctx.Done()})
			}
		}
	}
	return all
}

// hearLimit is how long a frame waits for the tabs to be heard, whose listening needs
// some round trips to the browser: seconds, on a machine that is at work.
const hearLimit = 15 * time.Second

func awaitHeard(ctx context.Context, tabs []unheardTab) {
	ctx, cancel := context.WithTimeout(ctx, hearLimit)
	defer cancel()
	for _, tb := range tabs {
		select {
		case <-tb.ready:
		case <-tb.closed:
		case <-tb.over:
		case <-ctx.Done():
			tb.heard() // no further one waits
		}
	}
}

// far tells whether a document may get a process of its own: it is not of the host
// that asks for it.
func far(req paused) bool {
	from, err := url.Parse(req.referer)
	to, wrong := url.Parse(req.url)
	return err != nil || wrong != nil || from.Host != to.Host
}

// mayTake tells whether any page listens for what an answer may be.
func (i *interceptor) mayTake(req paused) bool {
	for _, l := range i.listeners() {
		if h := l.listening(); h != nil && h.concerns(req) {
			return true
		}
	}
	return false
}

// listeners are those on the pages and on the tabs that they opened.
func (i *interceptor) listeners() []*pageListener {
	i.mu.Lock()
	var pages []*Page
	for _, p := range i.pages {
		pages = append(pages, p)
	}
	i.mu.Unlock()
	var all []*pageListener
	for _, p := range pages {
		all = append(all, p.listener)
		for _, u := range p.openPopups() {
			if l := u.listens(); l != nil {
				all = append(all, l)
			}
		}
	}
	return all
}

// takeInFrame gives an answer to the page whose frame has asked.
func (i *interceptor) takeInFrame(ctx context.Context, req paused) {
	i.mu.Lock()
	first := i.frames.known[req.frame]
	i.mu.Unlock()
	for _, l := range i.listeners() {
		h := l.listening()
		if h == nil || !h.concerns(req) {
			continue
		}
		if within, deep := l.holds(ctx, req.frame); within && (first || deep) {
			h.answers.note(req)
			(&pageListener{page: l.page, pw: l.pw, cdp: i.cdp, frame: l.frame}).decide(h, req)
			return
		}
	}
	i.pass(req, false)
}

// holds tells whether a frame is within the page, deep whether only a frame of
// another process knows more of it.
func (l *pageListener) holds(ctx context.Context, frame string) (within, deep bool) {
	_, err := l.cdp.Command(ctx, "DOM.getFrameOwner", map[string]any{"frameId": frame})
	if err == nil {
		return true, false
	}
	deep = steps.IsFrameElsewhere(err)
	return deep, deep
}

// concerns tells whether an answer may be a file that is wanted, or refuses one.
func (h *hearing) concerns(req paused) bool {
	return h.takes(req) || h.answer != nil && (refuses(req) || partial(req))
}

// takes tells whether an answer may be a file that is wanted.
func (h *hearing) takes(req paused) bool {
	return req.status >= 200 && req.status < 300 && req.status != 204 && !partial(req) && len(h.want.serves(req)) > 0
}

// decide gives an answer to who hears of it.
func (l *pageListener) decide(h *hearing, req paused) {
	switch {
	case h.takes(req):
		if _, known := measured(req); !known && req.kind == "Document" {
			l.downloads(req)
			return
		}
		h.file(&scriptAnswer{l: l, answers: h.answers, req: req})
		return
	case h.answer != nil && !redirects(req):
		h.answer(req)
	}
	l.pass(req)
}
