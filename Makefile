# Quorum's commands. Each prepares what it needs: a machine with Python 3.11+ and make is enough.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUN    := $(VENV)/.run-ready
DEV    := $(VENV)/.dev-ready

EVERY_CORE := -n auto --dist loadfile --no-loadscope-reorder

# The bots and venues that tests start would otherwise be compiled anew each time.
test soak fuzz: export PYTHONDONTWRITEBYTECODE :=

.DEFAULT_GOAL := help
.PHONY: help demo run simulate doctor test soak killpoints chaos fuzz check format docs golden requirements audit licences \
	clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(RUN): requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(RUN)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@

demo: $(RUN)  ## A simulated market day: signals, their outcomes and the report, in the terminal
	$(BIN)/python -m app demo

run: $(RUN)  ## The bot on live public data (settings from .env)
	$(BIN)/python -m app run

simulate: $(RUN)  ## A local venue that speaks Binance's protocol
	$(BIN)/python -m app simulate

doctor: $(RUN)  ## Check settings, database, exchange, Telegram, disk
	$(BIN)/python -m app doctor

test: $(DEV)  ## All tests, on every core
	$(BIN)/python -m pytest -q $(EVERY_CORE)

soak: $(DEV)  ## More faults of the venue, end to end, and the property tests ten times as deep
	$(BIN)/python -m pytest -q $(EVERY_CORE) -m soak
	HYPOTHESIS_PROFILE=deep $(BIN)/python -m pytest -q $(EVERY_CORE) tests/unit -k properties

killpoints: $(DEV)  ## Kill the process at every boundary of a trade (6 minutes)
	$(BIN)/python -m tests.killpoints

chaos: $(DEV)  ## Cause every fault of docs/degradation.md for real; a table of what came of them
	$(BIN)/python -m tests.chaos

fuzz: $(DEV)  ## Bad input for every parser, ten times as much as in the tests
	HYPOTHESIS_PROFILE=deep $(BIN)/python -m pytest -q $(EVERY_CORE) tests/fuzz

check: $(DEV)  ## Format, lint, types, import rules
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports --no-logo

format: $(DEV)  ## Mend format and simple lint
	$(BIN)/ruff format .
	$(BIN)/ruff check --fix .

docs: $(RUN)  ## Write docs/configuration.md anew from the settings
	$(BIN)/python -m app docs

golden: $(DEV)  ## Write the golden files anew; read the diff before you commit it
	$(BIN)/python -m pytest -q tests/golden tests/parity \
		tests/unit/layers/orderflow/test_order_flow_wording.py \
		tests/unit/layers/onchain/test_onchain_wording.py --update-golden

requirements: $(DEV)  ## Resolve the pins anew from pyproject.toml
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --upgrade --no-emit-index-url \
	  --no-emit-find-links --no-annotate --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-emit-find-links \
	  --no-annotate --no-header --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt

audit: $(DEV)  ## Ask for known weaknesses of the pinned packages (needs the network)
	@$(BIN)/pip-audit --strict --require-hashes --disable-pip --progress-spinner off -r requirements.txt || { \
	  echo 'Not passed. A weakness listed above: raise the package in pyproject.toml, then make requirements.' >&2; \
	  echo 'Any other error above: nothing is known, for the advisory service could not be asked. Mend the' >&2; \
	  echo 'network and try again, or ask another one: PIP_AUDIT_VULNERABILITY_SERVICE=osv make audit' >&2; \
	  exit 1; }

licences: $(DEV)  ## Hold the licences of the runtime packages against deploy/licences.txt
	@$(BIN)/pip-licenses --from=mixed --format=plain --no-version \
	  --packages $$(sed -n 's/^\([A-Za-z0-9_.-]*\)==.*/\1/p' requirements.txt) \
	  --ignore-packages $$(sed -n 's/^package \([^ ]*\) .*/\1/p' deploy/licences.txt) \
	  --allow-only="$$(sed -n 's/^licence //p' deploy/licences.txt | paste -sd ';')" > $(VENV)/licences.txt \
	  && echo "$$(tail -n +2 $(VENV)/licences.txt | wc -l) runtime packages, all under licences of deploy/licences.txt"

clean:  ## Remove the environment and caches; var/ (your data) stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
