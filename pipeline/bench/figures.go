package bench

import (
	"runtime"
	"slices"
	"time"
)

// Figures are those of one run of a program, or the medians of several.
type Figures struct {
	// Rate is items a minute, of the whole run; FirstRate, MidRate and LastRate are those
	// of the first quarter of the items, the middle half and the last quarter.
	Rate      float64 `json:"items_per_minute"`
	FirstRate float64 `json:"items_per_minute_first_quarter"`
	MidRate   float64 `json:"items_per_minute_middle_half"`
	LastRate  float64 `json:"items_per_minute_last_quarter"`
	Wall      Seconds `json:"wall_s"`
	// Ideal is the least time that the site's own latencies allow, as a part of the wall.
	Ideal float64 `json:"ideal_of_wall"`
	// PageUse is the part of the pages' time, from the first item until the last page is
	// free, in which an item is on the page.
	PageUse float64 `json:"page_use"`
	// StartUp is the time until the first item, StartCPU the processor time until then.
	StartUp  Seconds `json:"start_up_s"`
	StartCPU Seconds `json:"start_up_cpu_s"`
	// CPU is processor time an item, by kind of process.
	CPU   Seconds          `json:"cpu_s_per_item"`
	CPUOf map[Kind]Seconds `json:"cpu_s_per_item_of"`
	// Peak is the most memory of the tree, Early that after the first items, End that at
	// the last, in bytes.
	Peak  float64 `json:"pss_peak_bytes"`
	Early float64 `json:"pss_early_bytes"`
	End   float64 `json:"pss_end_bytes"`
	// Attempts is how often an item was begun, for each item.
	Attempts float64 `json:"attempts_per_item"`
	// Measuring is the part of one processor that the measuring itself has taken.
	Measuring float64 `json:"measuring_of_a_cpu"`
	// Others is the part of the machine's processors that others have taken: neither the
	// program nor the site.
	Others float64 `json:"others_of_machine"`
}

// figures makes them of what was measured; workers is the number of pages, ideal the
// least time that there is.
func (m measured) figures(items, workers int, ideal Seconds) Figures {
	wall := m.ended.Sub(m.began)
	n := float64(items)
	h := m.history
	f := Figures{
		Rate: n / wall.Minutes(), Wall: SecondsOf(wall), Ideal: float64(ideal / SecondsOf(wall)),
		StartUp: SecondsOf(h.first.Sub(m.began)), StartCPU: SecondsOf(m.sampler.until(h.first)), Attempts: float64(h.attempts) / n,
		CPUOf: map[Kind]Seconds{}, Peak: float64(m.sampler.peak()), Measuring: m.sampler.own.Seconds() / wall.Seconds(),
	}
	if pages := h.freed.Sub(h.first).Seconds() * float64(workers); pages > 0 {
		f.PageUse = h.busy.Seconds() / pages
	}
	for kind, took := range m.sampler.cpu(m.whole) {
		each := SecondsOf(took) / Seconds(n)
		f.CPUOf[kind] = each
		f.CPU += each
	}
	f.Others = m.others(f.CPU * Seconds(n))
	done := slices.SortedFunc(slices.Values(h.done), time.Time.Compare)
	f.FirstRate, f.MidRate, f.LastRate = parts(done)
	f.Early, f.End = m.sampler.early(done), m.sampler.end(done)
	return f
}

// others is the part of the machine that others have taken, beside a program with its
// own time.
func (m measured) others(program Seconds) float64 {
	whole := m.ended.Sub(m.began).Seconds() * float64(runtime.NumCPU())
	return max(0, float64(SecondsOf(m.machine-m.own)-program)/whole)
}

// parts gives the rates of the first quarter of the items, the middle half and the last
// quarter, by the times at which they were done.
func parts(done []time.Time) (first, mid, last float64) {
	n := len(done)
	part := n / 4
	if part < 2 {
		return 0, 0, 0
	}
	rate := func(from, to int) float64 {
		took := done[to].Sub(done[from]).Minutes()
		if took <= 0 {
			return 0
		}
		return float64(to-from) / took
	}
	return rate(0, part), rate(part, n-1-part), rate(n-1-part, n-1)
}

const (
	// earlyItems is after how many items memory is expected to grow no more; of fewer
	// items it is after a quarter of them.
	earlyItems = 200
	// windowPart is the part of the items over which memory is averaged.
	windowPart = 10
)

// early is the memory after the first items.
func (s *sampler) early(done []time.Time) float64 {
	from := min(earlyItems, len(done)/4)
	return s.during(done, from, from+len(done)/windowPart)
}

// end is the memory at the last items.
func (s *sampler) end(done []time.Time) float64 {
	last := len(done) - 1
	return s.during(done, last-len(done)/windowPart, last)
}

// during averages the memory over the time in which some of the items were done. Where no
// sample falls into it, the next one before it counts.
func (s *sampler) during(done []time.Time, from, to int) float64 {
	if len(done) == 0 {
		return 0
	}
	since, until := done[max(0, from)], done[min(to, len(done)-1)]
	var sum, n, before int64
	for _, at := range s.samples {
		switch {
		case at.at.Before(since):
			before = at.pss
		case !at.at.After(until):
			sum += at.pss
			n++
		}
	}
	if n == 0 {
		return float64(before)
	}
	return float64(sum / n)
}
