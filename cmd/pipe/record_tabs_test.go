package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"path"
	"path/filepath"
	"strings"

	"github.com/coder/websocket"
)

// tabs are the addresses of the window's tabs, by the addresses to speak to them at.
func (h *hand) tabs() map[string]string {
	h.t.Helper()
	request, err := http.NewRequestWithContext(h.ctx, http.MethodGet, "http://127.0.0.1:"+h.port+"/json", http.NoBody)
	h.must(err)
	answer, err := http.DefaultClient.Do(request)
	h.must(err)
	defer func() { _ = answer.Body.Close() }()
	var targets []struct{ Type, URL, WebSocketDebuggerURL string }
	h.must(json.NewDecoder(answer.Body).Decode(&targets))
	all := map[string]string{}
	for _, target := range targets {
		if target.Type == "page" {
			all[target.WebSocketDebuggerURL] = target.URL
		}
	}
	return all
}

// arrived waits until there is a tab at an address.
func (h *hand) arrived(address string) {
	h.t.Helper()
	eventually(h.t, "a tab at "+address, func() bool {
		for _, url := range h.tabs() {
			if strings.Contains(url, address) {
				return true
			}
		}
		return false
	})
}

// back closes the tab at an address, and goes on in the one that it is in, once the bars
// that the browser shows above that have stopped moving it.
func (h *hand) back(address string) {
	h.t.Helper()
	for speak, url := range h.tabs() {
		if !strings.Contains(url, address) {
			continue
		}
		request, err := http.NewRequestWithContext(h.ctx, http.MethodGet, "http://127.0.0.1:"+h.port+"/json/close/"+path.Base(speak), http.NoBody)
		h.must(err)
		answer, err := http.DefaultClient.Do(request)
		h.must(err)
		h.must(answer.Body.Close())
	}
	_, err := h.call("Page.bringToFront", nil)
	h.must(err)
	h.evaluate(`() => new Promise(resolve => {
		let height = 0, since = 0;
		const look = () => {
			if (window.innerHeight !== height || document.visibilityState !== 'visible') [height, since] = [window.innerHeight, Date.now()];
			if (Date.now() - since > 1000) return resolve({});
			setTimeout(look, 20);
		};
		look();
	})`)
}

// saved waits until the browser has saved so many files.
func (h *hand) saved(n int) {
	h.t.Helper()
	eventually(h.t, fmt.Sprintf("%d files", n), func() bool {
		all, err := filepath.Glob(filepath.Join(h.downloads, "pipe-record-*", "*"))
		h.must(err)
		return len(all) == n
	})
}

// take goes on in the tab whose address holds a text.
func (h *hand) take(address string) {
	h.t.Helper()
	for speak, url := range h.tabs() {
		if !strings.Contains(url, address) {
			continue
		}
		var err error
		h.page, _, err = websocket.Dial(h.ctx, speak, nil)
		h.must(err)
		h.page.SetReadLimit(64 << 20)
		return
	}
	h.t.Fatalf("no tab is at %q: there are %v", address, h.tabs())
}
