#!/usr/bin/env bash
# Every test, in the environment that it is of.
set -eu
cd "$(dirname "$0")/.."
say() { printf '\033[1m▸ %s\033[0m\n' "$*" >&2; }

# tests/dialogue runs where Rasa lives; everything else in the app's environment.
say "tests of the dialogue environment …"
.venv-dialogue/bin/python -m pytest -c tests/dialogue/pytest.ini tests/dialogue
say "tests of the app environment …"
.venv/bin/python -m pytest tests --ignore=tests/dialogue --durations=15
