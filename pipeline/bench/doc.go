// Package bench measures pipe against its peers: it has each do the main job on the
// practice site, as a process of its own, one after the other and again, and compares
// them pair by pair.
//
// It serves the practice site, starts and ends the programs that it measures, reads what
// the system tells of their processes, and writes to a folder of its own that it removes.
package bench
