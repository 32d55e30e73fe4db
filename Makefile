# make demo   the demonstration at a printed address (PORT=8000)
# make test   everything that must hold, on SQLite and PostgreSQL
PYTHON ?= python3
PORT ?= 8000
JOBS ?= $(shell getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)
PY = .venv/bin/python
export PYTHON
# What is imported is compiled once, not anew by each of the many processes of the tests.
unexport PYTHONDONTWRITEBYTECODE

.DEFAULT_GOAL := help
.PHONY: help demo test check setup runtime npm lint types imports translations bench docs schema migrations snapshot pin clean

help:
	@echo "make demo   serve the demonstration (PORT=$(PORT))"
	@echo "make test   set up and check everything"
	@echo "make lint types imports translations   single checks"
	@echo "make bench docs schema migrations snapshot pin"
	@echo "                      figures, generated documents, drafts, new databases, pins"

runtime:
	@sh scripts/venv.sh runtime

setup:
	@sh scripts/venv.sh test

npm: tests/npm/node_modules/.package-lock.json

tests/npm/node_modules/.package-lock.json: tests/npm/package-lock.json
	cd tests/npm && npm ci --silent
	@touch $@

demo: runtime
	$(PY) -m civic demo --port $(PORT)

test:
	@sh scripts/system.sh
	@$(MAKE) --no-print-directory setup npm
	@$(MAKE) --no-print-directory check

check: setup
	@$(MAKE) --no-print-directory -j $(JOBS) lint types imports translations
	$(PY) -m pytest -n $(JOBS) --maxprocesses 8 --dist loadfile --no-loadscope-reorder

lint: setup
	$(PY) -m ruff check .
	$(PY) -m ruff format --check .

types: setup
	$(PY) -m mypy

imports: setup
	.venv/bin/lint-imports

translations: setup
	$(PY) scripts/translations.py

bench: setup
	$(PY) -m bench

docs: setup schema
	$(PY) -m civic acts > docs/acts.md
	$(PY) -m civic settings > docs/settings.md

schema: setup
	$(PY) -m civic schema > docs/schema.graphql

migrations: setup
	$(PY) -m civic makemigrations

snapshot: setup
	$(PY) scripts/snapshot.py

pin: setup
	sh scripts/pin.sh

clean:
	rm -rf .venv tests/npm/node_modules .mypy_cache .ruff_cache .pytest_cache .import_linter_cache dist
