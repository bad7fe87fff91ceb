// Package htmlpage is a page without a browser: the site's answers, parsed, with what
// can be done to a page in which no script runs. Links are followed, forms are filled and
// sent off as a browser sends them, and elements are found by the selectors that pages in
// a browser know, with Playwright's meaning.
//
// It speaks the driver's own interfaces as far as that makes sense, so that steps run on
// it as they run on a page. Whatever it cannot know, it does not guess: it says by a
// steps.NeedsPageError that a page in a browser is needed.
//
// What no style sheet was read for is not known: an element counts as hidden that its
// attributes hide (hidden, type=hidden, an inline display: none or visibility: hidden), or
// that stands in one of these, in a template, or in details that are closed.
package htmlpage
