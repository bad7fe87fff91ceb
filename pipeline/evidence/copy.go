package evidence

import (
	"context"
	"errors"
	"fmt"

	"pipe/specs/secret"
	"pipe/steps"
)

// archiveMost is how big the copy of a page is at most; of a bigger one the documents and
// styles alone are kept.
const archiveMost = 20 << 20

// copyPage makes a copy of the page with its resources, as MHTML, without secrets.
func (t *tab) copyPage(ctx context.Context, hide *secret.Redactor) ([]byte, error) {
	if t.bytes > copyMost {
		return nil, fmt.Errorf("it is too big: %d MB", t.bytes>>20)
	}
	answer, err := steps.CallWithin(ctx, copyLimit, "copying the page", func() (any, error) {
		return t.cdp.Send("Page.captureSnapshot", map[string]any{"format": "mhtml"})
	})
	if err != nil {
		return nil, err
	}
	fields, _ := answer.(map[string]any)
	text, _ := fields["data"].(string)
	if text == "" {
		return nil, errors.New("the browser gives none")
	}
	all := func(string) bool { return true }
	archive, err := rewriteArchive(text, hide, all)
	if err == nil && len(archive) > archiveMost {
		archive, err = rewriteArchive(text, hide, isText)
	}
	if err == nil && len(archive) > archiveMost {
		err = fmt.Errorf("it is too big: %d MB", len(archive)>>20)
	}
	return archive, err
}
