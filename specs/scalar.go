package specs

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"gopkg.in/yaml.v3"
)

// Duration is a time span such as 500ms, 30s or 2m.
type Duration time.Duration

// Std gives it as a time.Duration.
func (d Duration) Std() time.Duration { return time.Duration(d) }

func (d *Duration) decodeNode(dec *decoder, n *yaml.Node, _ cursor) {
	v, err := time.ParseDuration(n.Value)
	switch {
	case n.Kind != yaml.ScalarNode || err != nil:
		dec.fault(n, "want a duration such as 500ms, 30s or 2m, not %s", describe(n))
	case v < 0:
		dec.fault(n, "a duration cannot be negative: %s", n.Value)
	default:
		*d = Duration(v)
	}
}

// Size is a number of bytes, written as 300, 10KB or 5MB (1KB = 1024 bytes).
type Size int64

func (s *Size) decodeNode(dec *decoder, n *yaml.Node, _ cursor) {
	v, err := parseSize(n.Value)
	if n.Kind != yaml.ScalarNode || err != nil {
		dec.fault(n, "want a size such as 300, 10KB or 5MB, not %s", describe(n))
		return
	}
	*s = Size(v)
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
	v, err := strconv.ParseInt(text, 10, 64)
	if err != nil || v < 0 || v > (1<<62)/factor {
		return 0, fmt.Errorf("not a size: %q", text)
	}
	return v * factor, nil
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
		dec.fault(n, "want a rate such as 30/min, 2/s or 500/h, not %s", describe(n))
		return
	}
	*r = Rate(v / seconds)
}

// describe names a node's value for a person.
func describe(n *yaml.Node) string {
	switch n.Kind {
	case yaml.MappingNode:
		return "a mapping"
	case yaml.SequenceNode:
		return "a list"
	case yaml.ScalarNode:
		if n.Tag == "!!null" {
			return "nothing"
		}
		return strconv.Quote(n.Value)
	default:
		return "this"
	}
}
