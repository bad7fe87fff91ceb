// Package traffic records what goes between a run and its site, and answers a run from the
// recording, with no site there: a [Proxy] on this machine through which the browser and
// the requests beside it go, a [Recorder] and a [Player] that answer for it, and the
// [Archive] between them, a HAR file from which a [Scrubber] has taken all that is secret
// or personal.
//
// It listens on the loopback address alone, and touches no file but those that it is given.
package traffic
