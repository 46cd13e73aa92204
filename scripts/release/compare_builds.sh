#!/usr/bin/env bash
# Looks whether a release is whole, and what another machine made too: compare_builds.sh RELEASE SUMS
# SUMS is the SHA256SUMS of the other machine.
set -euo pipefail
(cd "$1" && sha256sum --check --strict SHA256SUMS)
diff "$1/SHA256SUMS" "$2"
