#!/usr/bin/env bash
# Makes everything of a release: build.sh RELEASE NEXT
# What goes into the folder NEXT differs in nothing but the times of files in it. It is for trying
# an upgrade.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

is_tag() { [ "${GITHUB_REF_TYPE:-}" = tag ]; }

# A run by hand shows what has to be pinned.
strictness=()
if is_tag; then strictness=(--release); fi
epoch=$(git log -1 --format=%ct)
SOURCE_DATE_EPOCH=$epoch scripts/dev compile --all --into "$1" "${strictness[@]}"
SOURCE_DATE_EPOCH=$((epoch + 1)) scripts/dev compile --all --into "$2" "${strictness[@]}"
cat "$1/SHA256SUMS"

# Deno writes deno.lock where there is none, and adds to it what is missing there.
if git ls-files --error-unmatch deno.lock >/dev/null 2>&1; then
  git diff --exit-code -- deno.lock || {
    echo "build.sh: the dependencies are not those of deno.lock, which shows above what is new" >&2
    exit 1
  }
elif is_tag; then
  echo "build.sh: a release needs its dependencies pinned by a deno.lock in the repository" >&2
  echo "  a run of this workflow by hand leaves one as its artifact \"lock\"" >&2
  exit 1
else
  echo "::warning::deno.lock is not in the repository; a release will need the one of artifact \"lock\""
fi
