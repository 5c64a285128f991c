# Two commands do all the set-up there is on a fresh machine: `make demo` and `make test`.

SHELL := /bin/sh
.DEFAULT_GOAL := help

BIN := .venv/bin
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet --quiet
JOBS ?= 2
ARGS ?=

# The first Python that is new enough and can make an environment; PYTHON=… names another one.
PYTHON ?= $(shell for each in python3.11 python3 python3.12 python3.13 python3.14; do \
	$$each -c 'import ensurepip, sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
	&& echo $$each && break; done)

# Adds packages of Debian, where that is what we are on and we may.
APT := [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null && export DEBIAN_FRONTEND=noninteractive \
	&& apt-get update -qq && apt-get install -y -qq --no-install-recommends

.PHONY: help demo test check lint format types imports spelling migrations bench spark spark-stop \
	fix lock picture pages words clean java chromium

help:  ## say what there is
	@echo "The commands of this project:"
	@sed -n 's/^\([a-z][a-z-]*\):.*## \(.*\)/  make \1|\2/p' Makefile \
		| awk -F'|' '{printf "%-18s%s\n", $$1, $$2}'

demo: .venv/locked  ## set everything up and serve the portal with its demo tenants
	@$(BIN)/portal demo

test: .venv/locked-dev java chromium  ## set everything up and run every test; ARGS="-k store" runs some
	$(BIN)/python -m pytest -n $(JOBS) --dist loadfile $(ARGS)

check: lint format types imports spelling migrations  ## check style, types, imports and migrations

lint: .venv/locked-dev
	$(BIN)/ruff check .

format: .venv/locked-dev
	$(BIN)/ruff format --check .

types: .venv/locked-dev
	$(BIN)/mypy

imports: .venv/locked-dev
	$(BIN)/lint-imports --no-logo

spelling: .venv/locked-dev
	$(BIN)/codespell

# On an empty database, on one that holds something, and down again.
migrations: .venv/locked-dev
	$(BIN)/python -m pytest tests/state/test_migrations.py

fix: .venv/locked-dev  ## put right what the linter and the formatter can
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: .venv/locked-dev  ## measure the engine and write docs/benchmarks.md; takes long
	$(BIN)/python -m bench run $(ARGS)

spark: .venv/locked-dev java  ## start a Spark cluster of this machine: a master and two workers
	@$(BIN)/python -m kpi_engine.engines.cluster start

spark-stop: .venv/locked-dev  ## end that cluster
	@$(BIN)/python -m kpi_engine.engines.cluster stop

picture: .venv/locked  ## draw the README's picture anew, from what the demo prints
	@$(BIN)/portal demo --picture docs/pictures/scorecard.svg >/dev/null

pages: .venv/locked-dev chromium  ## photograph every page of the demo anew, into docs/pages
	@$(BIN)/python -m tests.browser.photographs docs/pages

words: .venv/locked-dev  ## collect what the product says, and compile its translations; ARGS=fr begins one
	@$(BIN)/python tools/words.py $(ARGS)

# Locked with hashes. The second file holds to the versions of the first.
LOCKING = $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --custom-compile-command 'make lock' $(ARGS)

lock: .venv/locked-dev  ## lock the dependencies of pyproject.toml; ARGS=--upgrade takes newer ones
	$(LOCKING) --extra build --output-file requirements.lock
	$(LOCKING) --extra build --extra dev --extra s3 --extra spark \
		--constraint requirements.lock --output-file requirements-dev.lock

clean:  ## remove the environment and what tools left behind; the data in ./var stays
	@if [ -x $(BIN)/portal ]; then $(BIN)/portal db stop || true; fi
	rm -rf .venv build dist *.egg-info .mypy_cache .ruff_cache .pytest_cache .hypothesis \
		.import_linter_cache spark-warehouse

# What runs: the locked dependencies, and this folder itself with the command `portal`.
.venv/locked: requirements.lock pyproject.toml | .venv/bin/python
	@echo "Setting up .venv. The first time takes a minute or two."
	@$(PIP) --require-hashes --requirement requirements.lock
	@$(PIP) --no-deps --no-build-isolation --editable .
	@touch $@

# What tests and checks need on top: also locked, some of it large.
.venv/locked-dev: requirements-dev.lock .venv/locked
	@echo "Adding what the tests need. The first time takes a few minutes."
	@$(PIP) --require-hashes --no-build-isolation --requirement requirements-dev.lock
	@touch $@

.venv/bin/python:
	@test -n "$(PYTHON)" || { $(APT) python3 python3-venv >/dev/null; } \
		|| { echo "Python 3.11 or newer is needed, with its venv module." >&2; exit 2; }
	@$(or $(PYTHON),python3) -m venv .venv

# Spark's tests need Java. Where it cannot be had they are skipped, and say so.
java:
	@command -v java >/dev/null || { $(APT) openjdk-17-jre-headless >/dev/null; } \
		|| echo "There is no Java: the tests on Spark will be skipped."

# What WeasyPrint draws PDF files with.
PRINTING = libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0

# The tests in a browser need one. Where it cannot be had they are skipped, and say so.
chromium: .venv/locked-dev
	@command -v chromium-headless-shell >/dev/null \
		|| { $(APT) chromium-headless-shell $(PRINTING) >/dev/null; } \
		|| command -v chromium >/dev/null || $(BIN)/playwright install chromium >/dev/null \
		|| echo "There is no Chromium: the tests in a browser will be skipped."
