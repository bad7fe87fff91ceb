package pipeline

import (
	"context"
	"fmt"
	"io"
	"os"
)

// Store keeps the output folder's files: staged, proved, then put in place.
// All methods are safe for concurrent use.
type Store interface {
	// Create opens an empty staged file, on the same file system as its final
	// place and under no item's name.
	Create(ctx context.Context) (Staged, error)
	// Prove reads a closed staged file and tells what it is. The error says
	// which expectation it fails; it is a *ProofError.
	Prove(ctx context.Context, f Staged, want Expectation) (Proof, error)
	// Examine is Prove for a file that is not staged: one that may be the item's.
	Examine(ctx context.Context, file *os.File, want Expectation) (Proof, error)
	// Unpack stages the files in a closed staged ZIP archive that Prove has
	// taken for one, in the archive's order. The caller settles each of them; the
	// archive stays as it is. An archive whose files cannot be had, safely and
	// all of them, is a *ProofError.
	Unpack(ctx context.Context, f Staged) ([]Member, error)
	// Claim makes sure that the files of one item can have these names, before
	// any is placed. The error is a *ProofError when another file has one of
	// them but for its case, or when two of the names are the same.
	Claim(ctx context.Context, names ...string) error
	// List finds out which names are taken, by what is in place now.
	List(ctx context.Context) error
	// Know tells of files that others have placed since.
	Know(ctx context.Context, names ...string) error
	// Place brings the staged file, durably, to name (see Name) among the placed
	// files. A reader never sees it half-written.
	Place(ctx context.Context, f Staged, name string) error
	// Keep copies the placed file of these bytes, durably, to another name. It
	// may be called again, whatever came between. The error is fs.ErrNotExist
	// when neither name has these bytes.
	Keep(ctx context.Context, name, sha256, as string) error
	// Save holds the placed file of these bytes aside, durably, while newer ones
	// take their names; Saved lists the hashes of what is held. Restore puts one back
	// to its name, unless that has these bytes, and DropSaved removes it. The error
	// of Save is fs.ErrNotExist when no file has the name.
	Save(ctx context.Context, name, sha256 string) error
	Saved() ([]string, error)
	Restore(ctx context.Context, sha256, name string) error
	DropSaved(sha256 string) error
	// Remove removes a placed file, if it is there.
	Remove(ctx context.Context, name string) error
	// Name makes a name from item data safe, or says why it cannot be.
	Name(name string) (string, error)
}

// Staged is a file on its way: written once, closed, then placed or discarded.
type Staged interface {
	io.Writer
	// Close ends the writing. It may be called more than once.
	Close() error
	// Size is the number of bytes written so far.
	Size() int64
	// SHA256 is the hash of the bytes written, in lower-case hexadecimal.
	SHA256() string
	// Path is where the staged bytes are now.
	Path() string
	// Discard closes and removes the staged file; after Place it does nothing.
	Discard()
	// SetAside keeps the staged file as evidence under evidence/, with the
	// item's key in its name, and returns that path.
	SetAside(key string) (string, error)
}

// Member is a file out of an archive.
type Member struct {
	// Name is the last part of its name in the archive.
	Name string
	Staged
}

// Expectation is what a file must be before it counts, with all expressions
// already evaluated.
type Expectation struct {
	// Type is pdf, xlsx, docx, pptx, csv, zip, image, html or any; or ole, json, xml,
	// txt, rtf, odt, ods, odp, gz, tar, 7z or rar, as endings of names say; "" means
	// any file that is neither an HTML page nor an error message.
	Type string
	// OpenEnd is true for a file of which the site has not said where it ends: it
	// counts if its type has an end of its own.
	OpenEnd bool
	// MinSize and MaxSize are in bytes; 0 means no bound.
	MinSize, MaxSize int64
	// MinPages and MaxPages bound the pages of a PDF; 0 means no bound, but a
	// PDF has one page at least.
	MinPages, MaxPages int
	// Contains lists texts that must all be in the file's text, as whole words;
	// white space and Unicode forms are compared tolerantly.
	Contains []string
	// Others are by a text of Contains what other items have in its place and what
	// holds it, as "North Shore" does "North": there it does not count.
	Others map[string][]string
	// NotContains lists texts of which none may be in the file's text, not even as
	// part of a word.
	NotContains []string
}

// Proof is what the store found in a file.
type Proof struct {
	Type  string
	Pages int
	// Text is the file's text, up to 4 MiB, for types that have one. HasText is
	// false when it could not be read.
	Text    string
	HasText bool
	// What names the file for a person: "a PDF of 3 pages".
	What string
}

// ProofError says which expectation a file does not meet, and what it is.
type ProofError struct {
	// Check is type, size, whole, pages, contains, not_contains, matches, unique,
	// many, name, healed, or taken for a file that the item has already.
	Check string
	// Reason is a full sentence part: "is the login page titled \"Sign in\", not a PDF".
	Reason string
	// Member is the file's name in the archive that it came in, if it did.
	Member string
	// InDoubt is true when the reason may be gone once the whole source is read.
	InDoubt bool
}

func (e *ProofError) Error() string {
	if e.Member != "" {
		return fmt.Sprintf("file %.80q of the archive %s", e.Member, e.Reason)
	}
	return "file " + e.Reason
}
