package file

// spans are cells that reach into the rows below, whose value they have too. The
// columns that a cell reaches over to its right are empty.
type spans struct{ open []spanned }

type spanned struct {
	value string
	left  int
}

// next begins a row.
func (s *spans) next() []string { return s.fill(nil) }

// fill gives a row what reaches down to its next columns.
func (s *spans) fill(fields []string) []string {
	for len(fields) < len(s.open) && s.open[len(fields)].left > 0 {
		from := &s.open[len(fields)]
		from.left--
		fields = append(fields, from.value)
	}
	return fields
}

// add adds a cell to a row.
func (s *spans) add(fields []string, value string, columns, rows int) []string {
	for c := range columns {
		if c > 0 {
			value = ""
		}
		for rows > 1 && len(s.open) <= len(fields) {
			s.open = append(s.open, spanned{})
		}
		if rows > 1 {
			s.open[len(fields)] = spanned{value, rows - 1}
		}
		fields = append(fields, value)
	}
	return s.fill(fields)
}

// rest gives a row what reaches down to columns behind its last cell.
func (s *spans) rest(fields []string) []string {
	last := -1
	for c := len(fields); c < len(s.open); c++ {
		if s.open[c].left > 0 {
			last = c
		}
	}
	for len(fields) <= last {
		if s.open[len(fields)].left > 0 {
			fields = s.fill(fields)
			continue
		}
		fields = append(fields, "")
	}
	return fields
}
