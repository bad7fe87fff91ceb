package steps_test

import (
	"fmt"

	"pipe/specs"
	"pipe/steps"
)

// A verb says of itself what the reference shows.
func ExampleVerbs() {
	for _, verb := range steps.Verbs() {
		if verb.Name == "click" {
			fmt.Println(verb.Doc)
			fmt.Println(verb.Example)
		}
	}
	// Output:
	// clicks an element
	// click: {role: button, name: Export}
}

// Steps are found wherever they stand.
func ExampleWalkSteps() {
	spec, err := specs.Parse("vehicles.yaml", []byte(`
name: vehicles
key: ${{ item.reference }}
source: {items: [{reference: A1}]}
navigate:
  steps:
    - goto: https://example.com/inventory
    - each: {element: "#files tr", index: n, do: [{capture: {on: {click: a}, as: "${{ vars.n }}.pdf"}}]}
`), specs.Options{Verbs: steps.Verbs()})
	if err != nil {
		fmt.Println(err)
		return
	}
	steps.WalkSteps(spec.Navigate.Steps, func(step *specs.Step) {
		fmt.Println(step.Path, steps.Writes(step))
	})
	// Output:
	// navigate.steps[0].goto false
	// navigate.steps[1].each false
	// navigate.steps[1].each.do[0].capture true
	// navigate.steps[1].each.do[0].capture.on.click false
}

func ExampleGlob() {
	isVehicle := steps.Glob("**/vehicle/*")
	fmt.Println(isVehicle("https://example.com/vehicle/7"), isVehicle("https://example.com/vehicle/7/owners"))
	// Output: true false
}

func ExampleContainsText() {
	fmt.Println(steps.ContainsText("Too  Many\nrequests", "too many Requests"))
	// Output: true
}
