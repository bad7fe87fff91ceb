package browser

import (
	"context"
	"log/slog"
	"time"

	"github.com/playwright-community/playwright-go"
)

// Options say which browser to start, and when another.
type Options struct {
	// DriverDir is what Playwright's driver is started from, Node is the node executable and
	// Executable the browser's. "" leaves the choice to Playwright.
	DriverDir, Node, Executable string
	// Headed shows the browser's windows.
	Headed bool
	// Args are further switches of the browser's command line.
	Args []string
	// Authorities is a file of certificates in PEM that the driver trusts beside its
	// own, where it speaks TLS for the browser; "" adds none.
	Authorities string
	// Block names what pages need not load: image, font, media, stylesheet.
	Block []string
	// Recycle says when a browser is made new.
	Recycle Recycle
	// Processes is where the processes that were started are written down, for
	// [EndLeftProcesses]; "" is nowhere.
	Processes string
	// Downloads is where a folder is made for what browsers download until it is
	// taken; "" means the system's folder for such files.
	Downloads string
	// CloseLimit bounds each close; the default is 5 s.
	CloseLimit time.Duration
	// Log is told what was made new; the default discards it.
	Log *slog.Logger
	// Extension is told of what is opened; it may be nil.
	Extension Extension
}

// Recycle bounds the life of a browser. Zero is without bound.
type Recycle struct {
	// Items are those that a browser serves, Memory is in bytes, of a browser
	// and its driver.
	Items  int
	Memory int64
	// MinItems is the number of items after which the memory counts: a browser that
	// is above the limit from its start must be let work too.
	MinItems int
}

// Extension prepares browsers and their contexts before they are used.
type Extension interface {
	BrowserStarted(ctx context.Context, b *Browser) error
	ContextOpened(ctx context.Context, c playwright.BrowserContext) error
}
