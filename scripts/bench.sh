#!/usr/bin/env bash
# Runs every benchmark at a scale that fits a small machine; each script takes --scale for the full one.
set -euo pipefail
cd "$(dirname "$0")/.."
for script in benchmarks/*.py; do
  echo "== $script"
  .venv/bin/python "$script" "$@"
done
