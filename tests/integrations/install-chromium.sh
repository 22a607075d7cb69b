#!/bin/sh
# Puts a Chromium on this machine for the tests of the report, where that needs nobody's permission.
set -u
for name in ${CHROMIUM:-chromium chromium-browser google-chrome google-chrome-stable chrome}; do
    if "$name" --version >/dev/null 2>&1; then exit 0; fi
done
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "Installing Chromium for the tests of the report …"
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -qq >/dev/null && apt-get install -y -qq --no-install-recommends chromium fonts-noto-cjk >/dev/null && exit 0
fi
echo "No Chromium here: the tests that open the report in a browser will be skipped." >&2
echo "Install the package chromium, or set CHROMIUM to a browser of that family." >&2
