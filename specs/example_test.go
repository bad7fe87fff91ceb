package specs_test

import (
	"fmt"

	"pipe/specs"
	"pipe/steps"
)

// A spec is read with the verbs that its steps may have.
func ExampleParse() {
	spec, err := specs.Parse("vehicles.yaml", []byte(`
name: vehicles
key: ${{ item.vin }}
source: {csv: vehicles.csv}
download:
  - capture: {url: "/report/${{ item.vin }}", as: "${{ item.vin }}.pdf"}
`), specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		fmt.Println(err)
		return
	}
	key, err := spec.Key.Text(spec.Values.With("item", map[string]any{"vin": "W1"}))
	fmt.Println(spec.Name, spec.Download.Steps[0].Verb, key, err)
	// Output: vehicles capture W1 <nil>
}

// Everything that is wrong with a spec is told at once, each at its place.
func ExampleParse_faults() {
	_, err := specs.Parse("vehicles.yaml", []byte(`name: vehicles
key: ${{ item.vni }}
source: {items: [{vin: W1}]}
download:
  - clik: "#print"
`), specs.Options{Verbs: steps.Verbs()})
	fmt.Println(err)
	// Output:
	// vehicles.yaml:2:15: key: the source has no column "vni" (did you mean item.vin?); it has item.vin
	//   2 | key: ${{ item.vni }}
	//     |               ^
	// vehicles.yaml:5:5: download[0]: unknown step "clik" (did you mean "click"?)
	//   5 |   - clik: "#print"
	//     |     ^
}
