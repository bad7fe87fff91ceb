package pipeline

import (
	"context"
	"time"

	"github.com/playwright-community/playwright-go"
)

// EvidenceOf is what failed.
type EvidenceOf string

// What evidence is kept of.
const (
	EvidenceOfItem   EvidenceOf = "item"
	EvidenceOfLogin  EvidenceOf = "login"
	EvidenceOfSource EvidenceOf = "source"
)

// Evidence is what was kept of a failure, free of secrets: files in a folder of its own.
type Evidence struct {
	Run int64
	// Number counts the evidence of a run from 1, in the order of its coming.
	Number int
	Of     EvidenceOf
	// Key and Attempt are the item's; "" and 0 of a login or the source.
	Key     string
	Attempt int
	Worker  string
	Class   Class
	// Step and Reason are those of the failure, URL is where the page was, without its
	// query.
	Step, Reason, URL string
	Taken             time.Time
	// Folder is below the output folder, with forward slashes.
	Folder string
	Files  []EvidenceFile
}

// Failure is what evidence may be kept of.
type Failure struct {
	Of EvidenceOf
	// Key, Attempt, Worker, Class, Step and Reason are as in [Evidence]; the reason may
	// hold secrets.
	Key     string
	Attempt int
	Worker  string
	Class   Class
	Step    string
	Reason  string
	// Page shows what failed, and nobody uses it meanwhile; nil for a failure without a
	// page.
	Page playwright.Page
	// Opening is the address of an answer that the failure is about: the page may be just
	// about to show it. "" for none.
	Opening string
	// SecretFields are fields on it that a secret was put into.
	SecretFields []playwright.Locator
	// Trace is what was begun for the attempt by [EvidenceTaker.Trace]; nil for none.
	Trace AttemptTrace
	// File is a file that was refused, below the output folder; "" for none.
	File string
}

// EvidenceTaker keeps evidence of the first failures of each cause, within bounds. Methods
// are safe for concurrent use.
type EvidenceTaker interface {
	// Begin tells of the run's number. Before that nothing is kept.
	Begin(run int64)
	// Take keeps evidence of a failure and gives its folder below the output folder; ""
	// where there is enough. It takes some seconds at most, and ends with ctx. What
	// goes wrong with it is no failure of the run.
	Take(ctx context.Context, f Failure) (folder string)
	// Trace begins to trace what is done in the page's browser context, in which no other
	// page is at work; nil where that is not wanted, or there is enough.
	Trace(ctx context.Context, page playwright.Page) AttemptTrace
}

// AttemptTrace is a trace under way. It serves one goroutine.
type AttemptTrace interface {
	// BeginStep puts what is done from now on under a step, EndStep ends the one that began
	// last.
	BeginStep(ctx context.Context, path string)
	EndStep(ctx context.Context)
	// Drop ends the trace and keeps nothing of it. Once it was taken with its failure, or
	// dropped, it does nothing.
	Drop(ctx context.Context)
}

// EvidenceFile is a file of an Evidence.
type EvidenceFile struct {
	// Name is the name in its folder: one of the constants below.
	Name string `json:"name"`
	// Size is in bytes.
	Size int64 `json:"size"`
}

// The files that evidence may have.
const (
	// EvidenceScreenshot is a PNG of what the page showed.
	EvidenceScreenshot = "screenshot.png"
	// EvidencePage is the page with its resources, as MHTML.
	EvidencePage = "page.mhtml"
	// EvidenceMessages is JSON: what the page said, its console's errors and the
	// requests that failed since its last navigation. See package evidence.
	EvidenceMessages = "messages.json"
	// EvidenceTrace is a trace of the attempt for Playwright's trace viewer.
	EvidenceTrace = "trace.zip"
)
