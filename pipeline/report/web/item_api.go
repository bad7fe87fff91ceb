package web

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"
	"time"

	"pipe/pipeline"
	"pipe/specs"
)

type itemDetail struct {
	itemView
	Line     string         `json:"line,omitempty"`
	Fields   []fieldView    `json:"fields"`
	Record   []fieldView    `json:"record"`
	Files    []fileView     `json:"files"`
	History  []attemptView  `json:"history"`
	Evidence []evidenceView `json:"evidence"`
}

// fieldView is a value as text.
type fieldView struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

type fileView struct {
	Name  string `json:"name"`
	Href  string `json:"href"`
	Type  string `json:"type"`
	Shown string `json:"shown,omitempty"` // pdf or image, where the browser can show it
	Size  int64  `json:"size"`
	Pages int    `json:"pages,omitempty"`
	Via   string `json:"via,omitempty"`
	URL   string `json:"url,omitempty"`
	SHA   string `json:"sha256"`
}

type attemptView struct {
	Number    int             `json:"number"`
	Run       int64           `json:"run"`
	Worker    string          `json:"worker"`
	Started   time.Time       `json:"started"`
	Ended     time.Time       `json:"ended,omitzero"`
	Status    pipeline.Status `json:"status"`
	Class     pipeline.Class  `json:"class,omitempty"`
	Reason    string          `json:"reason,omitempty"`
	Step      string          `json:"step,omitempty"`
	Uncounted bool            `json:"uncounted,omitempty"`
	pipeline.AttemptTimes
}

type evidenceView struct {
	Run     int64               `json:"run"`
	Number  int                 `json:"number"`
	Of      pipeline.EvidenceOf `json:"of"`
	Key     string              `json:"key,omitempty"`
	Attempt int                 `json:"attempt,omitempty"`
	Class   pipeline.Class      `json:"class"`
	Step    string              `json:"step"`
	Reason  string              `json:"reason"`
	URL     string              `json:"url"`
	Taken   time.Time           `json:"taken"`
	Files   []evidenceFile      `json:"files"`
}

type evidenceFile struct {
	Name string `json:"name"`
	Href string `json:"href"`
	Size int64  `json:"size"`
}

func (h *handler) showItem(r *http.Request) (itemDetail, error) {
	spec, led, err := h.mustLedger(r)
	if err != nil {
		return itemDetail{}, err
	}
	key := r.URL.Query().Get("key")
	item, is, err := led.Item(r.Context(), key)
	if err != nil {
		return itemDetail{}, err
	}
	if !is {
		return itemDetail{}, &statusError{http.StatusNotFound, "there is no such item"}
	}
	view := itemDetail{
		itemView: spec.viewItem(item.ItemRow), Line: spec.Kept.Line(placeOf(item.Step)), Fields: spec.fieldsOf(item.Fields), Record: []fieldView{},
		Files: []fileView{}, History: []attemptView{}, Evidence: []evidenceView{},
	}
	for _, field := range item.Record {
		view.Record = append(view.Record, fieldView{field.Name, spec.Kept.Redact(textOf(field.Value))})
	}
	return view, view.readMore(r.Context(), spec, led, key)
}

func (v *itemDetail) readMore(ctx context.Context, spec *Spec, led Ledger, key string) error {
	files, err := led.Standing(ctx, key)
	if err != nil {
		return err
	}
	for _, f := range files {
		v.Files = append(v.Files, spec.viewFile(f.File))
	}
	for a, err := range led.Attempts(ctx, pipeline.Of{Key: key}) {
		if err != nil {
			return err
		}
		v.History = append(v.History, spec.viewAttempt(a))
	}
	for e, err := range led.Evidence(ctx, pipeline.Of{Key: key}) {
		if err != nil {
			return err
		}
		v.Evidence = append(v.Evidence, spec.viewEvidence(e))
	}
	return nil
}

func (s *Spec) viewAttempt(a pipeline.AttemptRow) attemptView {
	return attemptView{
		Number: a.Number, Run: a.Run, Worker: a.Worker, Started: a.Started, Ended: a.Ended, Status: a.Status, Class: a.Class,
		Reason: s.Kept.Redact(a.Reason), Step: a.Step, Uncounted: a.Uncounted, AttemptTimes: a.Times(),
	}
}

func (s *Spec) viewFile(f pipeline.File) fileView {
	return fileView{
		Name: f.Name, Href: address("files", s.ID) + "/" + escaped(f.Name), Type: f.Type, Shown: shownAs(f), Size: f.Size, Pages: f.Pages,
		Via: f.Via, URL: s.Kept.Redact(f.URL), SHA: f.SHA256,
	}
}

func (s *Spec) viewEvidence(e pipeline.Evidence) evidenceView {
	v := evidenceView{
		Run: e.Run, Number: e.Number, Of: e.Of, Key: e.Key, Attempt: e.Attempt, Class: e.Class, Step: e.Step, Reason: s.Kept.Redact(e.Reason),
		URL: s.Kept.Redact(e.URL), Taken: e.Taken, Files: []evidenceFile{},
	}
	for _, f := range e.Files {
		at := address("evidence", s.ID, strconv.FormatInt(e.Run, 10), strconv.Itoa(e.Number), f.Name)
		v.Files = append(v.Files, evidenceFile{f.Name, at, f.Size})
	}
	return v
}

// fieldsOf are the members of an object, by their names.
func (s *Spec) fieldsOf(object string) []fieldView {
	var members map[string]any
	if json.Unmarshal([]byte(object), &members) != nil {
		return []fieldView{}
	}
	views := []fieldView{}
	for _, name := range specs.EachColumnOnce(members) {
		views = append(views, fieldView{name, s.Kept.Redact(textOf(members[name]))})
	}
	return views
}

// textOf shows a value: a text as it is, all else as JSON.
func textOf(value any) string {
	if text, is := value.(string); is {
		return text
	}
	text, err := json.Marshal(value)
	if err != nil {
		return ""
	}
	return string(text)
}

// address joins segments, each escaped.
func address(segments ...string) string {
	to := ""
	for _, one := range segments {
		to += "/" + url.PathEscape(one)
	}
	return to
}
