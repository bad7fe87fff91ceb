// Package client asks a site beside the browser as a page of a browser context
// would: by the same proxy and with the same headers, credentials, certificates
// and cookies. Cookies that the site sets meanwhile go back to the browser.
//
// It touches the network, and of the browser the cookies alone. It imports steps
// alone; a browser context is Playwright's.
package client
