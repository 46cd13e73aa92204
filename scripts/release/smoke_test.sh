#!/usr/bin/env bash
# Tries an executable on the system that it is for: smoke_test.sh RELEASE NEXT TARGET
# RELEASE and NEXT are folders that build.sh has filled; NEXT is what is upgraded to.
set -euo pipefail
target=$3

fail() {
  echo "smoke_test.sh: $*" >&2
  exit 1
}

# macOS knows shasum only.
hash_of() {
  if command -v sha256sum >/dev/null; then sha256sum <"$1"; else shasum -a 256 <"$1"; fi |
    cut -c 1-64
}

# Sets $hash and $file to what SHA256SUMS of a folder says of the executable, and looks at the file.
find_executable() {
  local line
  line=$(grep -E "  limacharlie-[^ ]+-$target(\.exe)?\$" "$1/SHA256SUMS") ||
    fail "$1/SHA256SUMS names no executable for $target"
  hash=${line%% *}
  file=$1/${line##* }
  [ "$(hash_of "$file")" = "$hash" ] || fail "$file is not what SHA256SUMS says"
}

find_executable "$2"
next=$file next_hash=$hash
find_executable "$1"
version=${file##*/limacharlie-}
version=${version%-"$target"*}

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
program=$folder/limacharlie
case "$file" in *.exe) program=$program.exe ;; esac
cp "$file" "$program"
chmod 755 "$program"

# What is not signed right runs on some Macs, and on others is killed or called damaged.
case "$target" in
  *-apple-darwin) codesign --verify "$program" || fail "$file is not signed as macOS wants it" ;;
esac

answers() {
  [ "$("$program" --version)" = "limacharlie $version" ] || fail "$1 does not tell its version"
}

answers "the executable"
"$program" --help | grep '^Usage: limacharlie' || fail "--help shows no usage"
"$program" help networks >/dev/null
"$program" completions bash >/dev/null

echo "A whole conversation, with an approval and a question:"
"$program" demo </dev/null | tee "$folder/demo"
grep -q '^Tool approval requested' "$folder/demo" || fail "demo asks for no approval"
grep -q 'result: ' "$folder/demo" || fail "demo has no result"

echo "An upgrade by a wrong hash, which has to be refused:"
if "$program" upgrade --from "$next" --sha256 "$hash"; then fail "it was not refused"; fi
[ "$(hash_of "$program")" = "$hash" ] || fail "the executable is not what it was"

echo "An upgrade, and back:"
"$program" upgrade --from "$next" --sha256 "$next_hash"
[ "$(hash_of "$program")" = "$next_hash" ] || fail "the executable is not the new one"
answers "the new executable"
kept=("$program".*.previous)
[ "${#kept[@]}" = 1 ] || fail "not one executable was kept, but ${kept[*]}"
mv -f "${kept[0]}" "$program"
[ "$(hash_of "$program")" = "$hash" ] || fail "the kept executable is not the one from before"
answers "the executable from before"
left=("$folder"/limacharlie*)
[ "${#left[@]}" = 1 ] || fail "something is left: ${left[*]}"
