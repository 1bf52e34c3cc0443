#!/usr/bin/env bash
# Resolve the *.in files into hash-pinned files that name no registry.
set -eu
cd "$(dirname "$0")/.."
compile() { .venv/bin/uv pip compile --quiet --generate-hashes --no-emit-index-url --no-header "$@"; }
mkdir -p .make
overrides=.make/overrides.txt # a fixed name: the resolver writes it into its file
grep '^matplotlib==' requirements/dialogue.in > "$overrides"
# Rasa declares Python < 3.11: resolved as 3.10 does, installed without its upper bound (docs/adr/0001).
compile --python-version 3.10 --override "$overrides" requirements/dialogue.in -o requirements/dialogue.txt
compile --python-version 3.11 requirements/app.in -o requirements/app.txt
compile --python-version 3.11 requirements/dev.in -o requirements/dev.txt
compile --python-version 3.11 requirements/bootstrap.in -o requirements/bootstrap.txt
