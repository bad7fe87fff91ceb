package export_test

import "time"

// item and attempt are read as any reader does: their JSON columns as text in Parquet,
// as JSON in JSON.
type item struct {
	Key      string     `json:"key" parquet:"key"`
	Seq      int64      `json:"seq" parquet:"seq"`
	Status   string     `json:"status" parquet:"status"`
	Reason   string     `json:"reason" parquet:"reason"`
	TookMS   int64      `json:"took_ms" parquet:"took_ms"`
	Finished *time.Time `json:"finished" parquet:"finished,optional,timestamp(millisecond)"`
	Files    []string   `json:"files" parquet:"files,list"`
	Row      text       `json:"row" parquet:"row"`
	Record   text       `json:"record" parquet:"record"`
}

type attempt struct {
	Key     string    `json:"key" parquet:"key"`
	Number  int64     `json:"number" parquet:"number"`
	Started time.Time `json:"started" parquet:"started,timestamp(millisecond)"`
	Phases  text      `json:"phases_ms" parquet:"phases_ms"`
	Steps   text      `json:"steps" parquet:"steps"`
}

type text string

func (t *text) UnmarshalJSON(src []byte) error {
	*t = text(src)
	return nil
}
