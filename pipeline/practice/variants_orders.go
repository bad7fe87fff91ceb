package practice

import (
	"fmt"
	"net/http"
)

// The order desk: a form that is sent once too often is an order too many.
func (s *Site) ordersRoutes(m *http.ServeMux) {
	m.HandleFunc("GET /orders", s.shell("orders.html", "Order Desk"))
	m.HandleFunc("GET /orders/{reference}", s.vehiclePage("orders_form.html"))
	m.HandleFunc("POST /orders/{reference}", s.page(s.byReference(s.order)))
	m.HandleFunc("GET /orders/{reference}/receipt", s.page(s.byReference(func(w http.ResponseWriter, r *http.Request, v Vehicle) {
		page := orderPage{variantPage: variantPage{pageData: s.framed(r, "Order of "+v.Reference), Vehicle: v}}
		if n := s.counter.snapshot().Ordered[v.Reference]; n > 0 {
			page.Number = orderNumber(v, n)
		}
		show(w, http.StatusOK, "orders_receipt.html", page)
	})))
	m.HandleFunc("GET /orders/{reference}/report", s.sends(inlinePDF))
}

// orderPage is what the receipt needs: the number of the order, "" for none.
type orderPage struct {
	variantPage
	Number string
}

// orderNumber is that of the n-th order of a vehicle.
func orderNumber(v Vehicle, n int) string { return fmt.Sprintf("%s-%d", v.Reference, n) }

// order takes an order, whatever becomes of the answer.
func (s *Site) order(w http.ResponseWriter, r *http.Request, v Vehicle) {
	n := 0
	s.counter.add(func(c *Counts) {
		c.Ordered[v.Reference]++
		n = c.Ordered[v.Reference]
	})
	if s.opts.OnOrder != nil {
		if status := s.opts.OnOrder(r.Context(), v.Reference, n); status != 0 {
			show(w, status, "error.html", "Something went wrong.")
			return
		}
	}
	http.Redirect(w, r, "/orders/"+v.Reference+"/receipt", http.StatusSeeOther)
}
