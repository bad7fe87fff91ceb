// Package heal finds the elements of a spec's targets again when a site has changed, by
// what was known of them when they last worked: [Score] compares, [Rewrite] changes a
// selector in what has changed alone, and a [Healer] stands by while steps run.
//
// It asks the page that it is given and changes nothing on it. It may use the domain of
// package pipeline with its ports, and no other room.
package heal
