# luoshi: `make run` gives the site with the example, `make test` runs everything. Both install what they need.
PORT ?= 8000
HOST ?= 127.0.0.1
PYTHON ?= python3
LUOSHI_TODAY ?= 2026-12-31
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip install -qq --disable-pip-version-check
FRONT_SOURCES := $(shell find frontend -type f -not -path 'frontend/node_modules/*' 2>/dev/null)
TRANSLATIONS := $(shell find luoshi -name '*.po' 2>/dev/null)
STATIC := luoshi/ui/static/build

.DEFAULT_GOAL := help
.PHONY: help run test lint format reader-test fuzz bench screenshots score static translations wheel pins clean distclean

help:
	@echo "make run          the site with the example at http://$(HOST):$(PORT) (PORT=9000 make run for another port)"
	@echo "make test         checks, all tests on SQLite and PostgreSQL, browser tests included"
	@echo "make lint         ruff, mypy, import walls only;  make format  rewrites in house style"
	@echo "make score        reading scores on ../shared/corpus, where that is at hand"
	@echo "make fuzz         100,000 damaged files, hostile texts and changed documents (half an hour; CASES=, SEED=)"
	@echo "make bench        benchmarks;  make screenshots  pictures for docs/"
	@echo "make wheel        wheel and source archive in dist/;  make pins  renew requirements/"
	@echo "make clean        what was built (data stays in var/);  make distclean  the environments too"

run: $(VENV)/.web $(STATIC)/luoshi.js translations
	@$(BIN)/python manage.py migrate --no-input --verbosity 0
	@$(BIN)/luoshi demo
	@echo "The example's year is looked at as on $(LUOSHI_TODAY); LUOSHI_TODAY= make run takes the real day."
	@LUOSHI_TODAY=$(LUOSHI_TODAY) $(BIN)/luoshi serve --host $(HOST) --port $(PORT)

test: $(VENV)/.dev $(STATIC)/luoshi.js translations
	@bash tools/test.sh

lint: $(VENV)/.dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

reader-test: $(VENV)/.dev
	$(BIN)/python -m pytest tests/reading tests/cli tests/exports

CASES ?= 100000
SEED ?= 1
fuzz: $(VENV)/.dev
	$(BIN)/python -m tests.reading.fuzz --cases $(CASES) --seed $(SEED)

score: $(VENV)/.dev
	@bash tools/score.sh

bench: $(VENV)/.dev
	$(BIN)/python -m benchmarks

screenshots: $(VENV)/.dev $(STATIC)/luoshi.js translations
	$(BIN)/python -m benchmarks.screenshots

static: $(STATIC)/luoshi.js

translations: $(VENV)/.web
	@$(BIN)/python hatch_build.py

wheel: $(VENV)/.dev $(STATIC)/luoshi.js
	$(BIN)/python -m build --no-isolation --outdir dist .

# Exact versions with digests, one file a purpose; no registry is named in them, so any mirror serves.
pins: $(VENV)/.dev
	bash tools/pins.sh

# Stamps stand inside what they speak of: remove the folder and the step runs again.
$(VENV)/bin/python:
	@bash tools/need.sh python "$(PYTHON)"
	$(PYTHON) -m venv $(VENV)

$(VENV)/.web: requirements/web.txt requirements/build.txt pyproject.toml | $(VENV)/bin/python
	@echo "Installing luoshi and what the site needs …"
	@$(PIP) --require-hashes -r requirements/web.txt -r requirements/build.txt
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.web
	@echo "Installing what the tests need …"
	@$(PIP) --require-hashes -r requirements/dev.txt
	@touch $@

frontend/node_modules/.installed: frontend/package-lock.json
	@bash tools/need.sh node
	@echo "Installing front-end parts …"
	@cd frontend && npm ci --no-audit --no-fund --no-update-notifier --loglevel=error >/dev/null
	@touch $@

$(STATIC)/luoshi.js: frontend/node_modules/.installed $(FRONT_SOURCES)
	@echo "Building the front end …"
	@cd frontend && npm run --silent build >node_modules/.build.log 2>&1 || { cat node_modules/.build.log; exit 1; }
	@touch $@

clean:
	rm -rf $(STATIC) dist .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis
	find luoshi -name '*.mo' -delete

distclean: clean
	rm -rf $(VENV) frontend/node_modules
