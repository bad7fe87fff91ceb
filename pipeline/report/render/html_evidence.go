package render

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"strings"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/report/console"
	"pipe/pipeline/report/summary"
)

const (
	// pictureMost is how many bytes a picture in the page may have, picturesMost all of
	// them, as the page holds them: what is beyond is a link.
	pictureMost  = 600 << 10
	picturesMost = 5 << 19 // 2.5 MB
	// messagesShown is how many messages are shown, each cut at messageMost bytes.
	messagesShown = 12
	messageMost   = 300
)

// pictures reads evidence for the page, within its limits.
type pictures struct {
	dir, root string
	messages  func(folder string) []string
	zone      *time.Location
	used      int
}

// evidenceView is a piece of evidence as the page shows it.
type evidenceView struct {
	Of, Class, Key, Reason, URL, Taken, Folder string
	Attempt                                    int
	Image                                      template.URL
	Messages                                   []string
	Files                                      []fileView
}

type fileView struct{ Name, Href, Size string }

func (p *pictures) view(e summary.Evidence) evidenceView {
	v := evidenceView{
		Of: string(e.Of), Attempt: e.Attempt, Class: string(e.Class), Key: console.Clean(e.Key), Reason: console.Clean(e.Reason), URL: console.Clean(e.URL),
		Taken: e.Taken.In(p.zone).Format("2006-01-02 15:04:05"), Folder: p.root + escapePath(e.Folder),
	}
	for _, f := range e.Files {
		v.Files = append(v.Files, fileView{Name: console.Clean(f.Name), Href: v.Folder + "/" + url.PathEscape(f.Name), Size: size(f.Size)})
	}
	if p.dir == "" || !filepath.IsLocal(filepath.FromSlash(e.Folder)) {
		return v
	}
	folder := filepath.Join(p.dir, filepath.FromSlash(e.Folder))
	if e.Has(pipeline.EvidenceScreenshot) {
		v.Image = p.image(filepath.Join(folder, pipeline.EvidenceScreenshot))
	}
	if e.Has(pipeline.EvidenceMessages) && p.messages != nil {
		v.Messages = shownMessages(p.messages(folder))
	}
	return v
}

// image is a picture as the page holds it, "" for one that is too large or gone.
func (p *pictures) image(name string) template.URL {
	info, err := os.Stat(name)
	if err != nil || info.Size() > pictureMost || p.used+base64.StdEncoding.EncodedLen(int(info.Size())) > picturesMost {
		return ""
	}
	src, err := os.ReadFile(name) //nolint:gosec // the output folder's own
	if err != nil {
		return ""
	}
	p.used += base64.StdEncoding.EncodedLen(len(src))
	return template.URL("data:image/png;base64," + base64.StdEncoding.EncodeToString(src)) //nolint:gosec // base64 alone
}

// shownMessages are the first of the messages, each cut at its length.
func shownMessages(all []string) (shown []string) {
	for _, text := range all[:min(len(all), messagesShown)] {
		shown = append(shown, cut(console.Clean(text), messageMost))
	}
	return shown
}

func escapePath(folder string) string {
	parts := strings.Split(path.Clean(folder), "/")
	for i, part := range parts {
		parts[i] = url.PathEscape(part)
	}
	return strings.Join(parts, "/")
}

func size(n int64) string {
	switch {
	case n >= 1<<20:
		return fmt.Sprintf("%.1f MB", float64(n)/(1<<20))
	case n >= 1<<10:
		return fmt.Sprintf("%d KB", n>>10)
	default:
		return fmt.Sprintf("%d bytes", n)
	}
}
