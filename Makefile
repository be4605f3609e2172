# Everything that is checked before a change is merged, one target each.
# The tools have a module file of their own, so that go.mod lists only what Parley needs.

GO    ?= go
TOOL  := $(GO) tool -modfile=tools.mod
PKG   ?= ./...
FUZZ  ?= 10s
KILLS ?= 1000
CHANGES ?= 2000
EDITS ?= 3
SOAK  ?= 10000000
SCALE ?= 10000
OPERATIONS ?= 1000000
CRASHES ?= every
SIZES ?= 1000,10000,100000

.DEFAULT_GOAL := help

## -- Use ---------------------------------------------------------------------

.PHONY: help
help: ## list the targets
	@grep -hE '^[a-z][a-z-]*:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 18

.PHONY: demo
demo: ## run a realistic company, the daemon and the board in one process
	$(GO) run ./cmd/parley demo

.PHONY: screenshots
screenshots: ## take the pictures of the guide with Chromium, into docs/screenshots
	PARLEY_SCREENSHOTS=$(abspath docs/screenshots) $(GO) test -count=1 -timeout 15m -run '^TestScreenshots$$' ./cmd/parley

.PHONY: build
build: ## build the one binary, without cgo, into bin/
	CGO_ENABLED=0 $(GO) build -trimpath -o bin/parley ./cmd/parley

.PHONY: dist
dist: ## archives for every system with checksums and lists of what is in them, into dist/ (SYSTEMS=linux/amd64)
	$(GO) run ./cmd/parley/internal/dist -out dist $(if $(SYSTEMS),-systems $(SYSTEMS))

## -- Test --------------------------------------------------------------------

.PHONY: test
test: ## run all tests
	$(GO) test $(PKG)

.PHONY: race
race: ## run all tests under the race detector
	@# SQLite's own code is C made into Go: watched too, it makes the tests six times slower and tells nothing of ours.
	$(GO) test -race -gcflags=modernc.org/...=-race=false -timeout 18m $(PKG)

.PHONY: test-postgres
test-postgres: ## run the tests of all that stands on a store with PostgreSQL under it (PKG=… for some)
	PARLEY_TEST_STORE=postgres $(GO) test -count=1 -timeout 20m $(if $(filter ./...,$(PKG)),./sync/runner/... ./sync/view/... ./cmd/parley/...,$(PKG))

.PHONY: bench
bench: ## run the benchmarks, without the tests
	$(GO) test -run '^$$' -bench . -benchmem $(PKG)

.PHONY: cover
cover: ## coverage per package, coverage.out for `go tool cover`
	$(GO) test -coverprofile=coverage.out -coverpkg=./... $(PKG)
	$(GO) tool cover -func=coverage.out | tail -1

.PHONY: real-input
real-input: ## run the daemon, and the tests, on recorded tracker data (PARLEY_DATA=folder)
	PARLEY_DATA=$(abspath $(PARLEY_DATA)) .ci/real-input
	PARLEY_DATA=$(abspath $(PARLEY_DATA)) $(GO) run ./cmd/parley/internal/realinput

.PHONY: real-look
real-look: ## run on over recorded tracker data, for a person to look at (PARLEY_DATA=folder, LOOK=address)
	PARLEY_DATA=$(abspath $(PARLEY_DATA)) $(GO) run ./cmd/parley/internal/realinput -look $(or $(LOOK),127.0.0.1:8080)

.PHONY: kill-test
kill-test: ## kill the daemon in the middle of writes, KILLS times
	PARLEY_KILLS=$(KILLS) .ci/some '^TestKill' -count=1 -timeout 60m ./cmd/parley

.PHONY: soak-cluster
soak-cluster: ## three daemons on one PostgreSQL are killed, stopped and cut off during CHANGES changes
	PARLEY_CHANGES=$(CHANGES) $(GO) test -v -count=1 -timeout 180m -run '^TestCrew' ./cmd/parley

.PHONY: exhaustive
exhaustive: ## every schedule of EDITS people's edits over the fold
	GOMEMLIMIT=5GiB PARLEY_EXHAUSTIVE=$(EDITS) PARLEY_EXHAUSTIVE_TIME=$(SCOPE) $(GO) test -count=1 -timeout 24h -run '^TestNoScheduleLosesAnEdit$$' ./sync/reconcile

