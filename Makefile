# The portal's commands; `make help` lists them. Everything runs out of .venv in this folder.
.DEFAULT_GOAL := help
SHELL := /bin/sh
py := .venv/bin/python
# Checks read the settings: invented values, and the servers of the tests.
with_services := PORTAL_MODE=test $(py) -m portal.embedded --state var/test run --
pytest := $(py) -m pytest
# What a file loads it loads once; in the order of the folders long files do not all come last.
by_file := --dist loadfile --no-loadscope-reorder

.PHONY: help demo demo-reset setup test check unit e2e pictures drill bench format messages lock manage

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z0-9-]+:.*## / { printf "  make %-12s %s\n", $$1, $$2 }' Makefile

demo: ## Run the whole portal with invented data (PORT=8123, PORTAL_DEMO_NOW=2024-11-27T06:00+08:00)
	@scripts/environment.sh demo
	@exec $(py) -m portal.embedded.demo

demo-reset: ## Throw the demo's data away
	@if [ -d var/demo ]; then $(py) -m portal.embedded.demo reset; fi

setup: ## Install everything that the other commands need
	@scripts/environment.sh dev

test: setup ## Everything: checks, tests with coverage, browser tests
	@scripts/browser.sh
	@$(MAKE) --no-print-directory check unit e2e

checks := check-types check-format check-lint check-imports check-migrations check-translations
.PHONY: $(checks)

check: setup ## The fast part: format, lint, imports, types, migrations, translations
	@$(MAKE) --no-print-directory --keep-going --jobs=2 --output-sync=target $(checks)

check-types:
	$(with_services) $(py) -m mypy
check-format:
	$(py) -m ruff format --check .
check-lint:
	$(py) -m ruff check .
check-imports:
	.venv/bin/lint-imports --no-logo
check-migrations:
	$(with_services) $(py) manage.py makemigrations --check --dry-run
check-translations:
	$(py) scripts/translations.py check

unit: setup ## Unit and integration tests (coverage is kept for `make e2e`)
	$(pytest) tests -n 2 $(by_file) -m "not e2e and not drill and not bench" --ignore=tests/e2e \
		--cov --cov-report= --cov-fail-under=0

e2e: setup ## Browser tests, then the gate on the coverage of all tests
	$(pytest) tests/e2e -n 2 $(by_file) -m "not drill and not bench" --cov --cov-append --cov-report=term:skip-covered

pictures: setup ## Take the README's pictures anew, by the browser tests
	@scripts/browser.sh
	PORTAL_PICTURES=docs/img $(pytest) tests/e2e/test_three_people.py -k desk -q

drill: setup ## Faults in real processes: killed workers, a wiped Redis, midnight
	$(pytest) tests -m drill

bench: setup ## Measure speed and queries; JSON lines
	@$(py) -m tests.bench

format: setup ## Format the code and mend what ruff can mend
	$(py) -m ruff format . && $(py) -m ruff check --fix .

messages: setup ## Collect the strings to translate into locale/en
	$(py) scripts/translations.py collect

manage: ## One of Django's commands on the demo's data: make manage do="verify_audit"
	@PORTAL_MODE=demo PORTAL_STATE_DIR="$(CURDIR)/var/demo" $(py) -m portal.embedded run -- $(py) manage.py $(do)

lock: setup ## Compile requirements/*.txt and package-lock.json anew
	scripts/lock.sh
