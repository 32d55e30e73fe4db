#!/bin/sh
# Pin requirements/*.in into requirements/*.txt, with hashes and without an address. Existing pins stay
# unless asked: scripts/pin.sh --upgrade
set -eu
cd "$(dirname "$0")/.."
for name in runtime test oracle; do
    .venv/bin/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
        --no-header --no-strip-extras "$@" "requirements/$name.in" --output-file "requirements/$name.txt"
done
