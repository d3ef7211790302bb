#!/usr/bin/env bash
# Makes .venv from requirements.lock (versions and hashes fixed) and puts the project on its path.
# Needs Python 3.11 or newer and nothing else: uv is used when it is there and fetched when it is not.
set -euo pipefail
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
venv=.venv

stop() {
  printf 'setup: %s\n' "$@" >&2
  exit 2
}

command -v "$python" >/dev/null || stop \
  "no '$python' on this machine." \
  "Install Python 3.11 or newer, or name one: make PYTHON=/path/to/python3.11"

enough='import sys; sys.exit(sys.version_info < (3, 11))'
"$python" -c "$enough" || stop \
  "'$python' is $("$python" -c 'import platform; print(platform.python_version())'), and 3.11 or newer is needed." \
  "Name a newer one: make PYTHON=/path/to/python3.11"

if [ -e $venv ] && ! $venv/bin/python -c "$enough" 2>/dev/null; then
  echo "setup: $venv is damaged or too old; making it anew" >&2
  rm -rf $venv
fi

# uv: the one on the machine, else one of our own inside .venv, by whichever pip there is.
find_uv() {
  if [ -x $venv/tools/bin/uv ]; then
    echo "$PWD/$venv/tools/bin/uv"
  elif command -v uv >/dev/null && uv --version >/dev/null 2>&1; then
    command -v uv
  fi
}

fetch_uv() {
  local pip=(--quiet --disable-pip-version-check --no-input install --require-hashes -r requirements-uv.lock)
  if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv $venv/tools && $venv/tools/bin/python -m pip "${pip[@]}"
  elif "$python" -m pip --version >/dev/null 2>&1; then
    "$python" -m pip "${pip[@]}" --target $venv/tools
  else
    stop "this Python can neither make an environment with pip nor run pip." \
      "On Debian and Ubuntu: apt-get install python3-venv. Then run make again."
  fi
}

uv=$(find_uv)
if [ -z "$uv" ]; then
  echo "setup: fetching uv" >&2
  mkdir -p $venv
  fetch_uv || { rm -rf $venv/tools; stop "uv could not be fetched: is the package index reachable?"; }
  uv=$(find_uv)
fi

export UV_PYTHON_DOWNLOADS=never
if [ ! -x $venv/bin/python ]; then
  "$uv" venv --quiet --allow-existing --python "$(command -v "$python")" $venv
fi
echo "setup: installing the locked packages into $venv" >&2
# Byte code is made here, and once: made by a run, a full disk would leave it cut short and unreadable.
"$uv" pip sync --quiet --compile-bytecode --python $venv/bin/python --require-hashes requirements.lock

# The project is used in place: its folder on the path, and the command `warehouse`.
site=$($venv/bin/python -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
printf '%s\n' "$PWD" >"$site/cluster_warehouse.pth"
cat >$venv/bin/warehouse <<SCRIPT
#!$PWD/$venv/bin/python
import sys

from warehouse.cli import main

sys.exit(main())
SCRIPT
chmod 755 $venv/bin/warehouse
$venv/bin/python -m compileall -q warehouse dags
touch $venv/.installed
