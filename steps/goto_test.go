package steps_test

import (
	"errors"
	"testing"

	"pipe/steps"
)

func TestGoto(t *testing.T) {
	t.Parallel()
	s := show(t, "home", "/next", "next")
	s.do(`goto: "${{ env.SITE }}/next"`)
	s.is("location.pathname", "/next")
	s.do(`goto: {url: "${{ env.SITE }}/", until: domcontentloaded}`)
	s.is("document.body.textContent", "home")
	err := s.try(`goto: "${{ env.SITE }}/broken"`)
	var status *steps.StatusError
	if !errors.As(err, &status) || status.Status != 502 {
		t.Errorf("got %v", err)
	}
	s.fails("opening", `goto: "http://127.0.0.1:1/"`)
}
