#!/bin/sh
# What the tests need from the system: Chromium, Chinese fonts, PostgreSQL, Node, curl, libatomic. Installed by root from
# the system's packages; anybody else is told what to install.
set -eu
missing=""
# Chromium's headless shell draws the same pages with less than half of the work of the whole browser.
command -v chromium-headless-shell >/dev/null || command -v chromium >/dev/null || command -v chromium-browser >/dev/null \
    || missing="$missing chromium-headless-shell"
[ -d /usr/share/fonts/opentype/noto ] && ls /usr/share/fonts/opentype/noto | grep -q CJK || missing="$missing fonts-noto-cjk"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null || missing="$missing postgresql"
command -v node >/dev/null || missing="$missing nodejs"
command -v npm >/dev/null || missing="$missing npm"
command -v curl >/dev/null || missing="$missing curl"
# Playwright's own Node is linked against it.
ls /usr/lib/*/libatomic.so.1 /usr/lib/libatomic.so.1 /usr/lib64/libatomic.so.1 2>/dev/null | grep -q . || missing="$missing libatomic1"
[ -z "$missing" ] && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    # As root, PostgreSQL's tests run as the user postgres, which Debian's package makes.
    echo "Installing$missing"
    apt-get update -qq
    apt-cache show chromium-headless-shell >/dev/null 2>&1 || missing=$(echo "$missing" | sed s/chromium-headless-shell/chromium/)
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null
else
    if command -v apt-get >/dev/null; then
        echo "The tests need what is missing here. Type: sudo apt-get update && sudo apt-get install --no-install-recommends$missing" >&2
    else
        echo "The tests need, by their Debian names:$missing" >&2
    fi
    echo "make demo needs none of it." >&2
    exit 1
fi
