#!/usr/bin/env bash
# The tests, each in the environment that it is of. usage: scripts/test.sh [services]
set -eu
cd "$(dirname "$0")/.."
say() { printf '\033[1m▸ %s\033[0m\n' "$*" >&2; }

if [ "${1:-}" = services ]; then
  # Whole processes, killed and started again, and every room on both databases: long on a slow machine.
  say "tests of the services: backend, gateway, command, the whole system …"
  exec .venv/bin/python -m pytest tests/backend tests/gateway tests/cli tests/system --durations=15
fi

# tests/dialogue runs where Rasa lives; everything else in the app's environment.
say "tests of the dialogue environment …"
.venv-dialogue/bin/python -m pytest -c tests/dialogue/pytest.ini tests/dialogue
say "tests of understanding, safety, words, data, and of the backend's book-keeping …"
.venv/bin/python -m pytest tests/house tests/nlu tests/safety tests/replies tests/corpora tests/data \
  tests/backend/audit tests/backend/auth tests/console --durations=15
