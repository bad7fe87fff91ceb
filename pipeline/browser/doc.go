// Package browser keeps a browser alive: the driver, the browser's process, its
// contexts and pages. A Supervisor starts another browser when one has died or
// has served its time, and closes those that nothing needs any more; what is
// under way in the old one ends first.
//
// It knows neither logins nor files. Who needs more of a browser, a context or a
// page is its Extension, or attaches to a page that was opened. What runs beside
// runs by Browser.Go: it ends with the browser, whose close waits for it.
//
// # Processes
//
// One browser serves all contexts. Each page has a renderer of its own, and so a page
// whose script never ends holds up no other, which is why pages of one context are not
// made to share one by --process-per-site: that saves half of the renderers' memory (four
// pages 190 instead of 380 MB), and costs a quarter more CPU time and nine tenths of the rate,
// as the pages wait for each other. Nor is the browser given fewer helpers: without its
// GPU process (--in-process-gpu), which draws the pages by software and takes 9 % of the
// CPU time, the browser's own process takes as much more; --disable-gpu, with or without
// --disable-software-rasterizer, changes nothing in a headless shell, which has no GPU;
// and the network service in the browser's own process saves 10 MB and no time.
//
// Over hundreds of items the memory of the tree is flat: the driver grows to some 120 MB
// in the first 300, as it keeps the last 10,000 requests and answers that it has told of.
//
// It touches processes, the driver's and the browsers', those included that an
// earlier run has left, and the folder of their downloads. It imports pipeline, for the errors of its ports, and
// steps, whose calls to the driver have a limit; no other room.
package browser
