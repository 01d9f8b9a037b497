# 返岗通: `make run` starts it, `make test` tries it, `make help` lists the rest.

PYTHON ?= python3.11
BIN    := .venv/bin
UV     := $(shell sed -n 's/^\(uv==[^ ]*\).*/\1/p' requirements.lock)

.DEFAULT_GOAL := help
.PHONY: help install run check test test-faults bench screenshots format lock

help:  ## this list
	@sed -n 's/^\([a-z-]*\):.*  ## /\1\t/p' $(MAKEFILE_LIST) | while IFS='	' read -r name what; do printf '  make %-12s %s\n' "$$name" "$$what"; done

install: .venv/installed  ## .venv with everything in it

# Instantaneous when neither file has changed since.
.venv/installed: requirements.lock pyproject.toml
	@test -x $(BIN)/python || $(PYTHON) -m venv .venv || { echo "Python 3.11 is needed: make install PYTHON=/path/to/python3.11" >&2; exit 1; }
	@$(BIN)/python -m pip install --quiet --no-input --disable-pip-version-check $(UV)
	$(BIN)/uv pip install --quiet --python $(BIN)/python --require-hashes -r requirements.lock
	$(BIN)/uv pip install --quiet --python $(BIN)/python --no-deps --editable .
	@touch $@

run: install  ## the service, on http://127.0.0.1:8080 (Ctrl-C stops it)
	@exec $(BIN)/fangang serve

check: install  ## format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: install  ## every test, on SQLite, PostgreSQL and in Chromium
	@scripts/install-browser.sh
	$(BIN)/pytest

test-faults: install  ## only the tests that kill, lose and repeat
	$(BIN)/pytest -m faults

bench: install  ## measure; ONLY=part,part measures these
	$(BIN)/python -m bench $(if $(ONLY),--only $(ONLY))

screenshots: install  ## the pictures in the README
	@scripts/install-browser.sh
	$(BIN)/python -m scripts.screenshots

format: install  ## mend what can be mended
	$(BIN)/ruff check --fix-only --exit-zero .
	$(BIN)/ruff format .

lock: install  ## requirements.lock anew from pyproject.toml
	UV_CUSTOM_COMPILE_COMMAND="make lock" $(BIN)/uv pip compile --quiet --extra dev --generate-hashes --no-emit-index-url \
	  --no-annotate --python-version 3.11 --universal pyproject.toml -o requirements.lock
