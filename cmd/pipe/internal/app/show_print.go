package app

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/orderedjson"
	"pipe/pipeline/report/console"
	"pipe/specs"
)

// print writes all that is known of an item, for a terminal; dir is the output folder.
func (s *itemShown) print(w io.Writer, dir string) {
	fmt.Fprintf(w, "%s: %s\n", console.Clean(s.Key), s.standing())
	own := []member{{"class", string(s.Class)}, {"reason", s.Reason}, {"step", s.Step}}
	if !s.Finished.IsZero() {
		own = append(own, member{"finished", moment(s.Finished)})
	}
	if s.Changed {
		own = append(own, member{"spec", "has changed since it failed"})
	}
	printMembers(w, "", own)
	printMembers(w, "row", columnsOf(s.Row))
	record := make([]member, len(s.Record))
	for i, f := range s.Record {
		record[i] = member{f.Name, valueText(f.Value)}
	}
	printMembers(w, "record", record)
	printFiles(w, "files", s.Files)
	printFiles(w, "older files", s.Versions)
	if len(s.Once) > 0 {
		fmt.Fprintln(w, "\ndone once")
	}
	for _, o := range s.Once {
		fmt.Fprintf(w, "  %s: %s, %s\n", console.Clean(o.Step), o.State, moment(o.Begun))
	}
	for _, a := range s.Attempts {
		a.print(w)
	}
	if len(s.Evidence) > 0 {
		fmt.Fprintln(w, "\nevidence")
	}
	for _, e := range s.Evidence {
		fmt.Fprintf(w, "  attempt %d  %s", e.Attempt, console.Clean(dir+"/"+e.Folder))
		for _, f := range e.Files {
			fmt.Fprintf(w, "  %s", console.Clean(f.Name))
		}
		fmt.Fprintln(w)
	}
	if s.Next.Line != "" {
		fmt.Fprintf(w, "\nnext: %s\n      %s\n", s.Next.Line, s.Next.Why)
	}
}

// standing is where the item stands, in words.
func (s *itemShown) standing() string {
	text := string(s.Status)
	if s.Stale {
		text += ", and could not be done again: what is here is what it was"
	}
	if s.Due {
		text += ", and due again"
	}
	if s.Gone {
		text += "; it has left the source"
	}
	return text
}

func (a attemptShown) print(w io.Writer) {
	how := string(a.Status)
	switch a.Status {
	case "":
		how = "under way"
	case pipeline.Pending:
		how = "failed, to be tried again"
	}
	if a.Class != "" {
		how += ", " + string(a.Class)
	}
	if a.Uncounted {
		how += ", at no cost"
	}
	fmt.Fprintf(w, "\nattempt %d, run %d, %s, %s, %v: %s\n", a.Number, a.Run, moment(a.Started), console.Clean(a.Worker), shortTime(time.Duration(a.TookMS)*time.Millisecond), how)
	if a.Reason != "" {
		fmt.Fprintf(w, "  %s\n", console.Clean(a.Reason))
	}
	if a.Step != "" {
		fmt.Fprintf(w, "  at %s\n", console.Clean(a.Step))
	}
	const wide = 32
	for _, s := range a.Steps {
		// Where in the attempt's time the step was.
		from := min(int(s.AtMS*wide/max(a.TookMS, 1)), wide-1)
		long := min(max(int(s.TookMS*wide/max(a.TookMS, 1)), 1), wide-from)
		bar := strings.Repeat(" ", from) + strings.Repeat("━", long) + strings.Repeat(" ", wide-from-long)
		fmt.Fprintf(w, "  %8v %8v  %s  %s\n", shortTime(time.Duration(s.AtMS)*time.Millisecond), shortTime(time.Duration(s.TookMS)*time.Millisecond), bar, console.Clean(s.Step))
	}
}

func printFiles(w io.Writer, what string, files []fileShown) {
	if len(files) > 0 {
		fmt.Fprintf(w, "\n%s\n", what)
	}
	for _, f := range files {
		kind := f.Type
		if f.Pages > 0 {
			kind += ", " + Count(f.Pages, "page")
		}
		state := "on the disk as on record"
		if f.Fault != "" {
			state = f.Fault
		}
		fmt.Fprintf(w, "  %s  %d bytes, %s; %s\n    sha256 %s\n", console.Clean(f.Name), f.Size, kind, state, f.SHA256)
		if f.Via != "" || f.URL != "" {
			fmt.Fprintf(w, "    via %s %s, %s\n", console.Clean(f.Via), console.Clean(f.URL), moment(f.Finished))
		}
	}
}

func moment(t time.Time) string { return t.Local().Format("2006-01-02 15:04:05") }

// member is a name and a value as text.
type member struct{ name, text string }

// printMembers prints those that have a value, under a heading.
func printMembers(w io.Writer, heading string, all []member) {
	wide := 0
	for _, m := range all {
		wide = max(wide, len(m.name))
	}
	if heading != "" && len(all) > 0 {
		fmt.Fprintf(w, "\n%s\n", heading)
	}
	for _, m := range all {
		if m.text != "" {
			fmt.Fprintf(w, "  %-*s  %s\n", min(wide, 24), console.Clean(m.name), console.Clean(m.text))
		}
	}
}

// columnsOf are the columns of a row: under the names that expressions use, where the
// row has them too.
func columnsOf(row json.RawMessage) []member {
	all, values := membersOf(row), map[string]any{}
	for _, m := range all {
		values[m.name] = m.text
	}
	once := specs.EachColumnOnce(values)
	return slices.DeleteFunc(all, func(m member) bool { return !slices.Contains(once, m.name) })
}

// membersOf gives the members of a JSON object in their order.
func membersOf(object json.RawMessage) (all []member) {
	decoder := json.NewDecoder(bytes.NewReader(object))
	if _, err := decoder.Token(); err != nil {
		return nil
	}
	for decoder.More() {
		name, err := decoder.Token()
		var value any
		if err == nil {
			err = decoder.Decode(&value)
		}
		if err != nil {
			return all
		}
		all = append(all, member{fmt.Sprint(name), valueText(value)})
	}
	return all
}

// valueText is a value as a person reads it.
func valueText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	default:
		text, err := orderedjson.Encode(v)
		if err != nil {
			return fmt.Sprint(v)
		}
		return string(text)
	}
}
