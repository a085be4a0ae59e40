# `make run` and `make test` are all that a newcomer needs; each installs what it needs on Debian 12 with Swift 6.3.
.PHONY: help run build test wasm bench faults layers screenshots module format lint tidy clean

SWIFT_BUILD = swift build --explicit-target-dependency-import-check error
FORMATTED = Package.swift Sources Modules Tests $(wildcard Benchmarks)
DATA ?= demo-data
PORT ?= 8080

help: ## what can be made
	@sed -nE 's/^([a-z]+):.*## (.*)/  make \1\t\2/p' $(MAKEFILE_LIST) | expand -t 18

run: build ## a made-up neighbourhood to click through, at http://127.0.0.1:8080
	.build/release/linlian demo --data $(DATA) --port $(PORT)

build: ## the program, .build/release/linlian
	@Scripts/setup.sh run
	$(SWIFT_BUILD) -c release --product linlian

test: ## everything that CI runs
	@Scripts/test.sh

wasm: ## the proof checks for a browser, Artifacts/linlian.wasm
	@Scripts/setup.sh test
	@Wasm/build.sh
	@node --test Wasm/test/

bench: build ## the figures of the README, one JSON line each
	@for what in ingest http verify pages catchup network; do .build/release/linlian bench $$what --json; done
	@for what in state growth restart join; do .build/release/linlian bench $$what --transactions 1000000 --json; done

faults: build ## what breaks and how the ledger recovers, as docs/faults.md; needs root
	@Scripts/setup.sh test
	@LINLIAN_BINARY=.build/release/linlian LINLIAN_FAULTS_REPORT=docs/faults.md \
		.venv/bin/python -m pytest -q -p no:cacheprovider Tests/Faults

layers: ## the time of each layer's work, at 10000, 100000 and 1000000
	@Scripts/setup.sh run
	swift package --package-path Benchmarks benchmark --no-progress

screenshots: build ## every page in every setting as a picture, in Artifacts/screenshots
	@Scripts/setup.sh test
	@Scripts/screenshots.sh

module: ## a new domain module: make module NAME=Vouchers
	@Scripts/new-module.sh "$(NAME)"

format: ## lays the sources out
	swift format --in-place --recursive --parallel --configuration .swift-format $(FORMATTED)

lint: ## checks their layout
	swift format lint --strict --recursive --parallel --configuration .swift-format $(FORMATTED)

tidy: ## checks what may import what, and what is banned
	@Scripts/setup.sh test
	@.venv/bin/python -m pytest -q -p no:cacheprovider Tests/TidyTests

clean: ## removes what was built, not what a demo recorded
	rm -rf .build .build-new-module Artifacts
