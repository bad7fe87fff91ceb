// Package browser keeps a browser alive: the driver, the browser's process, its
// contexts and pages. A Supervisor starts another browser when one has died or
// has served its time, and closes those that nothing needs any more; what is
// under way in the old one ends first.
//
// It knows neither logins nor files. Who needs more of a browser, a context or a
// page is its Extension, or attaches to a page that was opened. What runs beside
// runs by Browser.Go: it ends with the browser, whose close waits for it.
//
// It touches processes, the driver's and the browsers', those included that an
// earlier run has left, and the folder of their downloads. It imports pipeline, for the errors of its ports, and
// steps, whose calls to the driver have a limit; no other room.
package browser
