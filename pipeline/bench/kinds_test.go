package bench

import "testing"

func TestKinds(t *testing.T) {
	t.Parallel()
	const shell = "/usr/lib/chromium/headless_shell --disable-sync --headless --remote-debugging-pipe --no-startup-window"
	for line, want := range map[string]Kind{
		"/bin/pipe run inventory.yaml --json":                          Program,
		"/usr/bin/node /cache/driver-1.52.0/package/cli.js run-driver": Driver,
		"node /tmp/x/peers/script.mjs":                                 Driver,
		shell:                                                          Browser,
		"/usr/lib/chromium/headless_shell --type=zygote --no-sandbox":                      Renderer,
		"/usr/lib/chromium/headless_shell --type=renderer --lang=en":                       Renderer,
		"/usr/lib/chromium/headless_shell --type=gpu-process --use-gl=angle":               GPU,
		"/usr/lib/chromium/headless_shell --type=utility --utility-sub-type=network.mojom": Utility,
		"/usr/lib/chromium/chrome_crashpad_handler --monitor-self":                         Other,
		"sh -c 'exec chromium'": Other,
		"/bin/pipeline run":     Other,
		"":                      Other,
	} {
		if got := kindOf(line, "/bin/pipe"); got != want {
			t.Errorf("%q is %s, want %s", line, got, want)
		}
	}
}
