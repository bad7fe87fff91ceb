package app

import (
	"fmt"
)

// Count gives "1 fault" or "3 faults".
func Count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
