# Python 3.10 or newer and make are all that is needed here.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install --quiet --disable-pip-version-check
SEEDS := $(sort $(wildcard seeds/*.txt))

.PHONY: help demo test bench docs browser clean

help:
	@echo "make demo   extract from the documents in seeds/: the facts here, more in demo/"
	@echo "make test   style, types and tests, the same as in CI"
	@echo "make bench  speed and memory beside others, in one table, and growth"
	@echo "make docs   the guides and the reference as a site, in build/docs"
	@echo "make clean  remove demo/, build/ and $(VENV)/"

demo: $(VENV)/.core
	@mkdir -p demo
	$(BIN)/govie extract $(SEEDS)
	$(BIN)/govie extract --out demo/report.html $(SEEDS)
	$(BIN)/govie extract --out demo/facts.csv $(SEEDS)
	$(BIN)/govie tasks --out demo/tasks.csv $(SEEDS)
	@echo "Written: demo/report.html demo/facts.csv demo/tasks.csv"

test: $(VENV)/.test browser
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/pytest

# The peers want the extra dev; where they are elsewhere: make bench PEERS=…/python TORCH=…/python
PEERS ?= $(BIN)/python
TORCH ?= $(BIN)/python

bench: $(VENV)/.test
	$(BIN)/python benchmarks/peers_speed.py --peer-python $(PEERS) --torch-python $(TORCH)

docs: $(VENV)/.test
	$(BIN)/python -m sphinx -W --keep-going -q docs build/docs
	@echo "Written: build/docs/index.html"

# The tests of the report want a Chromium; they are skipped where there is none.
browser:
	@tests/integrations/install-chromium.sh

clean:
	rm -rf demo build $(VENV)

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 10))' || \
	  { echo "govie needs Python 3.10 or newer. Name one: make PYTHON=python3.12"; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.core: $(VENV)/.made pyproject.toml
	$(PIP) --editable .
	@touch $@

$(VENV)/.test: $(VENV)/.made pyproject.toml
	$(PIP) --editable '.[test]'
	@touch $@ $(VENV)/.core
