package preview_test

import (
	"context"
	"fmt"

	"pipe/pipeline/engine"
	"pipe/pipeline/preview"
	"pipe/specs"
	"pipe/steps"
)

// A plan reads the source and does nothing else.
func ExampleMakePlan() {
	spec, err := specs.Parse("vehicles.yaml", []byte(`
name: vehicles
key: ${{ item.vin }}
source: {items: [{vin: W1}, {vin: W2}, {vin: W1}]}
download:
  - capture: {url: "http://localhost/${{ item.vin }}", as: "${{ item.vin }}.pdf"}
`), specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		fmt.Println(err)
		return
	}
	plan, err := preview.MakePlan(context.Background(), engine.Config{Spec: spec}, nil)
	fmt.Println(plan.Rows, "rows,", plan.ToDo(), "to do,", plan.Duplicates, "twice,", err)
	// Output: 3 rows, 2 to do, 1 twice, <nil>
}
