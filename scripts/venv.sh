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

good() { command -v "$1" >/dev/null 2>&1 && "$1" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null; }
sudo=""; [ "$(id -u)" = 0 ] || sudo="sudo "
if ! good "$python"; then
    if [ "$python" != python3 ]; then
        echo "$python is not there, or is older than Python 3.11." >&2; exit 1
    fi
    for other in python3.13 python3.12 python3.11; do
        if good $other; then python=$other; break; fi
    done
    good "$python" || {
        echo "Python 3.11 or newer is needed. Debian 12 and later: ${sudo}apt-get install python3 python3-venv" >&2
        echo "If you have one elsewhere, name it: make demo PYTHON=/path/to/python3.13" >&2
        exit 1
    }
fi

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
    "$python" -m venv .venv >/dev/null 2>&1 || {
        rm -rf .venv
        version=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
        echo "Python's venv module is missing: ${sudo}apt-get install $version (or python3-venv)" >&2; exit 1; }
fi
rm -f .venv/runtime-* .venv/test-*
echo "Installing the pinned libraries ($1) into .venv"
set -- "$1" $lists
name=$1; shift
args=""
for list in "$@"; do args="$args -r $list"; done
# What is never imported need not be compiled.
.venv/bin/python -m pip install --quiet --no-compile --disable-pip-version-check --root-user-action=ignore --require-hashes $args || {
    echo "The libraries could not be installed: see above. Run the same command again; what is there is kept." >&2; exit 1; }
touch ".venv/$name-$want" ".venv/runtime-$runtime"
