// Package recorder records what a person does on a site in a browser's window.
//
// The driver's own recorder finds out what is done. It cannot be reached through the library
// that the rest of the program drives browsers with, so a script of this room runs it, by the
// driver's Node.js, in a process that lives as long as the recording. Beside the driver's
// actions it tells what was known of each action's element before the action took effect, the
// list that this stands in, and what came of it. What is typed into fields for secrets stays
// in the page.
//
// It starts that process and a browser, keeps files in a temporary folder that it removes,
// and opens the address that it is given.
package recorder
