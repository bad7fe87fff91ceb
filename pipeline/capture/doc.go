// Package capture takes the file off the page, whichever way it comes: as a
// download, in a tab, as the answer to a script or a frame, made by a script,
// named by an address, or as the page itself, printed.
//
// One DevTools session on the browser itself, the interceptor, sees every request
// for a document before it is sent, and which page opened the tab that makes it.
// By that a file is captured on the page that asked for it, whatever the other pages
// of the context do, and the page is free before the site has begun to answer: the
// request is held until the file is received, which reads the true bytes from the
// browser's network stack. No viewer opens, and the site produces the file once.
// See https://chromedevtools.github.io/devtools-protocol/tot/Fetch/
//
// Most windows that pages open for a file are no more than its request. Where the tab of
// a step's first file showed that, the hook keeps the next from opening and tells of
// their requests, which are asked for beside the browser. Whatever is unusual is left to
// the browser, and a page in the file's place is shown in a tab after all.
//
// What comes to the page itself, or may be another file, is a candidate: it is
// received and looked at while the listening goes on, and is the file only once the
// item's proof accepts it.
//
// What never asks the site is noted by a script in every document, the hook: what
// scripts make, save and print. Frames of other sites have processes and hooks of
// their own, and the interceptor hears what they ask for.
//
// It imports steps, whose Capturer it implements, browser, whose extension it is,
// and client, which fetches what needs no page. It knows a session only by the
// interface Session.
package capture
