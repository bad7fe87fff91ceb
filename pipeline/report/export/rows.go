package export

import (
	"bytes"
	"encoding/json"
	"fmt"
	"time"

	"pipe/pipeline"
	"pipe/pipeline/orderedjson"
)

// The tables. A column has one name in all formats. Times are in UTC, and have no value
// where there is none; durations are in milliseconds.

// Item is a row of items: those of the list, in its order.
type Item struct {
	Key      string     `json:"key" parquet:"key" doc:"what identifies it"`
	Seq      int64      `json:"seq" parquet:"seq" doc:"its place in the list, from 1"`
	Status   string     `json:"status" parquet:"status,dict" doc:"pending, done, skipped or failed"`
	Stale    bool       `json:"stale" parquet:"stale" doc:"it is done and could not be done again"`
	Due      bool       `json:"due" parquet:"due" doc:"it is done and to be done again"`
	Class    string     `json:"class" parquet:"class,dict" doc:"why its newest attempt failed"`
	Reason   string     `json:"reason" parquet:"reason" doc:"the same, in words; also why it was skipped"`
	Step     string     `json:"step" parquet:"step,dict" doc:"where it failed"`
	Attempts int64      `json:"attempts" parquet:"attempts" doc:"how many there were, over all runs"`
	Run      int64      `json:"run" parquet:"run" doc:"the run of the newest, 0 for none"`
	TookMS   int64      `json:"took_ms" parquet:"took_ms" doc:"how long that took"`
	Finished *time.Time `json:"finished" parquet:"finished,optional,timestamp(millisecond)" doc:"when it became done, skipped or failed"`
	Files    []string   `json:"files" parquet:"files,list" doc:"its files, below files/"`
	Row      jsonText   `json:"row" parquet:"row,json" doc:"the source's columns, as JSON"`
	Record   jsonText   `json:"record" parquet:"record,json" doc:"its record, as JSON"`
}

// Attempt is a row of attempts, in the order of their beginning.
type Attempt struct {
	Key       string     `json:"key" parquet:"key" doc:"the item's key"`
	Number    int64      `json:"number" parquet:"number" doc:"counts the item's attempts from 1"`
	Run       int64      `json:"run" parquet:"run" doc:"the run's number"`
	Worker    string     `json:"worker" parquet:"worker,dict" doc:"which of its workers"`
	Started   time.Time  `json:"started" parquet:"started,timestamp(millisecond)" doc:"when it began"`
	Ended     *time.Time `json:"ended" parquet:"ended,optional,timestamp(millisecond)" doc:"when it ended, without a value while it goes on"`
	Status    string     `json:"status" parquet:"status,dict" doc:"what the item was after it: pending is to be tried again"`
	Class     string     `json:"class" parquet:"class,dict" doc:"why it failed"`
	Reason    string     `json:"reason" parquet:"reason" doc:"the same, in words"`
	Step      string     `json:"step" parquet:"step,dict" doc:"where"`
	Uncounted bool       `json:"uncounted" parquet:"uncounted" doc:"it cost the item no try"`
	Phases    jsonText   `json:"phases_ms" parquet:"phases_ms,json" doc:"how long it spent in each stage, as JSON"`
	Steps     jsonText   `json:"steps" parquet:"steps,json" doc:"each of its steps, with at_ms since its beginning and took_ms, as JSON"`
}

// Run is a row of runs, the oldest first.
type Run struct {
	Number     int64      `json:"number" parquet:"number" doc:"counts them from 1"`
	Spec       string     `json:"spec" parquet:"spec,dict" doc:"the spec's name"`
	Revision   string     `json:"revision" parquet:"revision,dict" doc:"the SHA-256 of the spec as it was"`
	Partial    bool       `json:"partial" parquet:"partial" doc:"it was to do a part of the list alone"`
	State      string     `json:"state" parquet:"state,dict" doc:"running, finished, interrupted, stopped or died"`
	Reason     string     `json:"reason" parquet:"reason" doc:"how it ended"`
	Started    time.Time  `json:"started" parquet:"started,timestamp(millisecond)" doc:"when it began"`
	Ended      *time.Time `json:"ended" parquet:"ended,optional,timestamp(millisecond)" doc:"when it ended"`
	Attempts   int64      `json:"attempts" parquet:"attempts" doc:"how many of its attempts ended"`
	Uncounted  int64      `json:"uncounted" parquet:"uncounted" doc:"how many of them cost no try"`
	Done       int64      `json:"done" parquet:"done" doc:"items that it did"`
	Skipped    int64      `json:"skipped" parquet:"skipped" doc:"items that it skipped"`
	Failed     int64      `json:"failed" parquet:"failed" doc:"items that failed for good"`
	Duplicates int64      `json:"duplicates" parquet:"duplicates" doc:"rows whose key was there before"`
	Bad        int64      `json:"bad_rows" parquet:"bad_rows" doc:"rows that are no items"`
	Length     *int64     `json:"source_rows" parquet:"source_rows,optional" doc:"how many rows the list has, without a value where its end was not reached"`
}

