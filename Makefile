.PHONY: setup run test fast lint types contracts rules
help: ; @grep -E '^[a-z]+:' Makefile
setup: ; python3 -m venv .venv && .venv/bin/pip install -e '.[dev]'
run: ; .venv/bin/confer demo
test: ; .venv/bin/pytest
fast: ; .venv/bin/pytest -q tests/rules tests/architecture
lint: ; .venv/bin/ruff check . && .venv/bin/ruff format --check . && .venv/bin/djlint templates --lint --quiet
types: ; .venv/bin/mypy
contracts: ; .venv/bin/lint-imports
