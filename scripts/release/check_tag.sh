#!/usr/bin/env bash
# A tag has to be the version in deno.json: check_tag.sh TAG
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
version=$(sed -n 's/^  "version": "\(.*\)",$/\1/p' deno.json)
if [ "$1" != "v$version" ]; then
  echo "check_tag.sh: the tag is $1, but the version in deno.json is $version" >&2
  exit 1
fi
