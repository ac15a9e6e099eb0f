#!/usr/bin/env bash
# Everything that must hold, in the order in which a mistake is cheapest to learn of. Called by `make test`.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
# The tests never touch the data of `make run`.
LUOSHI_DATA=$(mktemp -d) && export LUOSHI_DATA
trap 'rm -rf "$LUOSHI_DATA"' EXIT
unset DATABASE_URL DJANGO_SETTINGS_MODULE
step() { printf '\n— %s\n' "$*"; }

bash tools/machine.sh

step "style and types"
ruff check .
ruff format --check .
mypy

step "walls"
lint-imports

step "all tests, on SQLite"
python -m pytest -q -n 2 --dist loadfile

step "the rooms and doors again, on PostgreSQL"
python tools/postgres.py python -m pytest -q -n 2 --dist loadfile -p tests.database_only
