#!/usr/bin/env bash
# need.sh python COMMAND | node: one plain sentence when a tool of the machine is missing or too old.
set -eu
case "$1" in
python)
  "$2" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null ||
    { echo "luoshi needs Python 3.11 or newer; '$2' is not that. Name one: make PYTHON=python3.12 …" >&2; exit 1; }
  "$2" -c 'import ensurepip, venv' 2>/dev/null ||
    { echo "Python's venv module is missing. Install it (Debian: apt install python3-venv) and run make again." >&2; exit 1; }
  ;;
node)
  { command -v node && command -v npm; } >/dev/null 2>&1 ||
    { echo "Node.js 20.19 or newer and npm build the front end; install them and run make again." >&2; exit 1; }
  node -e 'const [a, b] = process.versions.node.split(".").map(Number); process.exit(a > 20 || (a === 20 && b >= 19) ? 0 : 1)' ||
    { echo "Node.js 20.19 or newer builds the front end; this is $(node --version)." >&2; exit 1; }
  ;;
esac
