#!/usr/bin/env bash
# Every static check, all of them even when one fails; what failed is named at the end.
set -uo pipefail
cd "$(dirname "$0")/.."
bin=.venv/bin
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
names=()
failed=()

check() {  # begins a check, which goes on beside the others
  names+=("$1")
  local file=$work/$1
  shift
  { "$@" >"$file" 2>&1; echo $? >"$file.status"; } &
}

check "mypy" $bin/mypy
check "sqlfluff" $bin/sqlfluff lint --disable-progress-bar --processes 0 dbt
check "ruff" $bin/ruff check
check "ruff format" $bin/ruff format --check
check "import rules" $bin/lint-imports
check "yamllint" $bin/yamllint --strict .
wait

for name in "${names[@]}"; do
  printf 'lint: %-14s' "$name"
  if [ "$(cat "$work/$name.status")" = 0 ]; then
    echo ok
  else
    echo FAILED
    cat "$work/$name"
    failed+=("$name")
  fi
done

if [ ${#failed[@]} -gt 0 ]; then
  echo "lint: failed: ${failed[*]}" >&2
  exit 1
fi
