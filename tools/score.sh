#!/usr/bin/env bash
# The reading scores: the reader against annotated documents kept beside the project, where they are.
set -euo pipefail
cd "$(dirname "$0")/.."
if [ ! -d ../shared/corpus/dev ]; then
  echo "No reading scores: the annotated documents (../shared/corpus/dev) are not beside the project."
  exit 0
fi
.venv/bin/python -m luoshi.reading.evaluate ../shared/corpus/dev
if [ -d ../shared/seed/gold ]; then .venv/bin/python -m luoshi.reading.evaluate ../shared/seed; fi
.venv/bin/python -m luoshi.reading.evaluate tests/reading/corpus tests/reading/corpus3 tests/reading/corpus4 | tail -n 2
