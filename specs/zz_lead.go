package specs

import "strings"

// Names stands in for the other branch's.
func (t Template) Names(owner, _ string) bool { return strings.Contains(t.Raw(), owner+".") }
