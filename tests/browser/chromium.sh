#!/bin/sh
# Prints the path of a Chromium; installs Debian's where there is none and apt-get may run.
find_one() {
    for name in "$CHROMIUM" chromium chromium-browser google-chrome google-chrome-stable; do
        [ -n "$name" ] && command -v "$name" && return
    done
    return 1
}
find_one && exit
if command -v apt-get >/dev/null; then
    { apt-get install -y --no-install-recommends chromium || { apt-get update && apt-get install -y --no-install-recommends chromium; }; } >&2
fi
find_one && exit
echo "make browser needs Chromium: install it (Debian: apt-get install chromium) or set CHROMIUM to its path" >&2
exit 1
