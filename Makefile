# Quorum's commands. Each prepares what it needs: a machine with Python 3.11+ and make is enough.
PYTHON ?= python3
VENV   := .venv
BIN    := $(VENV)/bin
RUN    := $(VENV)/.run-ready
DEV    := $(VENV)/.dev-ready

.DEFAULT_GOAL := help
.PHONY: help demo run simulate doctor test check format docs golden requirements clean

help:  ## Show this list
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | awk -F ':.*## ' '{printf "  make %-14s %s\n", $$1, $$2}'

$(RUN): requirements.txt
	@test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements.txt
	@touch $@

$(DEV): requirements-dev.txt $(RUN)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check -r requirements-dev.txt
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
	$(BIN)/python -m pytest -q -n auto --dist loadfile

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
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --upgrade --no-emit-index-url \
	  --no-emit-find-links --no-annotate --no-header pyproject.toml -o requirements.txt
	$(BIN)/uv pip compile -q --universal --python-version 3.11 --no-emit-index-url --no-emit-find-links \
	  --no-annotate --no-header --group dev pyproject.toml -c requirements.txt -o requirements-dev.txt

clean:  ## Remove the environment and caches; var/ (your data) stays
	rm -rf $(VENV) .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
