# Needs python3 (3.11 or later, with venv) and make. Everything else is installed here, by `make install`.

PYTHON ?= python3
PORT ?= 8000
export PORT
VENV := .venv
PY := $(VENV)/bin/python
STAMPS := $(VENV)/.stamps
# The machine's npm, else the one of a wheel.
NPM = $(shell command -v npm || echo "$(PY) -m digivesteralen.run.npm")
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help install run test faults lint audit sbom bench load lock messages clean

help:  ## this list
	@sed -n 's/^\([a-z]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

install: $(STAMPS)/frontend $(STAMPS)/translations  ## the environment: Python packages, front-end files, translations

run: install  ## the portal on http://localhost:8000 (PORT=…); Ctrl-C stops everything
	@exec $(PY) -m digivesteralen.run

test: install $(STAMPS)/dev  ## the tests, but for those of `make faults` (ARGS="…" goes to pytest)
	@exec $(PY) -m pytest -n 2 --dist loadgroup $(ARGS)

faults: install $(STAMPS)/dev  ## the tests that kill processes, stop servers and fill disks, and the longest (ARGS="…" goes to pytest)
	@exec $(PY) -m pytest -m faults -n 2 --dist loadgroup $(ARGS)

lint: install $(STAMPS)/dev  ## style, types, layers, templates, migrations, translations
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .
	$(PY) -m mypy
	$(VENV)/bin/lint-imports --cache-dir var/import-linter
	find templates -name '*.html' -print0 | xargs -0 $(VENV)/bin/djade --check --target-version 5.2
	$(PY) manage.py makemigrations --check --dry-run
	$(PY) -m digivesteralen.ui.translations check

audit: install  ## known vulnerabilities of what is locked (ADVISORIES=file, folder, zip or https:// of OSV advisories)
	@exec $(PY) -m digivesteralen.operations.advisories $(ADVISORIES)

sbom: install $(STAMPS)/dev  ## the list of what the portal is made of: var/sbom.json (CycloneDX)
	@mkdir -p var
	@$(PY) -m cyclonedx_py requirements requirements.lock --output-format JSON --output-file var/sbom.json
	@echo "var/sbom.json is written."

bench: install  ## speed and memory (ARGS="--municipalities 47")
	@exec $(PY) manage.py bench $(ARGS)

load: install  ## 200 directors in one minute beside two reports and an import (ARGS="--directors 50")
	@exec $(PY) -m digivesteralen.load $(ARGS)

lock: $(STAMPS)/dev  ## requirements*.lock from pyproject.toml
	$(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url pyproject.toml -o requirements.lock
	$(VENV)/bin/uv pip compile --quiet --universal --generate-hashes --no-emit-index-url --group dev pyproject.toml \
		-c requirements.lock -o requirements-dev.lock

messages: install  ## new texts into locale/, from the code and the templates
	$(PY) -m digivesteralen.ui.translations collect

clean:  ## removes the environment and the built files, never the data
	rm -rf $(VENV) node_modules static/vendor var/mypy var/import-linter var/static var/test

# --- what `install` is made of; each part is made again only when what it is made from is newer ---

$(STAMPS)/system: digivesteralen/run/machine.py
	@$(PYTHON) digivesteralen/run/machine.py
	@test -x $(PY) || $(PYTHON) -m venv $(VENV)
	@mkdir -p $(STAMPS) && touch $@

$(STAMPS)/python: requirements.lock $(STAMPS)/system
	@echo "Installing Python packages …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	@$(PY) -m compileall -q $(VENV)/lib digivesteralen governance surveys portfolio
	@touch $@

$(STAMPS)/dev: requirements-dev.lock $(STAMPS)/python
	@echo "Installing the packages for tests and checks …"
	@$(PY) -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements-dev.lock
	@touch $@

$(STAMPS)/frontend: package-lock.json $(STAMPS)/python $(shell find digivesteralen/ui/theme digivesteralen/ui/editor digivesteralen/ui/vendor.py -type f 2>/dev/null)
	@echo "Installing front-end files …"
	@$(NPM) ci --ignore-scripts --no-audit --no-fund --loglevel=error --update-notifier=false
	@$(PY) -m digivesteralen.ui.vendor
	@touch $@

$(STAMPS)/translations: $(wildcard locale/*/LC_MESSAGES/django.po) $(STAMPS)/python
	@$(PY) -m digivesteralen.ui.translations compile
	@touch $@
