// Package formats reads what other programs have recorded of a person's work on a site: the
// recorder of Chrome's DevTools, Playwright's codegen, Selenium IDE, UI.Vision, iMacros, and
// the browsers' archives of requests.
//
// What cannot be translated is an action without a verb, with a note that says on which line
// of the file it stands.
package formats
