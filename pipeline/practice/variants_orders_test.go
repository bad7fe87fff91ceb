package practice

import (
	"context"
	"net/url"
	"testing"
)

// The order desk counts each order, whatever it answers.
func TestOrderDesk(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Vehicles: 2, OnOrder: func(_ context.Context, _ string, n int) int { return []int{500, 0}[n-1] }})
	v := enter(t, s)
	ref := s.Vehicles()[0].Reference
	v.get("/orders/"+ref+"/receipt").wants(t, 200, "/orders/"+ref+"/receipt", "There is no order")
	if got := v.post("/orders/"+ref, url.Values{}).status; got != 500 {
		t.Errorf("the first is answered with %d", got)
	}
	v.post("/orders/"+ref, url.Values{}).wants(t, 200, "/orders/"+ref+"/receipt", ref+"-2")
	if n := s.Counts().Ordered[ref]; n != 2 {
		t.Errorf("%d orders", n)
	}
}
