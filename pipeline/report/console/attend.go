package console

import (
	"os"
	"sync"
	"time"
)

// lookAgain is how often the terminal is looked at while it is another program's: nobody
// tells when it is given back.
const lookAgain = 250 * time.Millisecond

// attend reads the keys until the view is to end, and gives the terminal up meanwhile
// whenever the run is stopped by Ctrl-Z, or goes on in the background.
func (l *liveView) attend() {
	defer close(l.attended)
	suspended := make(chan os.Signal, 1)
	for {
		stop := onSuspend(suspended)
		stopKeys := l.readKeys()
		select {
		case <-suspended:
			stopKeys()
			stop()
			l.leave()
			suspend()
			if !l.inForeground() {
				return
			}
			l.comeBack()
		case <-l.closing:
			stopKeys()
			stop()
			return
		}
	}
}

// readKeys begins to read keys, where there are any to be read. A terminal that gives
// none is no reason to stop a run.
func (l *liveView) readKeys() (stop func()) {
	if l.opts.Keys == nil {
		return func() {}
	}
	reader, restore, err := openKeyboard(l.in)
	if err != nil {
		return func() {}
	}
	var reading sync.WaitGroup
	reading.Go(func() { read(reader, l.typed) })
	return func() {
		if reader.Cancel() { // else it cannot be broken off, and ends with the program
			reading.Wait()
		}
		_ = reader.Close()
		_ = restore()
	}
}

// typed has the keys do what they are for. They may report events, so it is not done
// under the lock.
func (l *liveView) typed(chunk string) {
	l.mu.Lock()
	k := l.keyboard
	l.mu.Unlock()
	k.typed(chunk)
	l.mu.Lock()
	defer l.mu.Unlock()
	l.keyboard = k
}

// leave gives the terminal up, with the picture on it as it was last.
func (l *liveView) leave() {
	l.mu.Lock()
	l.away = true
	l.mu.Unlock()
	_ = l.program.ReleaseTerminal()
}

// inForeground waits until the terminal is the program's again; false when the view is to
// end before that.
func (l *liveView) inForeground() bool {
	look := time.NewTicker(lookAgain)
	defer look.Stop()
	for !Foreground(l.out) {
		select {
		case <-look.C:
		case <-l.closing:
			return false
		}
	}
	return true
}

// comeBack takes the terminal again.
func (l *liveView) comeBack() {
	_ = l.program.RestoreTerminal()
	l.mu.Lock()
	defer l.mu.Unlock()
	l.away = false
}
