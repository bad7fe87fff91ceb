package schedule

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"pipe/specs"
)

// cron is a cron expression as the values of its fields, each nil where it is any.
type cron struct{ minutes, hours, days, months, weekdays []int }

// bounds are those of the five fields, and the names of their values.
var bounds = []struct {
	least, most int
	names       []string
}{
	{0, 59, nil},
	{0, 23, nil},
	{1, 31, nil},
	{1, 12, []string{"", "JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"}},
	{0, 7, []string{"SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"}},
}

// cronOf takes a schedule apart. It has been checked; the error is for what only some
// schedulers know, as L and W.
func cronOf(when *specs.Schedule) (cron, error) {
	fields := when.Fields()
	if len(fields) != len(bounds) {
		return cron{}, fmt.Errorf("%q has not the five fields of a time", when.Cron)
	}
	var c cron
	for i, into := range []*[]int{&c.minutes, &c.hours, &c.days, &c.months, &c.weekdays} {
		values, err := valuesOf(fields[i], i)
		if err != nil {
			return cron{}, fmt.Errorf("%q cannot be written for this scheduler: %w", when.Cron, err)
		}
		*into = values
	}
	for i, day := range c.weekdays {
		c.weekdays[i] = day % 7 // Sunday is 0 and 7
	}
	slices.Sort(c.weekdays)
	c.weekdays = slices.Compact(c.weekdays)
	return c, nil
}

// valuesOf gives the values of a field, nil for any.
func valuesOf(field string, at int) ([]int, error) {
	if field == "*" {
		return nil, nil
	}
	var all []int
	for _, part := range strings.Split(field, ",") {
		span, every, stepped := strings.Cut(part, "/")
		step := 1
		if stepped {
			var err error
			if step, err = strconv.Atoi(every); err != nil || step < 1 {
				return nil, fmt.Errorf("%q has no step", part)
			}
		}
		from, to := bounds[at].least, bounds[at].most
		if at == 4 {
			to = 6
		}
		if span != "*" {
			first, last, ranged := strings.Cut(span, "-")
			var err error
			if from, err = valueOf(first, at); err != nil {
				return nil, err
			}
			switch {
			case ranged:
				if to, err = valueOf(last, at); err != nil {
					return nil, err
				}
			case !stepped:
				to = from
			}
		}
		if from > to {
			return nil, fmt.Errorf("%q goes backwards", part)
		}
		for v := from; v <= to; v += step {
			all = append(all, v)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all)
	if most := bounds[at].most; len(all) > most-bounds[at].least || at == 4 && len(all) == most {
		return nil, nil // any
	}
	return all, nil
}

func valueOf(text string, at int) (int, error) {
	b := bounds[at]
	if i := slices.Index(b.names, strings.ToUpper(text)); i >= 0 && text != "" {
		return i, nil
	}
	v, err := strconv.Atoi(text)
	if err != nil || v < b.least || v > b.most {
		return 0, fmt.Errorf("%q is none of its values", text)
	}
	return v, nil
}
