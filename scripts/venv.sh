#!/bin/sh
# Make .venv hold what the named lists pin: scripts/venv.sh runtime | test
# Does nothing when it does already; PYTHON chooses the interpreter.
set -eu
cd "$(dirname "$0")/.."
python=${PYTHON:-python3}
case "$1" in
    runtime) lists="requirements/runtime.txt" ;;
    test) lists="requirements/test.txt requirements/oracle.txt" ;;
    *) echo "usage: scripts/venv.sh runtime|test" >&2; exit 2 ;;
esac

command -v "$python" >/dev/null || { echo "Python 3.11 or newer is needed: apt-get install python3 python3-venv" >&2; exit 1; }
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' || {
    echo "Python 3.11 or newer is needed; $python is older. Name another: make PYTHON=python3.13" >&2; exit 1; }

# The test lists contain the runtime list, so a test environment serves the demo too.
key() { cat "$@" | sha256sum | cut -c1-32; }
want=$(key $lists)
runtime=$(key requirements/runtime.txt)
if [ -x .venv/bin/python ] && .venv/bin/python -c '' 2>/dev/null && [ -f ".venv/$1-$want" ] \
    && [ -f ".venv/runtime-$runtime" ]; then
    exit 0
fi
if ! .venv/bin/python -m pip --version >/dev/null 2>&1; then
    rm -rf .venv
    "$python" -m venv .venv || {
        rm -rf .venv
        echo "Python's venv module is missing: apt-get install python3-venv" >&2; exit 1; }
fi
rm -f .venv/runtime-* .venv/test-*
echo "Installing the pinned libraries ($1) into .venv"
set -- "$1" $lists
name=$1; shift
args=""
for list in "$@"; do args="$args -r $list"; done
.venv/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes $args
touch ".venv/$name-$want" ".venv/runtime-$runtime"
