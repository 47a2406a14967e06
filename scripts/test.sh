#!/usr/bin/env bash
# Every test on SQLite, then those that touch the database again on a PostgreSQL of our own.
set -euo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
"$bin/pytest" -n 2 --dist loadfile "$@"
if ! ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1; then
  echo "PostgreSQL is not installed: its half of the tests is skipped" >&2
  [ -z "${CI:-}" ] || exit 1
  exit 0
fi
# shellcheck source=scripts/postgres.sh
source scripts/postgres.sh
start_postgres
trap stop_postgres EXIT
DATABASE_URL="$POSTGRES_URL" "$bin/pytest" -n 2 --dist loadfile -m "not browser" src/zhicheng/apps tests/upgrade "$@"
