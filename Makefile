# Every command sets up what it needs: nothing else has to be installed first.
.DEFAULT_GOAL := help
.PHONY: help serve test build kit booklet offline style tree bench grades figures review stale lock clean

PYTHON ?= python3
PY := .venv/bin/python
ADDRESS := 127.0.0.1:8000
PORT = $(lastword $(subst :, ,$(ADDRESS)))

# mkdocs, or zensical: the way out when the theme ends (README).
BUILDER ?= mkdocs

# Two builds of one commit are the same, byte for byte: what a build dates, it dates by the commit.
export SOURCE_DATE_EPOCH ?= $(shell git log -1 --format=%ct 2>/dev/null || echo 0)

# The theme prints a notice about its own future on each run; README has it in a line.
export NO_MKDOCS_2_WARNING := 1

# $(call debian,PACKAGE): install a Debian package where that is allowed, else say the one line to run.
debian = { echo "Installing $(1) from Debian's packages"; \
	if [ "$$(id -u)" = 0 ]; then apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $(1) >/dev/null; \
	elif sudo -n true 2>/dev/null; then sudo apt-get update -qq && sudo apt-get install -y -qq $(1) >/dev/null; \
	else false; fi; } || { echo "Could not install it. Please run:  sudo apt install $(1)"; exit 1; }

no_network = { echo "Could not install. Is there a network? Behind a proxy, set HTTPS_PROXY; with a mirror of your own, set PIP_INDEX_URL. Then run make again."; exit 1; }

# Any browser of the family will do: a hosted runner has Chrome, Debian has Chromium.
chromium = command -v chromium >/dev/null || command -v chromium-browser >/dev/null || command -v google-chrome >/dev/null || $(call debian,chromium)

help: ## List the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-8s %s\n", $$1, $$2 }' Makefile

serve: .venv/$(if $(filter zensical,$(BUILDER)),test,serve).stamp ## Serve the site at http://127.0.0.1:8000/, reloading on each change
	@$(PY) -c 'import socket; socket.create_connection(("127.0.0.1", $(PORT)), 1)' 2>/dev/null || exit 0; \
		echo "Port $(PORT) is in use. Stop what uses it, or run:  make serve ADDRESS=127.0.0.1:$$(($(PORT) + 1))"; exit 1
	@$(PY) tools/clinic.py
	@echo "The site is at http://$(ADDRESS)/  (Ctrl-C stops it)"
	@$(PY) -m $(BUILDER) serve --dev-addr $(ADDRESS)

test: .venv/test.stamp ## Run every test, in a real browser
	@$(chromium)
	@command -v java >/dev/null || $(call debian,default-jre-headless)
	@$(PY) -m pytest

build: .venv/$(if $(filter zensical,$(BUILDER)),test,serve).stamp ## Build the site into site/ (SITE_URL=https://... says where it will be)
	@$(PY) tools/build.py $(BUILDER)
	@if [ -d kit ]; then cp -R kit site/kit; fi
	@echo "Built: open site/index.html"

offline: .venv/serve.stamp ## Make the copy that opens from a USB stick, as a folder and a zip in offline/
	@$(PY) tools/clinic.py
	@$(PY) tools/offline.py

booklet: .venv/test.stamp ## Print the whole guide as one PDF booklet into kit/, A4 and Letter
	@$(PY) tools/clinic.py
	@$(chromium)
	@$(PY) tools/booklet.py

review: .venv/test.stamp ## Make a page's review sheet for a clinician: make review PAGE=warnings
	@$(PY) tools/review.py "$(PAGE)"

stale: .venv/test.stamp ## Report dead links, checks that are due, old phone lines, new versions (asks the network)
	@$(PY) tools/stale.py

style: | $(PY) ## Put site.css and print.css, made small, into every page
	@$(PY) overrides/make_style.py

tree: .venv/test.stamp ## Accept what screen readers now get of the warnings; read the diff
	@ACCEPT_TREE=1 $(PY) -m pytest tests/test_accessibility.py -k tree
	@git diff --stat tests/warnings-tree.yaml

bench: .venv/test.stamp ## Measure speed, bytes and build times into docs/includes/bench.md
	@PYTHONPATH=tools $(PY) tests/bench.py

grades: .venv/test.stamp ## Measure the reading grade of every page into docs/includes/reading-table.md
	@site=$$(mktemp -d) && $(PY) -m mkdocs build --quiet --site-dir "$$site" && $(PY) tests/reading.py --table "$$site" && rm -rf "$$site"

kit: .venv/test.stamp ## Make the handouts as PDFs in kit/, and their small pictures
	@$(PY) tools/clinic.py
	@$(chromium)
	@$(PY) tools/kit.py

figures: | $(PY) ## Draw the figures again from figures/figures.toml
	@$(PY) figures/draw.py

lock: .venv/lock.stamp ## Write the full, hashed lock files from pyproject.toml
	@$(PY) -m piptools compile $(LOCK_FLAGS) --output-file requirements.txt pyproject.toml
	@$(PY) -m piptools compile $(LOCK_FLAGS) --extra test --output-file requirements-test.txt pyproject.toml

LOCK_FLAGS := --quiet --generate-hashes --allow-unsafe --strip-extras --no-annotate --no-header \
	--no-emit-index-url --no-emit-find-links --no-emit-trusted-host --no-emit-options

clean: ## Remove everything that was built or installed here
	@rm -rf .venv site offline kit review .pytest_cache

$(PY):
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || \
		{ echo "Python 3.11 or newer is needed (found: $$($(PYTHON) --version 2>&1)). Name it like this:  make PYTHON=python3.12"; exit 1; }
	@$(PYTHON) -c 'import ensurepip, venv' 2>/dev/null || $(call debian,python3-venv)
	@$(PYTHON) -m venv .venv

.venv/serve.stamp: requirements.txt | $(PY)
	@echo "Installing what the site needs (once)" >&2
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt || $(no_network)
	@touch $@

.venv/test.stamp: requirements-test.txt | $(PY)
	@echo "Installing what the tests need (once)" >&2
	@$(PY) -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-test.txt || $(no_network)
	@touch $@

.venv/lock.stamp: pyproject.toml | $(PY)
	@$(PY) -m pip install --quiet --disable-pip-version-check "$$($(PY) -c 'import tomllib; print(*tomllib.load(open("pyproject.toml", "rb"))["project"]["optional-dependencies"]["lock"])')"
	@touch $@
