#!/usr/bin/env bash
# Makes the draft of a release, which a person publishes: draft.sh FILE…
# Needs GITHUB_REF_NAME and GITHUB_REPOSITORY as GitHub sets them.
set -euo pipefail
exec gh release create "$GITHUB_REF_NAME" --repo "$GITHUB_REPOSITORY" --draft --verify-tag \
  --title "$GITHUB_REF_NAME" --generate-notes "$@"
