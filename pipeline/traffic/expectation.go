package traffic

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gopkg.in/yaml.v3"

	"pipe/pipeline"
	"pipe/pipeline/atomicfile"
)

// The files of a test, in the folder beside its spec.
const (
	ArchiveFile     = "traffic.har"
	ExpectationFile = "expect.yaml"
)

// Expectation is what a run of a spec came to when its traffic was recorded, and what the
// spec was read with: all of it scrubbed.
type Expectation struct {
	Recorded time.Time         `yaml:"recorded"`
	Env      map[string]string `yaml:"env,omitempty"`
	Secrets  map[string]string `yaml:"secrets,omitempty"`
	Set      map[string]string `yaml:"set,omitempty"`
	// Listed is how many items the source has.
	Listed int    `yaml:"listed"`
	Items  []Item `yaml:"items"`
	// Rows are those of a source that is not on the site.
	Rows []map[string]any `yaml:"rows,omitempty"`
}

// Item is what became of one item.
type Item struct {
	Key    string          `yaml:"key"`
	Status pipeline.Status `yaml:"status"`
	Class  pipeline.Class  `yaml:"class,omitempty"`
	// Reason is told of a failure, and not compared.
	Reason string `yaml:"-"`
	Step   string `yaml:"step,omitempty"`
	Record Record `yaml:"record,omitempty"`
	Files  []File `yaml:"files,omitempty"`
}

// File is a file of an item: its bytes by their hash, or its text, where a browser makes
// other bytes of the same each time.
type File struct {
	Name   string `yaml:"name"`
	Type   string `yaml:"type"`
	SHA256 string `yaml:"sha256,omitempty"`
	Text   string `yaml:"text,omitempty"`
}

// Record is an item's record, its fields in their order.
type Record []pipeline.Field

// MarshalYAML writes it as a mapping.
func (r Record) MarshalYAML() (any, error) {
	out := &yaml.Node{Kind: yaml.MappingNode}
	for _, f := range r {
		var name, value yaml.Node
		name.SetString(f.Name)
		if err := value.Encode(f.Value); err != nil {
			return nil, err
		}
		out.Content = append(out.Content, &name, &value)
	}
	return out, nil
}

// UnmarshalYAML reads it.
func (r *Record) UnmarshalYAML(n *yaml.Node) error {
	for i := 0; i+1 < len(n.Content); i += 2 {
		f := pipeline.Field{Name: n.Content[i].Value}
		if err := n.Content[i+1].Decode(&f.Value); err != nil {
			return err
		}
		*r = append(*r, f)
	}
	return nil
}

const expectationHead = "# What `pipe test` holds a run against the recorded traffic to. `pipe test --update` rewrites it.\n"

// Load reads the test in a folder.
func Load(dir string) (*Archive, *Expectation, error) {
	src, err := os.ReadFile(filepath.Join(dir, ExpectationFile)) //nolint:gosec // it is the user's own
	if err != nil {
		return nil, nil, fmt.Errorf("reading what is expected: %w", err)
	}
	var e Expectation
	dec := yaml.NewDecoder(bytes.NewReader(src))
	dec.KnownFields(true)
	if err := dec.Decode(&e); err != nil {
		return nil, nil, fmt.Errorf("reading %s: %w", filepath.Join(dir, ExpectationFile), err)
	}
	f, err := os.Open(filepath.Join(dir, ArchiveFile)) //nolint:gosec // it is the user's own
	if err != nil {
		return nil, nil, fmt.Errorf("reading the recorded traffic: %w", err)
	}
	defer func() { _ = f.Close() }()
	a, err := Read(f)
	return a, &e, err
}

// Text is the expectation as its file has it.
func (e *Expectation) Text() ([]byte, error) {
	var out bytes.Buffer
	out.WriteString(expectationHead)
	enc := yaml.NewEncoder(&out)
	enc.SetIndent(2)
	if err := enc.Encode(e); err != nil {
		return nil, fmt.Errorf("writing what is expected: %w", err)
	}
	return out.Bytes(), enc.Close()
}

// Save writes what is expected, and the traffic, nil to leave that as it is, and gives the
// size of both in bytes.
func Save(dir string, a *Archive, e *Expectation) (int, error) {
	text, err := e.Text()
	if err != nil {
		return 0, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // it is for the repository
		return 0, fmt.Errorf("making the folder of the test: %w", err)
	}
	size := len(text)
	if a != nil {
		var traffic bytes.Buffer
		if err := a.Write(&traffic); err != nil {
			return 0, err
		}
		size += traffic.Len()
		if err := write(filepath.Join(dir, ArchiveFile), traffic.Bytes()); err != nil {
			return 0, fmt.Errorf("writing the recorded traffic: %w", err)
		}
	}
	if err := write(filepath.Join(dir, ExpectationFile), text); err != nil {
		return 0, fmt.Errorf("writing what is expected: %w", err)
	}
	return size, nil
}

// With is an expectation whose run came to something else. Files are told by their hash or
// by their text as before, those of which neither was told by both.
func (e *Expectation) With(got *Expectation) *Expectation {
	out := *e
	out.Listed, out.Items = got.Listed, slices.Clone(got.Items)
	byText, known := map[string]bool{}, map[string]bool{}
	for _, item := range e.Items {
		for _, f := range item.Files {
			byText[f.Name], known[f.Name] = f.Text != "", f.Text != "" || f.SHA256 != ""
		}
	}
	for i := range out.Items {
		out.Items[i].Files = slices.Clone(out.Items[i].Files)
		for n := range out.Items[i].Files {
			f := &out.Items[i].Files[n]
			switch {
			case byText[f.Name] && f.Text != "":
				f.SHA256 = ""
			case known[f.Name]:
				f.Text = ""
			}
		}
	}
	return &out
}

// ByText has the files told by their text whose bytes are in no answer of the archive:
// the browser has made them, and makes them anew each time.
func (e *Expectation) ByText(a *Archive) {
	came := map[string]bool{}
	for _, one := range a.Exchanges() {
		sum := sha256.Sum256(one.Body)
		came[hex.EncodeToString(sum[:])] = true
	}
	for _, item := range e.Items {
		for n := range item.Files {
			if f := &item.Files[n]; !came[f.SHA256] && f.Text != "" {
				f.SHA256 = ""
			} else {
				f.Text = ""
			}
		}
	}
}

func write(path string, text []byte) error {
	return atomicfile.Write(path, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}
