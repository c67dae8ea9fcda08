#!/usr/bin/env bash
# Builds the fuzz targets and runs them one after the other, on seeds from the
# demo sites and messages: `scripts/fuzz.sh [seconds [target …]]`. Ends at the
# first finding, which is then in fuzz/artifacts/<target>/.
set -euo pipefail
cd "$(dirname "$0")/.."

seconds=${1:-600}
shift || true
targets=("$@")
[ ${#targets[@]} -gt 0 ] || mapfile -t targets < <(cd fuzz/fuzz_targets && ls | sed 's/\.rs$//')
testkit=crates/cmes-testkit

# Prints the files of which a target's first inputs are made.
seeds_of() {
  case $1 in
    html | charset) find $testkit/sites $testkit/measured -name '*.html' ;;
    content) find $testkit/messages $testkit/measured-messages -name '*.eml' -o -name '*.txt' ;;
    exceptions | grounding) find $testkit/measured $testkit/measured-messages -name '*.txt' ;;
    json | schema) find $testkit/sites $testkit/measured $testkit/measured-messages -name '*.json' ;;
    robots) find $testkit/sites $testkit/measured -name 'robots.txt' ;;
    documents) find crates/cmes-documents/tests/data -type f ;;
    headers) find $testkit/sites $testkit/measured -name '*.toml' ;;
  esac
}

# The compiler's own flags for fuzzers ask for nightly or this variable.
export RUSTC_BOOTSTRAP=1
for target in "${targets[@]}"; do
  cargo fuzz build --sanitizer none "$target"
  corpus=fuzz/corpus/$target
  mkdir -p "$corpus" "fuzz/artifacts/$target"
  seeds_of "$target" | while read -r file; do cp "$file" "$corpus/$(sha256sum "$file" | cut -c1-16)"; done
  if [ "$target" = leads ]; then
    # A query stands in front of each page.
    queries=$(sed -n 's/^text = "\(.*\)"$/\1/p' $testkit/world/queries.toml)
    seeds_of html | while read -r file; do
      { shuf -n 1 <<< "$queries"; cat "$file"; } > "$corpus/$(sha256sum "$file" | cut -c1-16)"
    done
  fi
  if [ "$target" = offer ]; then
    sed -n 's/^offer = "\(.*\)"$/\1/p' $testkit/offers.toml | split -l 1 - "$corpus/offer-"
  fi
  echo "== $target"
  # The timeout is by the clock: on a busy machine five seconds can be half a second of the processor.
  cargo fuzz run --sanitizer none "$target" -- -max_total_time="$seconds" -max_len=65536 -timeout=30 -rss_limit_mb=1500 \
    -print_final_stats=1
done
