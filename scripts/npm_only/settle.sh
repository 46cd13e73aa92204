# shellcheck shell=sh disable=SC2154
# Sourced by scripts/dev. Decides where Cliffy and @std come from: JSR where it
# answers, else two npm packages that carry builds of them. Never for a release.

# Carries a Deno-to-Node build of Cliffy 1.0.0-rc.5 (MIT), with declarations.
CLIFFY_CARRIER=windmill-cli
CLIFFY_CARRIER_VERSION=1.596.0
CLIFFY_CARRIER_SHA512=5aFVNTOEaGyTKyQlyjFI1FAZ8fTIQ2vGSmnqL3FfZuKpKWdqGXh8p9Azdp8N2MkIwyP1vYtOK9nfQk6jr6tRTw==
# @std as plain JavaScript, without declarations.
STD_CARRIER=deno-std
STD_CARRIER_VERSION=1.4.0
STD_CARRIER_SHA512=7c0Y6tyn0Sx0NKiaAeGtDwrpG+C7VFcOStVcYXPnjAuIEonxzVV+n6s8iuFjg6keqzxo/zrPbR/J9EY9BLNsRA==

# Runs a download of Deno's with the system's certificate authorities, as npm has them where a
# network puts its own certificates in between.
online() {
  DENO_TLS_CA_STORE=${DENO_TLS_CA_STORE:-mozilla,system} "$@"
}

settle_source() {
  rm -f "$deps/source"
  if [ "${LC_DEV_SOURCE:-}" != npm-only ] && jsr_answers; then
    source=jsr
    say "dependencies come from JSR"
    (cd "$root" && online "$deno" install --quiet) || fail "Deno could not get the dependencies from JSR"
  else
    [ "${LC_DEV_SOURCE:-}" != jsr ] || fail "JSR cannot be reached"
    source=npm-only
    say "JSR cannot be reached, or is not wanted: Cliffy and @std come from npm packages that carry them"
    lay_out_carriers
  fi
  echo "$source $pins" >"$deps/part.$$"
  mv "$deps/part.$$" "$deps/source"
}

jsr_answers() {
  online "$deno" run --no-config --no-lock --quiet --allow-net --allow-env=JSR_URL "$root/scripts/npm_only/jsr_answers.ts"
}

# Lays the carriers out where that is not done yet, and maps the bare names of deno.json.
lay_out_carriers() {
  trees=$(cat "$root"/scripts/npm_only/settle.sh "$root"/scripts/npm_only/lay_out.ts "$root"/scripts/npm_only/types/*/*.ts | cksum | tr ' ' '-')
  if [ "$(cat "$deps/npm/trees" 2>/dev/null)" != "$trees" ]; then
    mkdir -p "$deps/carriers"
    fetch_package "$CLIFFY_CARRIER" "$CLIFFY_CARRIER_VERSION" "$CLIFFY_CARRIER_SHA512" "$deps/carriers/cliffy"
    fetch_package "$STD_CARRIER" "$STD_CARRIER_VERSION" "$STD_CARRIER_SHA512" "$deps/carriers/std"
    run_helper lay_out.ts || fail "the npm-only dependencies could not be laid out"
    echo "$trees" >"$deps/npm/trees"
  fi
  npm_packages=$(run_helper write_map.ts) || fail "the import map of the npm-only dependencies could not be written"
  # shellcheck disable=SC2086
  online "$deno" cache --quiet --no-config --no-lock $npm_packages || fail "Deno could not get $npm_packages"
}

run_helper() {
  "$deno" run --no-config --no-lock --quiet --allow-read="$root" --allow-write="$deps" \
    "$root/scripts/npm_only/$1" "$root"
}
