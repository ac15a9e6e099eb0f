#!/usr/bin/env bash
# The reading scores: the reader against the annotated documents beside the project, where they are.
set -uo pipefail
cd "$(dirname "$0")/.."
if [ ! -d ../shared/corpus/dev ]; then
  echo "No reading scores: the annotated documents (../shared/corpus/dev) are not beside the project."
  exit 0
fi
.venv/bin/python -m luoshi.reading.evaluate ../shared/corpus/dev
