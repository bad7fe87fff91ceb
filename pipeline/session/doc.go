// Package session lends pages that are logged in: accounts, their sessions and
// the contexts in which these live, what shows that a session is gone, the logins
// that are kept for the next context and the next run. Its Pool implements
// pipeline.Pages.
//
// A session moves: from a context that is worn out, from a browser that has died,
// from a proxy that does not serve. Its logins are counted, so that what comes
// late of an old one is no loss of the one after it.
//
// It imports pipeline, steps, specs, whose login it does, browser, whose pages it
// lends, and client, by which a context is asked beside the browser. What takes
// the files of its pages is given to it as Options.Capture. It writes no files
// but those of the logins that are kept.
package session
