// Package browser keeps the browser alive and lends its pages: the driver, the
// browser, contexts × pages, their logins, and the files that the site
// delivers to them. It is the only place that knows how these are kept alive.
//
// One DevTools session on the browser itself, the tap, sees every request for a
// document before it is sent, and which page opened the tab that makes it. By
// that a file is caught on the page that asked for it, whatever the other pages
// of the context do, and the page is free before the site has begun to answer:
// the request is held until the fetch stage lets it go and reads the true bytes
// from the browser's network stack. No viewer opens, and the site produces the
// file once. See https://chromedevtools.github.io/devtools-protocol/tot/Fetch/
package browser
