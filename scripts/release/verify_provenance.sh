#!/usr/bin/env bash
# Verifies each file of a release as docs/install.md says: verify_provenance.sh RELEASE BUNDLE
# Needs GITHUB_REPOSITORY and GITHUB_REF as GitHub sets them.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
gh attestation trusted-root >"$folder/trusted_root.jsonl"

is_ours() {
  gh attestation verify "$1" --repo "$GITHUB_REPOSITORY" --source-ref "$GITHUB_REF" \
    --signer-workflow "$GITHUB_REPOSITORY/.github/workflows/release.yml" \
    --bundle "$2" --custom-trusted-root "$folder/trusted_root.jsonl"
}

for file in "$1"/*; do is_ours "$file" "$2"; done

# What refuses nothing proves nothing.
cp "$1/SHA256SUMS" "$folder/changed"
echo >>"$folder/changed"
if is_ours "$folder/changed" "$2"; then
  echo "verify_provenance.sh: a changed file was verified" >&2
  exit 1
fi
