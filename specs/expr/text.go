package expr

import (
	"fmt"
	"strconv"
	"time"
)

// PlainText writes a value into a text.
func PlainText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case float64:
		return strconv.FormatFloat(v, 'f', -1, 64)
	case time.Time:
		return dateText(v)
	default:
		return fmt.Sprint(v)
	}
}

// dateText writes a date into a text: with its time of day where it has one.
func dateText(at time.Time) string {
	if h, m, s := at.Clock(); h+m+s == 0 && at.Nanosecond() == 0 {
		return at.Format(time.DateOnly)
	}
	return at.Format(time.RFC3339)
}
