package processes

import (
	"os"
	"runtime"
	"slices"
	"testing"
	"time"
)

// A process's name may look like what follows it.
func TestUsage(t *testing.T) {
	t.Parallel()
	const stat = "4711 (a) S 1 (b)) R 815 4711 4711 0 -1 4194304 1 2 3 4 150 25 900 900 20 0 12 0 123456 1 2 3\n"
	want := Usage{PID: 4711, Parent: 815, Started: 123456, CPU: 1750 * time.Millisecond}
	if got, ok := usage([]byte(stat)); !ok || got != want {
		t.Errorf("%+v, %t, want %+v", got, ok, want)
	}
	for _, bad := range []string{"", "1 2 3", "1 (x) S 1", "x (y) S 1 1 1 0 -1 1 1 2 3 4 1 2 9 9 20 0 1 0 1 1"} {
		if got, ok := usage([]byte(bad)); ok {
			t.Errorf("%q is read as %+v", bad, got)
		}
	}
}

func TestAllHasThisProcess(t *testing.T) {
	t.Parallel()
	if runtime.GOOS != "linux" {
		t.Skip("Linux alone tells")
	}
	all, err := All()
	if err != nil {
		t.Fatal(err)
	}
	self := int32(os.Getpid())
	i := slices.IndexFunc(all, func(u Usage) bool { return u.PID == self })
	if i < 0 || int(all[i].Parent) != os.Getppid() || all[i].Started == 0 {
		t.Errorf("this process is not there, or wrong: %+v", all)
	}
	if one, ok := Of(self); !ok || one.Started != all[i].Started {
		t.Errorf("by itself it is %+v, %t", one, ok)
	}
	if _, ok := OfThread(); !ok {
		t.Error("nothing is told of this thread")
	}
	if CommandLine(self) == "" {
		t.Error("this process has no command line")
	}
}
