# Kangban 康伴. `make run` and `make test` do all that is needed before them.
SHELL := /bin/bash
# Some containers forbid bytecode files; Rasa and TensorFlow would then be compiled anew at each start.
export PYTHONDONTWRITEBYTECODE :=
.DEFAULT_GOAL := help
PORT ?= 8000

.PHONY: help run test check train setup setup-test clean requirements

help: ## what can be made
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1	\2/' | expand -t 22

setup: ## both Python environments
	@scripts/setup.sh app
	@scripts/setup.sh speech-system
	@scripts/setup.sh dialogue

setup-test: setup
	@scripts/setup.sh test-system
	@scripts/setup.sh speech-models

train: setup ## the dialogue model, where its sources have changed
	@.venv-dialogue/bin/python -W ignore -m assistant.dialogue.train

run: train ## set up, train, seed the demo town, start everything (PORT=8000)
	@exec .venv/bin/kangban up --demo --port $(PORT)

check: setup ## format, lint, types, who may import whom
	@.venv/bin/ruff format --check .
	@.venv/bin/ruff check .
	@.venv/bin/mypy
	@PYTHONPATH=. .venv/bin/lint-imports

test: setup-test check train ## set up, check, train, and the tests
	@scripts/test.sh

requirements: setup ## write the pinned requirement files anew from the *.in files
	@scripts/requirements.sh

clean: ## remove what was built (environments, models, caches); KANGBAN_HOME stays
	rm -rf .venv .venv-dialogue .make models .rasa .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache results *.egg-info
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
