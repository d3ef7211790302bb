# Everything a person types here. Each target does its own set-up; `make help` lists them.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-builtin-rules --no-print-directory

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.installed

# Where the warehouse keeps its files, and what it takes in.
HOME_DIR ?= $(or $(WAREHOUSE_HOME),data)
INBOX ?= samples
# More for `make run`: RUN="--quiet" or RUN="--json"
RUN ?=
# More for pytest: PYTEST="-k freshness -x"; PYTEST="-n 0" for one process
PYTEST ?=
# More for `make bench`: BENCH="--only street --repeats 7 --on 2026-11-30"
BENCH ?=
# Port of the Airflow UI, on localhost only.
PORT ?= 8080

# Without byte code Python compiles Airflow and dbt anew at each start: two to five seconds.
unexport PYTHONDONTWRITEBYTECODE
export DO_NOT_TRACK := 1
export GX_ANALYTICS_ENABLED := false

.PHONY: help setup schema dictionary docs explorer run airflow test lint unit compose-test bench lock samples clean

help:  ## List the targets
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

setup: $(STAMP)  ## Make the project's environment in .venv

$(STAMP): requirements.lock requirements-uv.lock .make/setup.sh
	@PYTHON="$(PYTHON)" bash .make/setup.sh

explorer: $(STAMP)  ## Bundle the scripts of the explorer; without Node the report goes without SQL
	@bash .make/explorer.sh

run: explorer  ## Take in INBOX (samples/), build and publish under HOME_DIR (data/)
	@status=0; $(BIN)/python -m dags --home "$(HOME_DIR)" --inbox "$(INBOX)" $(RUN) || status=$$?; \
	if [ $$status -ne 0 ] && [ $$status -ne 3 ]; then exit $$status; fi

airflow: $(STAMP)  ## Start Airflow with its UI on localhost, DAGs scheduled
	@exec $(BIN)/python -m dags.local.serve --home "$(HOME_DIR)" --port "$(PORT)"

lint: $(STAMP)  ## Formatting, style, types, import rules, SQL and YAML
	@bash .make/lint.sh

test: lint unit  ## Everything CI calls: lint, types, import rules, then all tests

unit: explorer
	@$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST)

compose-test: $(STAMP)  ## Build and start the containers, see a file published, take them down
	@$(BIN)/python -m tests.compose.run

bench: $(STAMP)  ## Measure, and write docs/performance.md; QUICK=1 only shows that it works
	@$(BIN)/python -m bench $(if $(QUICK),--quick --results "$$(mktemp -d)") $(BENCH)

lock:  ## Resolve the dependencies anew; the lock files name no registry
	@PYTHON="$(PYTHON)" bash .make/lock.sh

schema: $(STAMP)  ## Write JSON Schemas of contracts and corrections, and the pages of forms
	@$(BIN)/python -m warehouse.layout.schemas
	@$(BIN)/python -m warehouse.forms.documentation

dictionary: $(STAMP)  ## Write docs/indicators and docs/marts.md from the code list and the models
	@$(BIN)/python -m warehouse.dictionary

docs: $(STAMP)  ## Make the dbt docs site of the published warehouse under HOME_DIR/docs
	@$(BIN)/warehouse --home "$(HOME_DIR)" docs

samples: $(STAMP)  ## Make samples/ anew from its facts
	@OPENPYXL_LXML=False $(BIN)/python tests/specimens/make_samples.py

clean:  ## Remove what can be made again; never data/
	@rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .import_linter_cache .hypothesis dbt/target dbt/logs
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +
