#!/usr/bin/env bash
# Runs a command with a PostgreSQL server of its own: a fresh cluster in a
# temporary folder, on a free port of loopback, gone afterwards. Its address is
# in TEST_POSTGRES_URL.
set -euo pipefail

bin=$(dirname "$(command -v initdb || compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n1)")
folder=$(mktemp -d)
# PostgreSQL refuses to run as root.
as_user=()
if [ "$(id -u)" = 0 ]; then
  as_user=(setpriv --reuid=nobody --regid=nogroup --clear-groups)
  chown nobody:nogroup "$folder"
fi
stop() {
  "${as_user[@]}" "$bin/pg_ctl" -D "$folder/data" -m immediate -s stop >/dev/null 2>&1 || true
  rm -rf "$folder"
}
trap stop EXIT

cd "$folder"
# The order of the C locale: the one in the environment need not exist on this machine.
"${as_user[@]}" env HOME="$folder" "$bin/initdb" -D "$folder/data" -U cmes -A trust -E UTF8 --no-locale --no-sync >"$folder/initdb.log" 2>&1 \
  || { cat "$folder/initdb.log" >&2; exit 1; }
# Below the ports that the system gives to others; where one is taken all the same, the next try has another.
for _ in 1 2 3 4 5; do
  port=$((20000 + RANDOM % 12000))
  options="-c listen_addresses=127.0.0.1 -p $port -k $folder -c fsync=off -c max_connections=300"
  if "${as_user[@]}" "$bin/pg_ctl" -D "$folder/data" -l "$folder/server.log" -o "$options" -w -s start 2>>"$folder/start.log"; then
    started=yes
    break
  fi
done
[ "${started:-}" = yes ] || { tail -n 20 "$folder"/*.log >&2; exit 1; }
cd - >/dev/null
export TEST_POSTGRES_URL="postgres://cmes@127.0.0.1:$port/postgres"
"$@"
