#!/usr/bin/env bash
# Resolves pyproject.toml anew into the lock files. None of them names the host it was resolved from.
set -euo pipefail
cd "$(dirname "$0")/.."
uv=.venv/tools/bin/uv
[ -x $uv ] || uv=$(command -v uv) || { echo "lock: run 'make setup' first" >&2; exit 2; }

compile() {
  "$uv" pip compile --quiet --universal --python-version 3.11 --generate-hashes \
    --no-annotate --no-header "$@"
}

compile pyproject.toml --group dev --upgrade -o requirements.lock
# What the container runs: the same versions without the tools of development.
compile pyproject.toml --constraint requirements.lock --upgrade -o requirements-runtime.lock
echo "uv==$("$uv" --version | awk '{print $2}')" | compile - -o requirements-uv.lock

if grep -nE '://' requirements*.lock; then
  echo "lock: a lock file names a host" >&2
  exit 1
fi
