package bench

import (
	"maps"
	"slices"
)

// Median is the middle one of some numbers, or the mean of the middle two; 0 of none.
func Median(of []float64) float64 {
	if len(of) == 0 {
		return 0
	}
	sorted := slices.Sorted(slices.Values(of))
	mid := len(sorted) / 2
	if len(sorted)%2 == 1 {
		return sorted[mid]
	}
	return (sorted[mid-1] + sorted[mid]) / 2
}

// medians are those of each figure by itself.
func medians(runs []Figures) Figures {
	middle := func(get func(Figures) float64) float64 {
		var all []float64
		for _, f := range runs {
			all = append(all, get(f))
		}
		return Median(all)
	}
	m := Figures{
		Rate:      middle(func(f Figures) float64 { return f.Rate }),
		FirstRate: middle(func(f Figures) float64 { return f.FirstRate }),
		MidRate:   middle(func(f Figures) float64 { return f.MidRate }),
		LastRate:  middle(func(f Figures) float64 { return f.LastRate }),
		Wall:      Seconds(middle(func(f Figures) float64 { return float64(f.Wall) })),
		Ideal:     middle(func(f Figures) float64 { return f.Ideal }),
		PageUse:   middle(func(f Figures) float64 { return f.PageUse }),
		StartUp:   Seconds(middle(func(f Figures) float64 { return float64(f.StartUp) })),
		StartCPU:  Seconds(middle(func(f Figures) float64 { return float64(f.StartCPU) })),
		CPU:       Seconds(middle(func(f Figures) float64 { return float64(f.CPU) })),
		CPUOf:     map[Kind]Seconds{},
		Peak:      middle(func(f Figures) float64 { return f.Peak }),
		Early:     middle(func(f Figures) float64 { return f.Early }),
		End:       middle(func(f Figures) float64 { return f.End }),
		Attempts:  middle(func(f Figures) float64 { return f.Attempts }),
		Measuring: middle(func(f Figures) float64 { return f.Measuring }),
		Others:    middle(func(f Figures) float64 { return f.Others }),
	}
	kinds := map[Kind]bool{}
	for _, f := range runs {
		for kind := range maps.Keys(f.CPUOf) {
			kinds[kind] = true
		}
	}
	for kind := range kinds {
		m.CPUOf[kind] = Seconds(middle(func(f Figures) float64 { return float64(f.CPUOf[kind]) }))
	}
	return m
}

// Ratio is that of one program's figure to another's, pair by pair.
type Ratio struct {
	Median float64 `json:"median"`
	Min    float64 `json:"min"`
	Max    float64 `json:"max"`
	Pairs  int     `json:"pairs"`
}

// Against compares a program with another that ran beside it.
type Against struct {
	Name    string `json:"name"`
	Rate    Ratio  `json:"rate"`
	CPU     Ratio  `json:"cpu"`
	Peak    Ratio  `json:"pss_peak"`
	StartUp Ratio  `json:"start_up"`
}

// ratio is that of a figure in each round in which both runs are figures.
func ratio(of, to []Run, get func(Figures) float64) Ratio {
	var all []float64
	for i := range min(len(of), len(to)) {
		if of[i].Wrong == "" && to[i].Wrong == "" && get(to[i].Figures) != 0 {
			all = append(all, get(of[i].Figures)/get(to[i].Figures))
		}
	}
	if len(all) == 0 {
		return Ratio{}
	}
	return Ratio{Median: Median(all), Min: slices.Min(all), Max: slices.Max(all), Pairs: len(all)}
}

func against(name string, of, to []Run) Against {
	return Against{
		Name:    name,
		Rate:    ratio(of, to, func(f Figures) float64 { return f.Rate }),
		CPU:     ratio(of, to, func(f Figures) float64 { return float64(f.CPU) }),
		Peak:    ratio(of, to, func(f Figures) float64 { return f.Peak }),
		StartUp: ratio(of, to, func(f Figures) float64 { return float64(f.StartUp) }),
	}
}

// SpeedUp is how many times more items a program does with more pages.
type SpeedUp struct {
	Name string `json:"name"`
	From Shape  `json:"from"`
	To   Shape  `json:"to"`
	// Ratio is that of the middle halves of the items, where neither the start nor the
	// last file shows.
	Ratio float64 `json:"ratio"`
}

// speedUps hold each shape against the one with the fewest pages.
func speedUps(shapes []ShapeReport) (all []SpeedUp) {
	if len(shapes) == 0 {
		return nil
	}
	least := slices.MinFunc(shapes, func(a, b ShapeReport) int { return a.workers() - b.workers() })
	for _, s := range shapes {
		if s.workers() == least.workers() {
			continue
		}
		for i, p := range s.Programs {
			if from := least.Programs[i].Median.MidRate; from > 0 {
				all = append(all, SpeedUp{Name: p.Name, From: least.Shape, To: s.Shape, Ratio: p.Median.MidRate / from})
			}
		}
	}
	return all
}
