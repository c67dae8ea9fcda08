#!/usr/bin/env bash
# Starts everything on this machine and enriches a site that ships with the
# project: the demo sites, the server, an account with a key, a profile, and the
# curl line with which to go on. Ctrl-C ends it.
set -euo pipefail
cd "$(dirname "$0")/.."

folder=${DEMO_DIR:-data/demo}
port=${DEMO_PORT:-8080}
site=nordwind-pumpen.example
target=${CARGO_TARGET_DIR:-target}
cmes=$target/release/cmes
mkdir -p "$folder"

pids=()
finish() { [ ${#pids[@]} -eq 0 ] || kill "${pids[@]}" 2>/dev/null || true; wait 2>/dev/null || true; }
trap finish EXIT
trap 'exit 0' INT TERM

# Waits for a line of a file that begins so, as long as the process lives.
line_of() {
  local file=$1 start=$2 pid=$3
  for _ in $(seq 300); do
    grep -m1 "^$start" "$file" 2>/dev/null && return 0
    kill -0 "$pid" 2>/dev/null || break
    sleep 0.1
  done
  echo "demo: no line “$start” came; the log says:" >&2
  cat "$file" "$file.err" >&2
  return 1
}

# Port 0 lets the system choose.
"$target/release/xtask" sites --port 0 --print-hosts >"$folder/sites.out" 2>"$folder/sites.out.err" &
pids+=($!)
sites=$(line_of "$folder/sites.out" 'demo sites on' "${pids[0]}")
address=${sites##*http://}

{
  echo '# Made by scripts/demo.sh anew at every start: the server may read the demo sites on loopback.'
  echo '[server]'
  echo "listen = \"127.0.0.1:$port\""
  echo '[data]'
  echo "dir = \"$folder\""
  echo '[fetch]'
  echo 'allow_networks = ["127.0.0.0/8"]'
  echo 'per_host_delay_ms = 20'
  sed -n '/^\[fetch.resolve\]/,$p' "$folder/sites.out"
} >"$folder/cmes.toml"
export CMES_LOG__LEVEL=${CMES_LOG__LEVEL:-warn}
run() { "$cmes" --config "$folder/cmes.toml" "$@"; }

# The model that tells how well an offer fits, once (72 MB). Without it the demo goes on.
if [ "${DEMO_ONCE:-}" != yes ]; then
  run models pull multilingual-e5-small || echo "demo: going on without a model for meanings" >&2
fi

# Not through `run`: the process to stop would be a shell around the server.
"$cmes" --config "$folder/cmes.toml" serve >"$folder/serve.out" 2>"$folder/serve.out.err" &
pids+=($!)
ready=$(line_of "$folder/serve.out" 'cmes is ready' "${pids[1]}") \
  || { echo "demo: if another program has port $port, choose one: DEMO_PORT=8090 make run" >&2; exit 1; }
url=${ready##* }

email=demo@example.com
run account list | grep -q "$email" || run account create "$email" --credit 25 >/dev/null
key=$(run key create --account "$email" --name "Demo")

echo
echo "\$ cmes enrich info@$site"
echo
run enrich "info@$site"
echo
echo "$ready, its reference on $url/docs/"
echo "The demo sites are on http://$address/ (open them in a browser, or enrich another one)."
echo
echo "Go on with:"
echo
echo "  API_KEY=$key"
echo "  curl $url/v1/enrichment -H \"Authorization: Bearer \$API_KEY\" -d '{\"Content\": \"info@$site\", \"LanguageCode\": \"en\"}'"
echo
if [ "${DEMO_ONCE:-}" = yes ]; then
  # For the tests: the line above is run, past any proxy of this machine, and its answer printed.
  curl -sS -f --noproxy '*' "$url/v1/enrichment" -H "Authorization: Bearer $key" -d "{\"Content\": \"info@$site\", \"LanguageCode\": \"en\"}"
  exit 0
fi
echo "Ctrl-C ends the demo."
wait
