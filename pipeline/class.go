package pipeline

// Class sorts failures, so that each sort has its own retry rule.
type Class string

// The classes of failure.
const (
	// NotFound: the site does not know the item. Terminal by default.
	NotFound Class = "not_found"
	// Rejected: the site refuses the item. Terminal by default.
	Rejected Class = "rejected"
	// Transient: a time-out, a reset, a 5xx: likely to go away.
	Transient Class = "transient"
	// RateLimited: the site asks for a slower pace (429, 503 with Retry-After).
	RateLimited Class = "rate_limited"
	// SessionLost: the login is gone; does not cost the item a try.
	SessionLost Class = "session_lost"
	// ProofFailed: a file came and is not what the spec expects.
	ProofFailed Class = "proof_failed"
	// SiteDown: the site cannot be reached, or a gateway answers for it (502,
	// 503, 504); costs the item no try and holds the whole site back.
	SiteDown Class = "site_down"
	// Crashed: the page, the browser or the driver died under the item.
	Crashed Class = "crashed"
	// Spec: the spec itself is wrong in a way that only the run could show.
	Spec Class = "spec"
	// Interrupted: the run was stopped with the item in hand; costs no try.
	Interrupted Class = "interrupted"
)
