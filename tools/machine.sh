#!/usr/bin/env bash
# Debian's browser, Chinese fonts and PostgreSQL for the tests: installed only where missing and permitted.
# Never fails: what is not there is said, and the tests that need it skip with a reason.
set -u
missing=()
command -v chromium >/dev/null 2>&1 || command -v chromium-browser >/dev/null 2>&1 || missing+=(chromium)
fc-list :lang=zh 2>/dev/null | grep -q . || missing+=(fonts-noto-cjk fontconfig)
ls -d /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || missing+=(postgresql)
[ ${#missing[@]} -eq 0 ] && exit 0

if ! command -v apt-get >/dev/null 2>&1; then
  echo "Not on this machine: ${missing[*]}. There is no apt-get to install them; the tests that need them skip."
  exit 0
fi
as_root=()
if [ "$(id -u)" -ne 0 ]; then
  if sudo -n true 2>/dev/null; then as_root=(sudo -n); else
    echo "Not on this machine: ${missing[*]}. Without root they cannot be installed; the tests that need them skip."
    exit 0
  fi
fi
echo "Installing ${missing[*]} …"
log=$(mktemp)
"${as_root[@]}" apt-get -qq update >"$log" 2>&1 </dev/null &&
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive \
    apt-get -qq install -y --no-install-recommends "${missing[@]}" >>"$log" 2>&1 </dev/null ||
  { echo "apt-get could not install ${missing[*]}; the tests that need them skip. Its last words:"; tail -n 5 "$log"; }
rm -f "$log"
exit 0
