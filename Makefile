# Every task of the house; the first two are all a newcomer needs.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
export ZHICHENG_HOME ?= $(CURDIR)/.data

.PHONY: demo demo-data test check bench install test-tools lock messages clean
.DEFAULT_GOAL := demo

demo: demo-data ## environment, database, demo city, server
	$(BIN)/zhicheng serve --demo

demo-data: install ## all of it but the server
	$(BIN)/zhicheng demo build

install: $(VENV)/.installed

$(VENV)/.installed: requirements.lock pyproject.toml
	$(PYTHON) -c 'import sys; sys.exit(0 if sys.version_info >= (3, 11) else "Zhicheng needs Python 3.11 or newer")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-deps --no-build-isolation --editable .
	touch $@

test-tools: install ## Debian's packages that tests need, when run as root
	scripts/test-tools.sh

test: test-tools ## every test, on SQLite and on PostgreSQL
	scripts/test.sh

check: install ## style, types, borders, migrations, deployment, messages
	$(BIN)/ruff format --check src tests benchmarks scripts
	$(BIN)/ruff check src tests benchmarks scripts
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/python manage.py makemigrations --check --dry-run
	ZHICHENG_MODE=production ZHICHENG_SECRET_KEY=$$($(BIN)/python -c 'import secrets; print(secrets.token_urlsafe(60))') \
	  ZHICHENG_HOSTS=example.invalid $(BIN)/python manage.py check --deploy --fail-level WARNING
	$(BIN)/python scripts/messages.py check --complete

bench: install ## the benchmarks; each script says what it measures
	scripts/bench.sh

messages: install ## gather page texts into the catalogues and compile them
	$(BIN)/python scripts/messages.py gather

lock: install ## pin every dependency with its hashes, without any address
	$(BIN)/pip-compile --quiet --generate-hashes --no-emit-index-url --no-emit-find-links --no-emit-trusted-host \
	  --strip-extras --allow-unsafe --extra test --extra check --output-file requirements.lock pyproject.toml

clean: ## forget the demo city
	rm -rf .data
