# The commands of this project; each sets up what it needs. README.md says what they are for.
SHELL := /bin/sh
PYTHON ?= python3
RUN := .venv/bin/python
# Some images forbid it, and then each start compiles every library anew: seconds each time.
unexport PYTHONDONTWRITEBYTECODE

.PHONY: help setup demo test check faults bench screenshots browser

help:
	@echo "make setup | demo | test | check | faults | bench | screenshots"

setup:
	@$(PYTHON) -I config/local/setup.py

demo: setup
	@exec $(RUN) -m config.local.demo

test: setup browser
	@$(RUN) -m pytest

check: setup
	@$(RUN) -m ruff check .
	@$(RUN) -m ruff format --check .
	@$(RUN) -m mypy .
	@.venv/bin/lint-imports
	@$(RUN) -W ignore manage.py makemigrations --settings tests.settings --check --dry-run
	@$(RUN) -m config.local.translations

faults: setup
	@$(RUN) -m tests.faults

bench: setup browser
	@$(RUN) -m tests.bench

screenshots: setup browser
	@$(RUN) -m tests.journeys.screenshots

# Chromium for the journeys, wrk for the benchmarks.
browser:
	@$(PYTHON) -I config/local/debian.py chromium wrk
