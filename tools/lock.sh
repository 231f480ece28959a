#!/bin/sh
# Write the two lock files anew from pyproject.toml: what a run needs, and what the tests need on top.
set -eu
cd "$(dirname "$0")/.."
uv=uv
[ -x .venv/bin/uv ] && uv=.venv/bin/uv

lock() {
  out=$1
  shift
  "$uv" pip compile -q --universal --generate-hashes --no-header --no-annotate --no-emit-index-url --no-emit-find-links \
    --python-version 3.11 --extra all "$@" pyproject.toml -o "$out"
}

lock requirements.lock
lock requirements-dev.lock --group dev
