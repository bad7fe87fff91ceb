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
	go test -timeout 60m ./...

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
bench: ## measure the main job beside scripts written by hand, and the parts
	go run ./cmd/pipe bench
	@echo
	@$(MAKE) --no-print-directory parts
	@echo
	@echo 'To compare two states: make -s parts >before.txt, change, make -s parts >after.txt, and'
	@echo 'go run golang.org/x/perf/cmd/benchstat@latest before.txt after.txt'

# What benchstat reads: several runs of each, of what no browser has part in.
.PHONY: parts
parts: ## measure the loader, expressions, the ledger and proofs
	@go test -run - -bench 'Load|Expression' -count 6 -benchtime 0.5s ./specs
	@go test -run - -bench . -count 6 -benchtime 0.5s ./pipeline/ledger
	@go test -run - -bench Prove -count 6 -benchtime 0.5s ./pipeline/artifact

.PHONY: generate
generate: ## write the schema and the reference anew
	go generate ./...
