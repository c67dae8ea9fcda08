#!/usr/bin/env bash
# Licences, sources and forbidden crates of all dependencies (deny.toml), by
# cargo-deny, which is built once into the cache folder when it is not there.
set -euo pipefail
cd "$(dirname "$0")/.."

version=0.20.2
tools=${CI_TOOLS:-$HOME/.cache/cmes-tools}
if ! "$tools/bin/cargo-deny" --version 2>/dev/null | grep -q " $version\$"; then
  # Unoptimised: it builds in half the time and checks in a second all the same.
  CARGO_TARGET_DIR="$tools/target" cargo install cargo-deny --version "$version" --locked --debug --root "$tools" --quiet
  rm -rf "$tools/target"
fi
"$tools/bin/cargo-deny" --log-level error check bans licenses sources
