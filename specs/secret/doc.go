// Package secret keeps secrets: a [Store] gives them by name, from a file or the
// environment, remembers which were given out, and takes those out of every text
// that is shown or written down.
//
// It imports none of ours and reads the one file that it is given.
package secret
