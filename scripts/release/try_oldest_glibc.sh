#!/usr/bin/env bash
# Tries an executable for Linux on the oldest glibc that docs/install.md promises, with nothing that
# can be written, no network and no rights: try_oldest_glibc.sh RELEASE TARGET
set -euo pipefail
cd "$1"
# Ubuntu 18.04, with glibc 2.27.
image=ubuntu:18.04@sha256:152dc042452c496007f07ca9127571cb9c29697f42acbfad72324b2bb2e43c98
chmod 755 limacharlie-*-"$2"
for arguments in --version demo; do
  docker run --rm --network none --read-only --user 65534:65534 --cap-drop ALL \
    --volume "$(echo "$PWD"/limacharlie-*-"$2")":/limacharlie:ro "$image" /limacharlie "$arguments"
done
