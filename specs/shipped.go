package specs

import _ "embed"

// InventoryPath is where the shipped spec of the demo lies in the repository.
const InventoryPath = "specs/inventory.yaml"

// Inventory is the shipped spec of the demo.
//
//go:embed inventory.yaml
var Inventory []byte
