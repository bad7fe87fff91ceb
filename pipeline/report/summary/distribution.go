package summary

import (
	"math"
	"slices"
	"time"

	"pipe/pipeline"
)

// Stage is how long attempts spent in one stage.
type Stage struct {
	Name     string `json:"name"`
	Attempts int    `json:"attempts"`
	MedianMS int64  `json:"median_ms"`
	P90MS    int64  `json:"p90_ms"`
	MaxMS    int64  `json:"max_ms"`
	TotalMS  int64  `json:"total_ms"`
	// Buckets are the attempts by how long they took.
	Buckets []Bucket `json:"buckets"`
}

// Bucket counts what took FromMS or longer, and less than ToMS.
type Bucket struct {
	FromMS   float64 `json:"from_ms"`
	ToMS     float64 `json:"to_ms"`
	Attempts int     `json:"attempts"`
}

// Durations are counted in buckets that grow, each a twentieth of an octave: what is
// read off them is right to 4 % (half a bucket), whatever their number.
const (
	fine = 20
	// shown is how many buckets to an octave a report has.
	shown = 4
)

// distribution counts durations in constant memory.
type distribution struct {
	counts map[int]int
	n      int
	sum    time.Duration
	max    time.Duration
}

func (d *distribution) add(took time.Duration) {
	if d.counts == nil {
		d.counts = map[int]int{}
	}
	d.counts[bucketOf(took)]++
	d.n++
	d.sum += took
	d.max = max(d.max, took)
}

// bucketOf is the bucket of a duration; what took less than a millisecond is in the first.
func bucketOf(took time.Duration) int {
	if took < time.Millisecond {
		return 0
	}
	return int(math.Floor(math.Log2(float64(took)/float64(time.Millisecond)) * fine))
}

// edge is where a bucket begins, in milliseconds.
func edge(bucket int) float64 { return math.Exp2(float64(bucket) / fine) }

// quantile is what so large a part of the durations does not exceed, to half a bucket.
func (d *distribution) quantile(part float64) time.Duration {
	left := int(math.Ceil(part * float64(d.n)))
	for _, bucket := range d.buckets() {
		if left -= d.counts[bucket]; left <= 0 {
			middle := math.Sqrt(edge(bucket) * edge(bucket+1))
			return min(d.max, time.Duration(middle*float64(time.Millisecond)))
		}
	}
	return d.max
}

func (d *distribution) buckets() []int {
	all := make([]int, 0, len(d.counts))
	for bucket := range d.counts {
		all = append(all, bucket)
	}
	slices.Sort(all)
	return all
}

func (d *distribution) stage(name string) Stage {
	s := Stage{
		Name: name, Attempts: d.n, MedianMS: d.quantile(0.5).Milliseconds(), P90MS: d.quantile(0.9).Milliseconds(),
		MaxMS: d.max.Milliseconds(), TotalMS: d.sum.Milliseconds(),
	}
	for _, bucket := range d.buckets() {
		wide := bucket / (fine / shown) * (fine / shown)
		if n := len(s.Buckets); n == 0 || s.Buckets[n-1].FromMS < edge(wide) {
			s.Buckets = append(s.Buckets, Bucket{FromMS: edge(wide), ToMS: edge(wide + fine/shown)})
		}
		s.Buckets[len(s.Buckets)-1].Attempts += d.counts[bucket]
	}
	return s
}

// inOrder are the stages in the order in which an item passes them; what is not among
// them comes last.
var inOrder = []string{"open", "navigate", "download", "fetch", "prove", "place"}

// distributions are those of an attempt's stages.
type distributions map[string]*distribution

func (d distributions) add(attempt pipeline.AttemptRow) {
	if attempt.Status != pipeline.Done {
		return
	}
	for name, took := range attempt.Phases {
		if d[name] == nil {
			d[name] = &distribution{}
		}
		d[name].add(took)
	}
}

func (d distributions) stages() []Stage {
	stages := []Stage{}
	for name, of := range d {
		stages = append(stages, of.stage(name))
	}
	place := func(name string) int {
		if i := slices.Index(inOrder, name); i >= 0 {
			return i
		}
		return len(inOrder)
	}
	slices.SortFunc(stages, func(a, b Stage) int {
		if by := place(a.Name) - place(b.Name); by != 0 {
			return by
		}
		if a.Name < b.Name {
			return -1
		}
		return 1
	})
	return stages
}
