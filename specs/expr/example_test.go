package expr_test

import (
	"fmt"

	"pipe/specs"
)

// A template is evaluated on the values that a spec begins with and those of an
// item; where it is one expression, its value keeps its type.
func ExampleTemplate_Value() {
	spec, err := specs.Parse("vehicles.yaml", []byte(`
name: vehicles
key: ${{ item.vin }}
base_url: https://${{ vars.branch }}.example.com
vars: {branch: north, next: "${{ 41 + 1 }}"}
source: {csv: vehicles.csv}
`), specs.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	url, _ := spec.BaseURL.Text(spec.Values)
	key, _ := spec.Key.Value(spec.Values.With("item", map[string]any{"vin": "W1"}))
	fmt.Printf("%s %v %T\n", url, key, spec.Values["vars"].(map[string]any)["next"])
	// Output: https://north.example.com W1 int
}
