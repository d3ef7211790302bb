#!/usr/bin/env bash
# Every static check, all of them even when one fails; what failed is named at the end.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
failed=()

check() {
  local name=$1 output
  shift
  printf 'lint: %-14s' "$name"
  if output=$("$@" 2>&1); then
    echo ok
  else
    echo FAILED
    printf '%s\n' "$output"
    failed+=("$name")
  fi
}

check "ruff" $bin/ruff check
check "ruff format" $bin/ruff format --check
check "mypy" $bin/mypy
check "import rules" $bin/lint-imports
check "sqlfluff" $bin/sqlfluff lint --disable-progress-bar --processes 0 dbt
check "yamllint" $bin/yamllint --strict .

if [ ${#failed[@]} -gt 0 ]; then
  echo "lint: failed: ${failed[*]}" >&2
  exit 1
fi