// File is a row of files: those in place, in the order of the list, and then the older
// ones that are kept.
type File struct {
	Key      string     `json:"key" parquet:"key" doc:"the item's key"`
	Name     string     `json:"name" parquet:"name" doc:"its path below files/"`
	Size     int64      `json:"size" parquet:"size" doc:"in bytes"`
	SHA256   string     `json:"sha256" parquet:"sha256" doc:"of its bytes"`
	Type     string     `json:"type" parquet:"type,dict" doc:"what it is: pdf, csv, zip, …"`
	Pages    int64      `json:"pages" parquet:"pages" doc:"of a PDF, else 0"`
	Via      string     `json:"via" parquet:"via,dict" doc:"which way it came"`
	URL      string     `json:"url" parquet:"url" doc:"where from, without its query"`
	Finished *time.Time `json:"finished" parquet:"finished,optional,timestamp(millisecond)" doc:"when its item was done"`
	Version  bool       `json:"version" parquet:"version" doc:"it is an older one, which another has replaced"`
}

// jsonText is JSON: text in CSV and Parquet, and itself in JSON.
type jsonText string

// MarshalJSON gives it as it is.
func (t jsonText) MarshalJSON() ([]byte, error) { return []byte(t), nil }

// textOf makes it of JSON, in a line and with nothing that a terminal obeys.
func textOf(src []byte) (jsonText, error) {
	var text bytes.Buffer
	err := json.Compact(&text, src)
	return jsonText(orderedjson.Quiet(text.Bytes())), err
}

// timeOf is a time, nil for none.
func timeOf(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	t = t.UTC()
	return &t
}

// recordOf is a record as an object, with its fields in their order.
func recordOf(fields []pipeline.Field) (jsonText, error) {
	var record bytes.Buffer
	object := orderedjson.NewObject(&record, "")
	for _, f := range fields {
		if err := object.Add(f.Name, f.Value); err != nil {
			return "", err
		}
	}
	if err := object.End(); err != nil {
		return "", err
	}
	return textOf(record.Bytes())
}

func itemOf(d pipeline.ItemDetail) (Item, error) {
	row, err := textOf([]byte(d.Fields))
	if err != nil {
		return Item{}, fmt.Errorf("encoding the row of item %q: %w", d.Key, err)
	}
	record, err := recordOf(d.Record)
	if err != nil {
		return Item{}, fmt.Errorf("encoding the record of item %q: %w", d.Key, err)
	}
	files := d.Files
	if files == nil {
		files = []string{}
	}
	return Item{
		Key: d.Key, Seq: int64(d.Seq), Status: string(d.Status), Stale: d.Stale, Due: d.Due, Class: string(d.Class), Reason: d.Reason, Step: d.Step,
		Attempts: int64(d.Attempts), Run: d.Run, TookMS: d.Took.Milliseconds(), Finished: timeOf(d.Finished), Files: files,
		Row: row, Record: record,
	}, nil
}

func attemptOf(a pipeline.AttemptRow) (Attempt, error) {
	times := a.Times()
	phasesText, err := json.Marshal(times.Phases)
	if err != nil {
		return Attempt{}, fmt.Errorf("encoding the stages of an attempt at item %q: %w", a.Key, err)
	}
	encoded, err := orderedjson.Encode(times.Steps)
	if err != nil {
		return Attempt{}, fmt.Errorf("encoding the steps of an attempt at item %q: %w", a.Key, err)
	}
	return Attempt{
		Key: a.Key, Number: int64(a.Number), Run: a.Run, Worker: a.Worker, Started: a.Started.UTC(), Ended: timeOf(a.Ended), Status: string(a.Status),
		Class: string(a.Class), Reason: a.Reason, Step: a.Step, Uncounted: a.Uncounted, Phases: jsonText(phasesText), Steps: jsonText(orderedjson.Quiet(encoded)),
	}, nil
}

func runOf(r pipeline.RunRow, now time.Time, deserted bool) Run {
	run := Run{
		Number: r.Number, Spec: r.Spec, Revision: r.Revision, Partial: r.Partial, State: string(r.State(now, deserted)), Reason: r.Reason,
		Started: r.Started.UTC(), Ended: timeOf(r.Ended), Attempts: int64(r.Attempts), Uncounted: int64(r.Uncounted), Done: int64(r.Done),
		Skipped: int64(r.Skipped), Failed: int64(r.Failed), Duplicates: int64(r.Duplicates), Bad: int64(r.Bad),
	}
	if length := int64(r.Length); length >= 0 {
		run.Length = &length
	}
	return run
}

func fileOf(r pipeline.FileRow, older bool) File {
	f := r.File
	return File{
		Key: r.Key, Name: f.Name, Size: f.Size, SHA256: f.SHA256, Type: f.Type, Pages: int64(f.Pages), Via: f.Via, URL: f.URL,
		Finished: timeOf(r.Finished), Version: older,
	}
}
