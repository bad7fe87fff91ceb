package processes

import (
	"os"
	"runtime"
	"testing"
)

// Pages that processes share are not counted once for each of them.
func TestSharedMemoryCountsOnce(t *testing.T) {
	t.Parallel()
	const rollup = "5581b1-7ffd ---p 00000000 00:00 0 [rollup]\nRss:  884 kB\nPss:   385 kB\nPss_Dirty: 68 kB\n"
	if got, ok := pss([]byte(rollup)); got != 385<<10 || !ok {
		t.Errorf("%d, %t", got, ok)
	}
	if got, ok := pss([]byte("Rss: 884 kB\n")); ok {
		t.Errorf("of nothing: %d", got)
	}
	own := Memory(t.Context(), []int32{int32(os.Getpid())})
	if _, told := Proportional(int32(os.Getpid())); own <= 0 || !told && runtime.GOOS == "linux" {
		t.Errorf("this process has %d bytes", own)
	}
	if got := Memory(t.Context(), []int32{-1}); got != 0 {
		t.Errorf("a process that is not there has %d bytes", got)
	}
}
