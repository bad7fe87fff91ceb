package specs

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"

	"pipe/specs/document"
)

// Duration is a time span such as 500ms, 30s, 2m or 30d.
type Duration time.Duration

// Std gives it as a time.Duration.
func (d Duration) Std() time.Duration { return time.Duration(d) }

// daysMost is how many days a duration has at most.
const daysMost = 100 * 365

func (d *Duration) decodeNode(dec *decoder, n *yaml.Node, _ cursor) {
	v, err := time.ParseDuration(n.Value)
	if days, ok := strings.CutSuffix(n.Value, "d"); ok && strings.Trim(days, "0123456789.") == "" {
		var count float64
		if count, err = strconv.ParseFloat(days, 64); count > daysMost {
			err = strconv.ErrRange
		}
		v = time.Duration(count * float64(24*time.Hour))
	}
	switch {
	case n.Kind != yaml.ScalarNode || err != nil:
		dec.Fault(n, "want a duration such as 500ms, 30s or 2m, not %s", document.Describe(n))
	case v < 0:
		dec.Fault(n, "a duration cannot be negative: %s", n.Value)
	default:
		*d = Duration(v)
	}
}

// Size is a number of bytes, written as 300, 10KB or 5MB (1KB = 1024 bytes).
type Size int64

func (s *Size) decodeNode(dec *decoder, n *yaml.Node, _ cursor) {
	v, err := parseSize(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		dec.Fault(n, "want a size such as 300, 10KB or 5MB, not %s", document.Describe(n))
		return
	}
	*s = Size(v)
}

// Span is a number of things, written as 3 or, for a range, as {min: 1, max: 4}.
type Span struct {
	Min int `yaml:"min" doc:"the fewest"`
	Max int `yaml:"max" doc:"the most; default: any number"`
}

func (s *Span) decodeNode(dec *decoder, n *yaml.Node, at cursor) {
	if n.Kind == yaml.MappingNode {
		dec.decodeStruct(n, reflectOf(s), at)
		if s.Max != 0 && s.Min > s.Max {
			dec.Fault(n, "the most, %d, is less than the fewest, %d", s.Max, s.Min)
		}
		return
	}
	v, err := strconv.Atoi(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil || v < 1 {
		dec.Fault(n, "want a number from 1 such as 3, or a range such as {min: 1, max: 4}, not %s", document.Describe(n))
		return
	}
	s.Min, s.Max = v, v
}

func parseSize(text string) (int64, error) {
	text = strings.ToUpper(strings.TrimSpace(text))
	factor := int64(1)
	for _, unit := range []struct {
		name   string
		factor int64
	}{{"KB", 1 << 10}, {"MB", 1 << 20}, {"GB", 1 << 30}, {"B", 1}} {
		if strings.HasSuffix(text, unit.name) {
			text, factor = strings.TrimSpace(strings.TrimSuffix(text, unit.name)), unit.factor
			break
		}
	}
	v, err := strconv.ParseFloat(text, 64)
	if err != nil || !(v >= 0 && v < float64(1<<62)/float64(factor)) {
		return 0, fmt.Errorf("not a size: %q", text)
	}
	return int64(v * float64(factor)), nil
}

// Rate is a number of items per time, written as 30/min, 2/s or 500/h.
type Rate float64

// PerSecond gives the rate in items per second.
func (r Rate) PerSecond() float64 { return float64(r) }

func (r *Rate) decodeNode(dec *decoder, n *yaml.Node, _ cursor) {
	units := map[string]float64{"s": 1, "sec": 1, "min": 60, "m": 60, "h": 3600, "hour": 3600}
	count, unit, ok := strings.Cut(n.Value, "/")
	v, err := strconv.ParseFloat(strings.TrimSpace(count), 64)
	seconds := units[strings.TrimSpace(unit)]
	if !ok || err != nil || v <= 0 || seconds == 0 {
		dec.Fault(n, "want a rate such as 30/min, 2/s or 500/h, not %s", document.Describe(n))
		return
	}
	*r = Rate(v / seconds)
}

// Length is a length on paper, written as 1cm, 10mm, 0.5in or 36pt; it is kept
// in inches.
type Length float64

// Inches gives it in inches.
func (l Length) Inches() float64 { return float64(l) }

func (l *Length) decodeNode(dec *decoder, n *yaml.Node, _ cursor) {
	for unit, perInch := range map[string]float64{"cm": 2.54, "mm": 25.4, "in": 1, "pt": 72, "px": 96} {
		number, ok := strings.CutSuffix(n.Value, unit)
		if v, err := strconv.ParseFloat(strings.TrimSpace(number), 64); ok && err == nil && v >= 0 {
			*l = Length(v / perInch)
			return
		}
	}
	if n.Value == "0" && n.Kind == yaml.ScalarNode {
		*l = 0
		return
	}
	dec.Fault(n, "want a length such as 1cm, 10mm, 0.5in or 36pt, not %s", document.Describe(n))
}
