#!/bin/sh
# Installs the browser and the Chinese fonts of the browser tests where they are missing and it may.
# It never fails: tests that cannot run are skipped with the reason, and under CI=true such a skip is a failure.
set -u

missing=
command -v chromium >/dev/null 2>&1 || missing="chromium"
find /usr/share/fonts /usr/local/share/fonts -iname 'Noto*CJK*' 2>/dev/null | grep -q . || missing="$missing fonts-noto-cjk"
[ -n "$missing" ] || exit 0

if [ "$(id -u)" = 0 ]; then
  as_root=env
elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
  as_root="sudo -n"
else
  as_root=
fi

if [ -n "$as_root" ] && command -v apt-get >/dev/null 2>&1; then
  echo "installing $missing"
  # shellcheck disable=SC2086  # both are lists of words
  if $as_root apt-get update -qq &&
    $as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing >/dev/null; then
    exit 0
  fi
fi

echo "the browser tests need Debian's packages: $missing" >&2
echo "install them (apt-get install $missing), or these tests are skipped" >&2
exit 0
