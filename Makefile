# make run    start the tutor         make test   every test
# make check  format, lint, types, import rules, packs
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11 python; do \
	$$p -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo $$p && break; done)
VENV := .venv
BIN := $(VENV)/bin
PIP := $(BIN)/python -m pip -qq --disable-pip-version-check
.DEFAULT_GOAL := run
.PHONY: run test check fix bench soak fuzz lock towns picture clean

run: $(VENV)/.runtime
	@$(BIN)/tminus run

test: $(VENV)/.dev
	$(BIN)/pytest -n 2 --dist loadgroup

check: $(VENV)/.dev
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/tminus pack check

fix: $(VENV)/.dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: $(VENV)/.dev
	$(BIN)/python -m tests.bench

soak: $(VENV)/.dev
	$(BIN)/pytest -m soak tests

# Looks for new examples against every property, for as long as it takes (half an hour).
fuzz: $(VENV)/.dev
	$(BIN)/pytest -n 2 --hypothesis-profile=fuzz tests/domain

# Pins every dependency with its hashes. The two files name no registry.
lock: $(VENV)/.uv
	$(BIN)/uv pip compile $(LOCK) --group build pyproject.toml -o requirements/runtime.txt
	$(BIN)/uv pip compile $(LOCK) --group build --group dev -c requirements/runtime.txt pyproject.toml -o requirements/dev.txt
LOCK := --quiet --upgrade --universal --python-version 3.11 --generate-hashes \
	--no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

# Makes the table of towns and their time zones anew (GeoNames).
towns: $(VENV)/.dev
	$(BIN)/python -m bot.atlas.build

# Draws docs/conversation.png from a real conversation; needs Chromium.
picture: $(VENV)/.dev
	$(BIN)/python -m docs.picture.make

clean:
	rm -rf $(VENV)

$(VENV)/bin/python:
	@test -n "$(PYTHON)" || { echo "Tminus needs Python 3.11 or newer: install it, or say where it is: make run PYTHON=/path/to/python3"; exit 1; }
	@echo "Making the environment in $(VENV) (once, about half a minute) ..."
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 1; }

$(VENV)/.runtime: requirements/runtime.txt pyproject.toml | $(VENV)/bin/python
	@$(PIP) install --require-hashes -r requirements/runtime.txt
	@$(PIP) install --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/.dev: requirements/dev.txt $(VENV)/.runtime
	@$(PIP) install --require-hashes -r requirements/dev.txt
	@touch $@

$(VENV)/.uv: | $(VENV)/bin/python
	@$(PIP) install uv
	@touch $@
