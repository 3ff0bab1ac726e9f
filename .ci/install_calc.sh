#!/bin/sh
# Install LibreOffice 25.2 or later, with what the tests of xlclv need besides: from the
# distribution where its release has it, else from its backports suite on the same mirror.
# Run as root on Debian; does nothing where it is installed already.
set -eu

least=4:25.2 # as Debian counts LibreOffice
packages="libreoffice-calc python3-uno poppler-utils fonts-liberation fonts-crosextra-carlito"
list=/etc/apt/sources.list.d/xlclv-backports.list
keys=/usr/share/keyrings/debian-archive-keyring.gpg
export DEBIAN_FRONTEND=noninteractive

fail() {
    echo "install_calc: $1" >&2
    exit 1
}

installed() {
    for package in $packages; do
        # shellcheck disable=SC2016 # dpkg fills in the braces
        status=$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) || return 1
        [ "$status" = installed ] || return 1
    done
    # shellcheck disable=SC2016 # dpkg fills in the braces
    version=$(dpkg-query -W -f '${Version}' libreoffice-calc)
    dpkg --compare-versions "$version" ge "$least"
}

# Say whether apt knows a version that is new enough, in whatever suite.
available() {
    apt-cache madison libreoffice-calc | cut -d '|' -f 2 | while read -r version; do
        if dpkg --compare-versions "$version" ge "$least"; then echo yes; fi
    done | grep -q yes
}

# Print the address from which apt takes a suite; it reads both forms of source files.
mirror() {
    # shellcheck disable=SC2016 # apt fills in the names
    apt-get indextargets --format '$(RELEASE) $(COMPONENT) $(REPO_URI)' 'Created-By: Packages' |
        awk -v suite="$1" '$1 == suite && $2 == "main" { print $3; exit }'
}

command -v apt-get >/dev/null && command -v dpkg >/dev/null ||
    fail "this needs Debian or a relative with apt; install LibreOffice 25.2 or later by hand."
if installed; then exit 0; fi
[ "$(id -u)" = 0 ] || fail "run this as root."

. /etc/os-release
release=${VERSION_CODENAME:-}
[ -n "$release" ] || fail "this release has no name, so its backports cannot be found."
backports=$release-backports

if [ -z "$(mirror "$backports")" ]; then
    address=$(mirror "$release")
    [ -n "$address" ] || fail "apt has no source for $release."
    apt-get update -q
    if ! available; then
        signed=""
        if [ "${ID:-}" = debian ] && [ -e "$keys" ]; then signed="[signed-by=$keys] "; fi
        echo "deb $signed$address $backports main" >"$list"
        apt-get update -q
    fi
else
    apt-get update -q
fi
available || fail "neither $release nor $backports has LibreOffice 25.2 or later."

suite=""
if [ -n "$(mirror "$backports")" ]; then suite="--target-release=$backports"; fi
# shellcheck disable=SC2086 # packages and suite are lists of words
apt-get install -q -y --no-install-recommends $suite $packages
installed || fail "LibreOffice is still older than 25.2."
