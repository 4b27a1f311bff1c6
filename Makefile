# `make` lists what there is. Nothing has to be installed before: uv.mk brings uv when it is missing.

PORT ?= 8000
DEMO := .demo/inkwell-demo

.DEFAULT_GOAL := help
include blueprint/uv.mk

run_in = "$(UV)" run --no-sync
# The blueprint's environment, with this folder as the working one.
run_in_blueprint = "$(UV)" run --no-sync --project blueprint

.PHONY: help install demo test check lint docs verify bench

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  make %-8s %s\n", $$1, $$2 }' Makefile

install: ## build both environments: the tool's and the blueprint's
	@[ -d .venv ] && [ -d blueprint/.venv ] || echo 'Building the environments of the tool and of the blueprint.'
	@"$(UV)" sync --quiet --compile-bytecode
	@$(run_in) python -m compileall -q src
	@$(MAKE) -C blueprint install

demo: install ## create a project in .demo/, fill in demo data and serve it on PORT (8000)
	@digest=$$($(run_in) python -c 'from fastwright.projects import blueprint; print(blueprint.digest())') || exit; \
	if [ "$$digest" != "$$(cat .demo/stamp 2>/dev/null)" ]; then \
	    if [ -e $(DEMO)/.data/supervisor.lock ] && ! $(run_in) python -c 'import fcntl, sys; fcntl.flock(open(sys.argv[1]), fcntl.LOCK_EX | fcntl.LOCK_NB)' $(DEMO)/.data/supervisor.lock 2>/dev/null; then \
	        echo 'The blueprint has changed, and the demo of before still runs: stop it with Ctrl-C, wait a moment, and call again.'; exit 1; \
	    fi; \
	    if [ -d $(DEMO) ]; then echo 'The blueprint has changed: the demo and its data are replaced.'; fi; \
	    echo 'Creating $(DEMO) with its packages.'; \
	    rm -rf .demo && mkdir .demo && \
	    $(run_in) fastwright new $(notdir $(DEMO)) --path .demo --json > .demo/made.json || \
	    { cat .demo/made.json; exit 1; }; \
	    echo "$$digest" > .demo/stamp; \
	fi
	@$(MAKE) -C $(DEMO) demo PORT=$(PORT)

test: install ## run the tests of the tool and of the blueprint
	@$(MAKE) -C blueprint test
	@$(run_in) pytest

check: lint ## everything before a commit, in both projects: format, lint, types, import floors, tests
	@$(MAKE) -C blueprint check
	@$(run_in) pytest

lint: install ## the tool's format, lint, types and import floors
	@$(run_in) ruff format --check .
	@$(run_in) ruff check .
	@$(run_in) mypy
	@cd blueprint && MYPYPATH=. $(run_in) mypy --strict ../benchmarks/*.py
	@$(run_in) lint-imports --no-cache

docs: install ## write the pages in docs/practices/ and docs/patterns/ anew
	@$(run_in) python docs/write.py

verify: install ## the long runs: generated projects check themselves, many more examples, servers killed
	@$(run_in) pytest -m verify -n 0
	@$(run_in) python benchmarks/review/fuzz.py
	@$(run_in) python benchmarks/review/remembered.py
	@$(run_in) python benchmarks/serving/inspector.py
	@$(run_in) python benchmarks/contract/versions.py
	@$(MAKE) -C blueprint verify
	@$(run_in_blueprint) python benchmarks/chaos.py
	@$(run_in_blueprint) python benchmarks/accounts.py
	@$(run_in_blueprint) python benchmarks/enumeration.py

bench: install ## print how fast the blueprint is beside two other ways and with a million posts, and a review (of CODEBASE) beside Ruff
	@$(run_in_blueprint) python benchmarks/speed.py
	@$(run_in_blueprint) python benchmarks/growth.py
	@$(run_in_blueprint) python benchmarks/pings.py
	@$(run_in_blueprint) python benchmarks/streams.py
	@$(run_in) python benchmarks/review/speed.py $(CODEBASE)
	@$(run_in) python benchmarks/serving/latency.py $(CODEBASE)
