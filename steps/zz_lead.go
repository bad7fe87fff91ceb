package steps

// IsNoRoute stands in for the other branch's.
func IsNoRoute(err error) bool { return false }

// IsNetworkError stands in for the other branch's.
func IsNetworkError(err error) bool { return false }
