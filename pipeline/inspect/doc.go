// Package inspect tells what there is on a page, for whoever writes a spec: its accessibility
// tree, tables and lists, forms and links to files, each with a target, a source or a step that a
// spec can have as it stands.
//
// It asks the page by [steps.TakeSnapshot] and changes nothing on it. What it gives holds what
// the site sent, and what was typed there: whoever shows it takes secrets out first.
package inspect