.PHONY: simulate
simulate: ## the whole machine in a simulated world, OPERATIONS tracker operations long
	GOGC=400 PARLEY_SIM_OPERATIONS=$(OPERATIONS) $(GO) test -v -count=1 -timeout 30m -run 'TestSimulation$$' ./sync/simulate

.PHONY: scale
scale: ## SCALE issues a side, published limits enforced, one answer of twenty wrong
	PARLEY_SCALE=$(SCALE) $(GO) test -v -count=1 -timeout 60m -run 'TestScale$$' ./sync/runner/l3

.PHONY: bench-scale
bench-scale: ## what Parley costs at SIZES issues a tracker, one size after the other
	$(GO) run ./cmd/parley/internal/benchscale -sizes $(SIZES)

.PHONY: crashes
crashes: ## the process dies at every point of the scenarios (CRASHES=all: at every two of the shortest)
	GOGC=400 PARLEY_CRASHES=$(CRASHES) $(GO) test -count=1 -timeout 120m -run 'Crash' ./sync/simulate

.PHONY: soak
soak: ## SOAK operations from where the last soak ended (soak.state), every two crashes, every schedule of four edits
	$(GO) run ./sync/simulate/soak -operations $(SOAK) -state soak.state
	$(MAKE) crashes CRASHES=all
	$(MAKE) exhaustive EDITS=4 SCOPE=20m

.PHONY: fuzz
fuzz: ## every fuzz target there is, one after the other, FUZZ long each (FUZZ=10m)
	@git grep -l '^func Fuzz' -- '*_test.go' | sort | while read -r file; do \
		sed -nE 's/^func (Fuzz[A-Za-z0-9_]+)\(f \*testing\.F\).*/\1/p' "$$file" | while read -r name; do \
			echo "== $$name in $$(dirname "$$file"), $(FUZZ)"; \
			$(GO) test -run '^$$' -fuzz "^$$name$$" -fuzztime $(FUZZ) "./$$(dirname "$$file")" </dev/null || exit 1; \
		done || exit 1; \
	done

.PHONY: mutants
mutants: ## weaken the rules one by one; every weakened one has to be caught
	$(GO) run ./cmd/parley/internal/mutants

.PHONY: reference
reference: ## write docs/CONFIGURATION.md anew, from the code
	@$(GO) run ./cmd/parley/internal/reference > docs/CONFIGURATION.md.new && mv docs/CONFIGURATION.md.new docs/CONFIGURATION.md

## -- Check -------------------------------------------------------------------

.PHONY: check
check: fmt vet lint race fresh deadcode exhaustive simulate crashes ## all that must hold before a merge

.PHONY: fmt
fmt: ## fail if a file is not gofmt'd
	@files=$$(git ls-files -co --exclude-standard '*.go' | xargs gofmt -l); test -z "$$files" || { echo "not gofmt'd:" $$files >&2; exit 1; }

.PHONY: vet
vet: ## go vet
	$(GO) vet $(PKG)

.PHONY: lint
lint: ## golangci-lint, also holding the direction of imports
	$(TOOL) golangci-lint run --allow-parallel-runners $(PKG)

.PHONY: deploy
deploy: ## check the alerts, the unit and the completion scripts with the programs that read them
	promtool check rules deploy/alerts.yml
	promtool test rules deploy/alerts_test.yml
	systemd-analyze security --offline=true --threshold=20 deploy/parley.service | tail -1

.PHONY: fresh
fresh: ## build and vet a fresh clone, so that nothing depends on files not committed
	@dir=$$(mktemp -d) && trap 'rm -rf "$$dir"' EXIT && \
	git clone --quiet --no-hardlinks . "$$dir/parley" && cd "$$dir/parley" && \
	$(GO) build ./... && $(GO) vet ./... && echo "fresh clone builds: $$(git rev-parse --short HEAD)"

.PHONY: deadcode
deadcode: ## fail on functions that nothing reaches, not even a test
	@dead=$$($(TOOL) deadcode -test $(PKG)) || exit 1; test -z "$$dead" || { echo "$$dead"; echo "deadcode: nothing reaches these" >&2; exit 1; }

.PHONY: unreached
unreached: ## list functions that the binary does not reach (tests may), for reading
	$(TOOL) deadcode ./cmd/parley
