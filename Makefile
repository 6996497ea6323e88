# 潮信 Chaoxin. `make run` and `make test` do all the set-up on a machine with only Python.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
# The locks hold every package, so pip resolves nothing (--no-deps). Its chatter is of no use to anyone here.
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.DEFAULT_GOAL := help
.PHONY: help run test serve check bench clean

help: ## print these targets
	@grep -E '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z]+):.*## (.*)/  make \1\t\2/' | expand -t 16

run: $(VENV)/run.stamp ## the nightly run over the sample day, from set-up to summary
	$(BIN)/chaoxin nightly

test: $(VENV)/test.stamp ## every test, on SQLite and, where it can be started, on PostgreSQL
	$(BIN)/python -m tests.run

serve: $(VENV)/run.stamp ## the desk, the schedules and Prefect
	$(BIN)/chaoxin serve

check: $(VENV)/test.stamp ## format, lint, types and the floors of the house
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy flows spiders nlp responders store dashboard tests
	$(BIN)/lint-imports

bench: export CHAOXIN_STATE := var/bench
bench: $(VENV)/test.stamp ## quality and speed, as tables
	$(BIN)/chaoxin nightly >/dev/null
	$(BIN)/chaoxin evaluate
	@status=0; \
	for timed in annotate "poll 200" "collect --pages 1000 --memory 0"; do \
	  echo "$(BIN)/python -m benchmarks.$$timed"; \
	  $(BIN)/python -m benchmarks.$$timed || status=1; \
	done; \
	exit $$status

clean: ## remove what was made: environment, state, caches
	rm -rf $(VENV) var .mypy_cache .ruff_cache .pytest_cache .import_linter_cache .hypothesis build dist *.egg-info

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "潮信需要 Python 3.11 或更高版本；请用 make PYTHON=/path/to/python3.11 $(MAKECMDGOALS)"; exit 1; }
	$(PYTHON) -m venv $(VENV)

$(VENV)/run.stamp: requirements.lock pyproject.toml | $(VENV)/bin/python
	@echo "正在安装依赖（首次约两分钟）…"
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@

$(VENV)/test.stamp: requirements-dev.lock pyproject.toml | $(VENV)/bin/python
	@echo "正在安装依赖与测试工具（首次约两分钟）…"
	$(BIN)/python -m pip install --quiet --no-deps --require-hashes -r requirements-dev.lock
	$(BIN)/python -m pip install --quiet --no-deps --no-build-isolation --editable .
	@touch $@ $(VENV)/run.stamp
