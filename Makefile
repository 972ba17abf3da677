# Relais: the commands that people and CI run. `make` alone lists them.
PORT ?= 8000
SERVE ?= 1
SIZE ?= region
RELAIS = .venv/bin/relais
PYTEST = .venv/bin/pytest
DEMO_ENV = DEMO=1 DATABASE_URL=sqlite:///$(CURDIR)/var/demo.sqlite3

.PHONY: help setup setup-dev demo run test check bench messages requirements format

help:
	@echo "make demo    set up, load the demonstration, run the main job, serve on http://127.0.0.1:$(PORT) (SERVE=0 stops before)"
	@echo "make test    set up what the tests need and pass them all"
	@echo "make check   format, lint, imports, types, migrations, catalogues, templates"
	@echo "make bench   the benchmarks, as ratios against named rivals"
	@echo "make run     serve your own database (var/relais.sqlite3 or DATABASE_URL)"
	@echo "make messages, make requirements, make format: upkeep"

setup:
	@bin/bootstrap

setup-dev:
	@bin/bootstrap dev

demo: setup
	@$(DEMO_ENV) bin/demo $(SIZE)
ifneq ($(SERVE),0)
	@echo "Serving on http://127.0.0.1:$(PORT) (Ctrl-C stops)"
	@$(DEMO_ENV) .venv/bin/gunicorn relais.config.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --log-level warning
endif

run: setup
	@$(RELAIS) migrate --verbosity 0
	@echo "Serving on http://127.0.0.1:$(PORT) (Ctrl-C stops)"
	@.venv/bin/gunicorn relais.config.wsgi --bind 127.0.0.1:$(PORT) --workers 2 --threads 4 --log-level warning

test: setup-dev
	@$(PYTEST) -q -n 2 --dist loadgroup $(ARGS)

check: setup-dev
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/lint-imports
	.venv/bin/mypy
	$(RELAIS) makemigrations --check --dry-run
	$(RELAIS) check --fail-level WARNING
	.venv/bin/djlint --quiet --lint relais
	.venv/bin/python bin/check-messages

bench: setup-dev
	@.venv/bin/python -m bench $(ARGS)

messages:
	@.venv/bin/python bin/check-messages --update

requirements:
	.venv/bin/uv pip compile --universal --no-emit-index-url --no-header --no-annotate --generate-hashes pyproject.toml --group build -o requirements.txt
	.venv/bin/uv pip compile --universal --no-emit-index-url --no-header --no-annotate --generate-hashes -c requirements.txt pyproject.toml --group build --group dev -o requirements-dev.txt

format:
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .
