package steps_test

import (
	"errors"
	"testing"

	"pipe/steps"
)

func TestFail(t *testing.T) {
	t.Parallel()
	s := show(t, "")
	var class *steps.ClassError
	if err := s.try(`fail: {class: not_found, reason: "no ${{ item.ref }}"}`); !errors.As(err, &class) || class.Class != "not_found" || err.Error() != "no A1" {
		t.Errorf("got %v", err)
	}
}
