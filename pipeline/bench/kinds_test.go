package bench

import "testing"

// Command lines are as Linux has them.
func TestKinds(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		want Kind
		line string
	}{
		{Program, "/bin/pipe run inventory.yaml --json"},
		{Driver, "/usr/bin/node /cache/driver-1.52.0/package/cli.js run-driver"},
		{Driver, "node /tmp/x/peers/script.mjs"},
		{Browser, "/usr/lib/chromium/headless_shell --disable-sync --headless --remote-debugging-pipe"},
		{Renderer, "/usr/lib/chromium/headless_shell --type=zygote --no-sandbox"},
		{Renderer, "/usr/lib/chromium/headless_shell --type=renderer --lang=en"},
		{GPU, "/usr/lib/chromium/headless_shell --type=gpu-process --use-gl=angle"},
		{Utility, "/usr/lib/chromium/headless_shell --type=utility --utility-sub-type=network.mojom"},
		{Other, "/usr/lib/chromium/chrome_crashpad_handler --monitor-self"},
		{Other, "sh -c 'exec chromium'"},
		{Other, "/bin/pipeline run"},
		{Other, ""},
	} {
		if got := kindOf(test.line, "/bin/pipe"); got != test.want {
			t.Errorf("%q is %s, want %s", test.line, got, test.want)
		}
	}
}
