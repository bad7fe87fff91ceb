# The tasks of this repository. `make` lists them.

LINTER = $(shell sed -n "s/^linter=//p" .ci/run)

.PHONY: help
help: ## list the tasks
	@sed -n 's/^\([a-z]*\):.*## /\1	/p' $(MAKEFILE_LIST) | expand -t 12

.PHONY: demo
demo: ## run the main job on the practice site
	go run ./cmd/pipe demo

.PHONY: test
test: ## run all tests, those in real browsers too
	go test ./...

.PHONY: short
short: ## run the tests that need no browser, for use while editing
	go test -short ./...

.PHONY: soak
soak: ## run the long jobs too: thousands of items, many kills
	go test -tags soak -timeout 6h ./...

.PHONY: lint
lint: ## check the formatting and lint
	go run $(LINTER) fmt --diff
	go run $(LINTER) run

.PHONY: bench
bench: ## measure the main job and the ledger's commits
	go test -run - -bench Inventory -benchtime 60x ./cmd/pipe
	go test -run - -bench . ./pipeline/ledger

.PHONY: generate
generate: ## write the schema and the reference anew
	go generate ./...
