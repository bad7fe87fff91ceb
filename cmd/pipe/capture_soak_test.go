//go:build soak

package main

import (
	"testing"

	"pipe/pipeline/practice"
)

func TestSoakDeliveries(t *testing.T) {
	t.Parallel()
	long(t)
	deliveries(t, 6*len(practice.Deliveries()), "1", "7")
}

func TestSoakDeliveriesByName(t *testing.T) {
	t.Parallel()
	long(t)
	deliveriesByName(t, 20, func(string, int) bool { return true })
}
