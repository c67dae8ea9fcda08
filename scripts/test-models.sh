#!/usr/bin/env bash
# Fetches the models that tests run with into ~/.cache/cmes-models, once. TEST_MODELS names them; the chat model is not
# among them unless asked for, because it is a gigabyte. Without a network its tests are skipped, and say so.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(cargo metadata --format-version 1 --no-deps --offline | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
read -ra models <<<"${TEST_MODELS:-multilingual-e5-small}"
folder="$HOME/.cache/cmes-models"
mkdir -p "$folder"
CMES_DATA__DIR="$folder" "$target/release/cmes" models pull "${models[@]}" || {
  echo "test-models: not fetched: ${models[*]}" >&2
  [ -z "${CMES_TEST_MODELS_REQUIRED:-}" ]
}
