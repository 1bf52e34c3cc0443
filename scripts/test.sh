#!/usr/bin/env bash
# The tests, each in the environment that it is of: tests/dialogue where Rasa lives, everything else in the app's.
# usage: scripts/test.sh [paths of tests …]
set -eu
cd "$(dirname "$0")/.."
say() { printf '\033[1m▸ %s\033[0m\n' "$*" >&2; }

if [ "$#" -gt 0 ]; then
  exec .venv/bin/python -m pytest --durations=15 "$@"
fi

# Both are run to their end, so that one look shows all that is wrong.
failed=0
say "tests of the dialogue environment …"
.venv-dialogue/bin/python -m pytest -c tests/dialogue/pytest.ini tests/dialogue || failed=1
say "tests of words, understanding, safety and backend, two at a time …" # each worker has databases of its own
.venv/bin/python -m pytest --durations=15 -n 2 --dist loadfile \
  tests/house tests/nlu tests/safety tests/replies tests/corpora tests/data tests/backend || failed=1
say "tests of the gateway, speech, command, and of the whole system …" # one at a time: they use both cores, and measure delays
.venv/bin/python -m pytest --durations=25 tests/gateway tests/speech tests/cli tests/system || failed=1
say "tests of the console and of the chat page in a real browser …" # a process of its own: the browser's driver keeps an event loop running
.venv/bin/python -m pytest --durations=15 tests/console tests/chat || failed=1
exit "$failed"
