//go:build soak

package specs_test

// shuffles is in how many orders each spec is put into order: the first as it is.
const shuffles = uint64(100)
