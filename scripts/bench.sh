#!/usr/bin/env bash
# Runs every benchmark at a scale that fits a small machine.
#   scripts/bench.sh [--scale SHARE] [--runs N]   # share of the full size, for the scripts whose size is a share
# Each script takes those of the two that it knows; what it measures, and its full size, stand at its head.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-.venv/bin/python}
scale="" runs=""
while [ $# -gt 0 ]; do
  case "$1" in
    --scale) scale=$2; shift 2 ;;
    --runs) runs=$2; shift 2 ;;
    *) echo "unknown option $1: scripts/bench.sh [--scale SHARE] [--runs N]" >&2; exit 2 ;;
  esac
done
failed=()
for script in benchmarks/*.py; do
  grep -q '__name__ == "__main__"' "$script" || continue # a part of another one
  given=()
  # the size of some is a count, not a share: they keep their own
  [ -z "$scale" ] || ! grep -q '"--scale", type=float' "$script" || given+=(--scale "$scale")
  [ -z "$runs" ] || ! grep -q '"--runs"' "$script" || given+=(--runs "$runs")
  echo "== $script ${given[*]}"
  "$python" "$script" "${given[@]}" || failed+=("$script")
done
[ ${#failed[@]} -eq 0 ] || { echo "failed: ${failed[*]}" >&2; exit 1; }
