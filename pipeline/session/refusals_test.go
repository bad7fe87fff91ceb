package session

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"pipe/pipeline"
)

// A login that the site refuses is tried once, in all runs, until its credentials
// change or a person says so. Nothing that is kept tells them.
func TestRefusals(t *testing.T) {
	t.Parallel()
	ctx := limited(t)
	var asked atomic.Int64
	var answer error = &pipeline.RefusedError{Err: errors.New("the site says: \"wrong password\"")}
	file := filepath.Join(t.TempDir(), "sessions", "refused.json")
	try := func(credentials string, anyway bool) error {
		opts := Options{Accounts: []pipeline.Account{{ID: "a", Name: "a", Credentials: credentials}}, Tries: 3, Refusals: file, TryRefused: anyway}
		opts.Login = func(context.Context, pipeline.Page, int) error {
			asked.Add(1)
			return answer
		}
		_, err := launch(t, "shell", opts).Open(ctx, 0)
		return err
	}
	for i, c := range []struct {
		credentials string
		anyway      bool
		asked       int64
	}{{"hunter2", false, 1}, {"hunter2", false, 1}, {"hunter2", true, 2}, {"hunter3", false, 3}, {"hunter3", false, 3}} {
		err := try(c.credentials, c.anyway)
		var refused *pipeline.LoginError
		if !errors.As(err, &refused) || !strings.Contains(fmt.Sprint(err), "wrong password") || asked.Load() != c.asked {
			t.Errorf("%d: asked %d times, want %d: %v", i, asked.Load(), c.asked, err)
		}
	}
	if text, err := os.ReadFile(file); err != nil || strings.Contains(string(text), "hunter") {
		t.Errorf("%s, %v", text, err)
	}
	if info, err := os.Stat(file); err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
	answer = nil
	if err := try("hunter3", true); err != nil {
		t.Fatal(err)
	}
	if err := try("hunter3", false); err != nil {
		t.Errorf("a login that worked is refused: %v", err)
	}
}
