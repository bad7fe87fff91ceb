package pipeline

import "testing"

// What a secret is a part of is as little to be shown as the secret.
func TestHoldsAny(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]bool{"dealer-north": false, "s3cret-user": true, "me@s3cret-user.example": true, "": false} {
		if got := holdsAny(text, []any{"s3cret-user", "", 7}); got != want {
			t.Errorf("%q holds a secret: %v", text, got)
		}
	}
}
