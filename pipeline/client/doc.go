// Package client asks a site beside the browser as a page of a browser context
// would: by the same proxy and with the same headers, credentials, certificates
// and cookies. Cookies that the site sets meanwhile go back to the browser.
//
// A Navigation is asked for as Chromium asks for the document of a window, header by
// header: in HTTP/1.1 in the browser's order, too. In HTTP/2, and through a proxy's
// tunnel, their order is that of net/http, and the TLS handshake is Go's everywhere.
// Cookies whose SameSite leaves them at home do not go along; one that the site has
// set without saying so within the last two minutes is taken for Lax at once.
//
// It touches the network, and of the browser the cookies alone. It imports steps
// alone; a browser context is Playwright's.
package client
