package client

import (
	"context"
	"net"
	"sync/atomic"
	"syscall"
	"testing"
	"testing/synctest"
	"time"
)

// fullListener has no files left for connections, and is not told when it closes.
type fullListener struct {
	net.Listener
	asked atomic.Int32
}

func (l *fullListener) Accept() (net.Conn, error) {
	l.asked.Add(1)
	return nil, &net.OpError{Op: "accept", Err: syscall.EMFILE}
}

func (l *fullListener) Close() error { return nil }

// A machine without files for connections is asked for some now and then, not in a
// loop that takes a core; and the relay ends.
func TestRelayWithoutFiles(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		full := &fullListener{}
		r := &proxyRelay{listener: full, conns: map[net.Conn]bool{}}
		r.ctx, r.stop = context.WithCancel(t.Context())
		r.work.Go(r.accept)
		time.Sleep(time.Minute)
		r.close()
		if n := full.asked.Load(); n < 30 || n > 100 {
			t.Errorf("it was asked %d times in a minute", n)
		}
	})
}
