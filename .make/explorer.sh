#!/usr/bin/env bash
# Bundles the explorer's scripts from npm packages, once per lock file and sources. Where that is
# not possible the report is made without its SQL tab, and says so.
set -uo pipefail
cd "$(dirname "$0")/../warehouse/reports/explorer"

mark=$(cat package-lock.json build.mjs src/*.js | sha256sum | cut -c1-32)
[ "$(cat dist/.mark 2>/dev/null)" = "$mark" ] && exit 0

if ! command -v npm >/dev/null; then
  echo "explorer: no npm here; the report goes without its SQL tab" >&2
  exit 0
fi
log=$(mktemp)
trap 'rm -f "$log"' EXIT
if npm ci --no-audit --no-fund >"$log" 2>&1 && npm run --silent build >>"$log" 2>&1; then
  echo "$mark" >dist/.mark
else
  cat "$log" >&2
  echo "explorer: the scripts could not be built; the report goes without its SQL tab" >&2
  rm -rf dist
fi
exit 0
