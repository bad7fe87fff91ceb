package specs

import (
	"cmp"
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode"

	"pipe/specs/document"
)

// columnsListed is how many columns a fault lists.
const columnsListed = 100

// MissingColumns finds the expressions that take a column that the source has
// not; have are the names that its rows have.
func (s *Spec) MissingColumns(have []string) document.Faults {
	var faults document.Faults
	mapped := slices.Clone(have)
	for _, c := range s.Source.Map {
		mapped = append(mapped, c.Name)
	}
	known := map[bool]map[string]bool{false: setOf(have), true: setOf(mapped)}
	told := map[string]bool{}
	for _, use := range s.uses {
		if slices.ContainsFunc(use.Names, func(name string) bool { return known[use.Mapped][name] }) {
			continue
		}
		names := have
		if use.Mapped {
			names = mapped
		}
		f := s.FaultAt(use.Pos, use.Path, noColumn(use.Names, names))
		if at := fmt.Sprint(f.Pos) + f.Message; !told[at] {
			told[at] = true
			faults = append(faults, f)
		}
	}
	slices.SortStableFunc(faults, func(a, b document.Fault) int {
		return cmp.Or(strings.Compare(a.File, b.File), a.Line-b.Line, a.Col-b.Col)
	})
	return faults
}

// WantedColumns are the source's columns without which the spec makes no sense.
func (s *Spec) WantedColumns() []string {
	var names []string
	for _, use := range s.uses {
		name := use.Names[0]
		mapped := use.Mapped && slices.ContainsFunc(s.Source.Map, func(c Column) bool { return c.Name == name })
		if len(use.Names) == 1 && !mapped && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// UsedColumns are the columns, mapped ones among them, that the spec uses of an
// item beside its key.
func (s *Spec) UsedColumns() []string {
	var names []string
	for _, use := range s.uses {
		if use.Mapped && use.Path != "key" {
			names = append(names, use.Names...)
		}
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Complete makes empty texts of what a row leaves out and the spec uses, as an
// object of a JSON file may: to leave a member out, to have it null and to have
// it empty is one.
func (s *Spec) Complete(fields map[string]any) {
	for _, use := range s.uses {
		if len(use.Names) > 1 {
			continue
		}
		if _, there := fields[use.Names[0]]; !there {
			fields[use.Names[0]] = ""
		}
	}
}

// noColumn tells of columns that are not there, and how those that are there are
// written.
func noColumn(names, have []string) string {
	var quoted []string
	for _, name := range names {
		quoted = append(quoted, fmt.Sprintf("%q", name))
	}
	text := "the source has no column " + strings.Join(quoted, " and no ") + meantColumn(names[0], have)
	written := writtenColumns(have)
	more := ""
	if n := len(written) - columnsListed; n > 0 {
		written, more = written[:columnsListed], fmt.Sprintf(" and %d more", n)
	}
	if len(written) == 0 {
		return text
	}
	return text + "; it has " + strings.Join(written, ", ") + more
}

// meantColumn suggests a column for one that is not there: one of the same
// letters and digits before one that is merely like it.
func meantColumn(name string, have []string) string {
	meant := document.Nearest(name, have)
	for _, one := range have {
		if folded(one) != "" && folded(one) == folded(name) {
			meant = one
			break
		}
	}
	if meant == "" {
		return ""
	}
	return fmt.Sprintf(" (did you mean %s?)", writtenColumn(simpleColumn(meant, have)))
}

// writtenColumns gives the columns as expressions write them: by the name that is
// made of a header, as stock_number of "Stock Number", where there is one.
func writtenColumns(have []string) []string {
	taken := map[string]bool{}
	var written []string
	for _, name := range have {
		if name = simpleColumn(name, have); !taken[name] {
			taken[name] = true
			written = append(written, writtenColumn(name))
		}
	}
	return written
}

// simpleColumn gives the name that is made of a column's, where there is one.
func simpleColumn(name string, have []string) string {
	if made := SnakeCase(name); slices.Contains(have, made) {
		return made
	}
	return name
}

var identifier = regexp.MustCompile(`^[\p{L}_$][\p{L}\p{N}_$]*$`)

// writtenColumn gives a column as an expression writes it.
func writtenColumn(name string) string {
	if identifier.MatchString(name) {
		return "item." + name
	}
	return fmt.Sprintf("item[%q]", name)
}

// folded is what two ways to write a name share: its letters and digits.
func folded(name string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) {
			return -1
		}
		return unicode.ToLower(r)
	}, name)
}

func setOf(names []string) map[string]bool {
	set := make(map[string]bool, len(names))
	for _, name := range names {
		set[name] = true
	}
	return set
}
