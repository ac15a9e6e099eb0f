#!/usr/bin/env bash
# Renew requirements/*.txt from pyproject.toml: one solution for all (dev.txt), the others cut from it.
set -euo pipefail
cd "$(dirname "$0")/.."
pin() {
  .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-header --no-annotate --no-emit-index-url "$@" >/dev/null
}
pin pyproject.toml --extra web --group dev "${@}" -o requirements/dev.txt
pin pyproject.toml -c requirements/dev.txt -o requirements/base.txt
pin pyproject.toml --extra web -c requirements/dev.txt -o requirements/web.txt
printf 'hatchling\npolib\neditables\n' | pin - -c requirements/dev.txt -o requirements/build.txt
