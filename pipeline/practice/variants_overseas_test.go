package practice

import (
	"net/url"
	"testing"
)

// The overseas desk wants its key, and counts who asks for lots that there are not
// and who tells the store what is the desk's alone.
func TestOverseas(t *testing.T) {
	s := start(t, Options{Vehicles: 3})
	v := enter(t, s)
	car := s.Vehicles()[1]
	way := "/overseas/lots/" + url.PathEscape(LotOf(car))
	v.get(way).wants(t, 200, way, car.VIN)
	v.get("/overseas").wants(t, 200, "/overseas", overseas(car).Arrived, overseas(car).Asking)
	if c := s.Counts(); c.Astray != 0 || c.Stored != 0 {
		t.Errorf("counted %d, %d", c.Astray, c.Stored)
	}
	raw := "/overseas/lots/Los%20" + car.Reference[:2] + "/" + car.Reference[2:]
	v.get(raw).wants(t, 404, raw)
	signed := "/store/report/" + car.Reference + "/" + s.signature(car)
	stranger := visit(t, s)
	stranger.get(signed).wants(t, 200, signed, car.VIN) // with the key
	wrong := "/store/report/" + car.Reference + "/0"
	stranger.get(wrong).wants(t, 403, wrong)
	stranger.key = ""
	stranger.get(signed).wants(t, 200, signed, car.VIN)
	v.key = ""
	v.get(way).wants(t, 403, way, "wants its key")
	if c := s.Counts(); c.Astray != 1 || c.Stored != 3 || c.Leaked != 2 {
		t.Errorf("counted %d, %d, %d", c.Astray, c.Stored, c.Leaked)
	}
}
