#!/usr/bin/env bash
# Fetches the models that tests run with into ~/.cache/cmes-models, once: the embedder, and the chat model when
# TEST_CHAT_MODEL is set, because it is a gigabyte. Tests whose model is not there are skipped, and say so; where
# TEST_MODELS_REQUIRED is set, the embedder has to be there.
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(cargo metadata --format-version 1 --no-deps --offline | sed 's/.*"target_directory":"\([^"]*\)".*/\1/')
folder="$HOME/.cache/cmes-models"
mkdir -p "$folder"
pull() { CMES_DATA__DIR="$folder" timeout 900 "$target/release/cmes" models pull "$1" || { echo "test-models: not fetched: $1" >&2; return 1; }; }
pull multilingual-e5-small || [ -z "${TEST_MODELS_REQUIRED:-}" ]
[ -z "${TEST_CHAT_MODEL:-}" ] || pull "$TEST_CHAT_MODEL" || true
