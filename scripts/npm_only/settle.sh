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

settle_source() {
  if [ "${LC_DEV_SOURCE:-}" != npm-only ] && "$deno" run --no-config --no-lock --quiet --allow-net=jsr.io "$root/scripts/npm_only/jsr_answers.ts"; then
    say "dependencies come from JSR"
    echo "jsr $pins" >"$deps/source"
    return
  fi
  say "JSR cannot be reached: Cliffy and @std come from npm packages that carry them"
  rm -f "$deps/source" "$deps/import_map.json"
  fetch_package "$CLIFFY_CARRIER" "$CLIFFY_CARRIER_VERSION" "$CLIFFY_CARRIER_SHA512" "$deps/cliffy-carrier"
  fetch_package "$STD_CARRIER" "$STD_CARRIER_VERSION" "$STD_CARRIER_SHA512" "$deps/std-carrier"
  "$deno" run --no-config --no-lock --quiet --allow-read="$root" --allow-write="$deps" \
    "$root/scripts/npm_only/lay_out.ts" "$root" || fail "the npm-only dependencies could not be laid out"
  rm -rf "$deps/cliffy-carrier" "$deps/std-carrier"
  echo "npm-only $pins" >"$deps/source"
}
