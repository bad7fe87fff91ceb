package evidence

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"pipe/pipeline"
)

// Messages is what messages.json holds: the failure, and what there was to read about it.
// All of it is free of secrets, and what the site has written is data: nobody has made it
// fit for a terminal or a page.
type Messages struct {
	Of      pipeline.EvidenceOf `json:"of"`
	Key     string              `json:"key,omitempty"`
	Attempt int                 `json:"attempt,omitempty"`
	Step    string              `json:"step,omitempty"`
	Class   pipeline.Class      `json:"class,omitempty"`
	Reason  string              `json:"reason"`
	Taken   time.Time           `json:"taken"`
	// URL is where the page was, without its query, Title what it calls itself.
	URL   string `json:"url,omitempty"`
	Title string `json:"title,omitempty"`
	// Messages are the alerts that the page shows, and what it says of fields that are
	// filled in wrongly.
	Messages []string `json:"messages,omitempty"`
	// Console are the errors in the page's console since its last navigation, Requests
	// the requests that failed since.
	Console  []string  `json:"console,omitempty"`
	Requests []Request `json:"requests,omitempty"`
	// File is a file that came and was refused, below the output folder.
	File string `json:"file,omitempty"`
	// Lacks says what could not be had, and why.
	Lacks []string `json:"lacks,omitempty"`
}

// Request is a request that failed.
type Request struct {
	// URL is without its query.
	URL string `json:"url"`
	// Failure is what the browser says, as "the server responded with a status of 500
	// (Internal Server Error)" or "net::ERR_CONNECTION_REFUSED".
	Failure string `json:"failure"`
}

// Read reads the messages in a folder of evidence. The error is fs.ErrNotExist where there
// are none.
func Read(folder string) (Messages, error) {
	var m Messages
	data, err := os.ReadFile(filepath.Join(filepath.Clean(folder), pipeline.EvidenceMessages))
	if err == nil {
		err = json.Unmarshal(data, &m)
	}
	if err != nil {
		return m, fmt.Errorf("reading evidence: %w", err)
	}
	return m, nil
}

// redacted takes the secrets out of all that anybody else has written.
func (m *Messages) redacted(redact func(string) string) {
	m.Key, m.Step, m.Reason, m.URL, m.Title, m.File = redact(m.Key), redact(m.Step), redact(m.Reason), redact(m.URL), redact(m.Title), redact(m.File)
	for _, texts := range [][]string{m.Messages, m.Console, m.Lacks} {
		for i, text := range texts {
			texts[i] = cut(redact(text))
		}
	}
	for i, r := range m.Requests {
		m.Requests[i] = Request{redact(r.URL), cut(redact(r.Failure))}
	}
}

// textMost is how much of a text is kept, in bytes.
const textMost = 2000

// cut shortens a text that has no secrets any more.
func cut(text string) string {
	if len(text) <= textMost {
		return text
	}
	return strings.ToValidUTF8(text[:textMost], "") + " …"
}
