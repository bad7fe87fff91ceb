package practice

import (
	"fmt"
	"math/rand/v2"
	"slices"
)

// Vehicle is one vehicle in stock.
type Vehicle struct {
	Reference string // the stock number, such as "24K0173"
	VIN       string
	Year      int
	Make      string
	Model     string
	Color     string
	Price     int // US dollars
	Days      int // in stock
	ID        int // the number that GetPdfReport knows the vehicle by
}

// firstID is that of the first vehicle, and idStep how far the next is from it.
const (
	firstID = 481_203
	idStep  = 7
)

// model is a model with the letters that its VINs begin with and what it
// costs new, in dollars.
type model struct {
	make, name, wmi string
	price           int
}

var models = []model{
	{"Ford", "F-150", "1FT", 46000},
	{"Ford", "Escape", "1FM", 31000},
	{"Ford", "Mustang", "1FA", 38000},
	{"Chevrolet", "Silverado 1500", "1GC", 45000},
	{"Chevrolet", "Malibu", "1G1", 27000},
	{"Chevrolet", "Tahoe", "1GN", 59000},
	{"Toyota", "Camry", "4T1", 29000},
	{"Toyota", "RAV4", "2T3", 32000},
	{"Toyota", "Tacoma", "5TF", 36000},
	{"Honda", "Accord", "1HG", 30000},
	{"Honda", "CR-V", "5J6", 33000},
	{"Jeep", "Wrangler", "1C4", 41000},
	{"Nissan", "Altima", "1N4", 28000},
	{"Hyundai", "Sonata", "5NP", 27000},
	{"Subaru", "Outback", "4S4", 34000},
	{"Volkswagen", "Jetta", "3VW", 24000},
}

var colors = []string{
	"Black", "Bright White", "Silver Ice", "Granite Gray", "Ruby Red",
	"Deep Blue", "Forest Green", "Champagne", "Burnt Orange",
}

// The letters that stock numbers use; I and O look like digits.
const stockLetters = "ABCDEFGHJKLMNPQRSTUVWXYZ"

// stock is everything that the site lists.
type stock struct {
	vehicles    []Vehicle
	missing     []Vehicle // listed in the export, and nowhere else
	spare       Vehicle   // whose PDF is the wrong one for a site of one vehicle
	byReference map[string]int
	byID        map[int]int
}

func newStock(o Options) *stock {
	m := maker{
		rng:        rand.New(rand.NewPCG(o.Seed, 0x57_0c_4b)),
		references: make(map[string]bool),
		vins:       make(map[string]bool),
	}
	s := &stock{byReference: make(map[string]int), byID: make(map[int]int)}
	for i := range o.Vehicles {
		v := m.vehicle(i)
		if price, ok := o.Prices[v.Reference]; ok {
			v.Price = price
		}
		s.vehicles = append(s.vehicles, v)
		s.byReference[v.Reference] = i
		s.byID[v.ID] = i
	}
	for i := range o.Missing {
		s.missing = append(s.missing, m.vehicle(o.Vehicles+i))
	}
	s.spare = m.vehicle(o.Vehicles + o.Missing)
	return s
}

// other is a vehicle that v is not: its neighbour, as it is when two tabs are
// mixed up.
func (s *stock) other(v Vehicle) Vehicle {
	if len(s.vehicles) == 1 {
		return s.spare
	}
	return s.vehicles[(s.byReference[v.Reference]+1)%len(s.vehicles)]
}

// exported are the export's rows: the vehicles with the missing ones strewn
// among them, and the duplicates at the end.
func (s *stock) exported(o Options) []Vehicle {
	rng := rand.New(rand.NewPCG(o.Seed, 0xe_59_04_7))
	rows := slices.Clone(s.vehicles)
	for _, v := range s.missing {
		rows = slices.Insert(rows, rng.IntN(len(rows)+1), v)
	}
	order := rng.Perm(len(s.vehicles))
	for i := range o.Duplicates {
		rows = append(rows, s.vehicles[order[i%len(order)]])
	}
	return rows
}

// maker makes vehicles, each with a reference and a VIN of its own.
type maker struct {
	rng        *rand.Rand
	references map[string]bool
	vins       map[string]bool
}

func (m *maker) vehicle(i int) Vehicle {
	kind := models[m.rng.IntN(len(models))]
	age := m.rng.IntN(8)
	year := 2025 - age
	price := kind.price * (100 - 9*age) / 100
	return Vehicle{
		Reference: unique(m.references, func() string { return m.reference(year) }),
		VIN:       unique(m.vins, func() string { return newVIN(m.rng, kind.wmi, year) }),
		Year:      year,
		Make:      kind.make,
		Model:     kind.name,
		Color:     colors[m.rng.IntN(len(colors))],
		Price:     price + m.rng.IntN(4000) - 2000,
		Days:      1 + m.rng.IntN(180),
		// Steps of 7 keep the numbers unlike row numbers and page numbers.
		ID: firstID + idStep*i,
	}
}

// reference makes them all of one length, so that none is another's prefix. It
// begins with the year of the purchase, which is not before the model year.
func (m *maker) reference(year int) string {
	first := max(year-2000, 22)
	letter := stockLetters[m.rng.IntN(len(stockLetters))]
	return fmt.Sprintf("%02d%c%04d", first+m.rng.IntN(26-first), letter, m.rng.IntN(10_000))
}

func unique(seen map[string]bool, next func() string) string {
	for {
		s := next()
		if !seen[s] {
			seen[s] = true
			return s
		}
	}
}
