#!/usr/bin/env bash
# Starts PROGRAM (the published idflow) as a server in a new project and judges it from outside; see README.md.
set -uo pipefail

here=$(cd "$(dirname "$0")" && pwd)
program=${1:?usage: run.sh PROGRAM}
work=$(mktemp -d)
server=
passed=0
failed=0

stop() {
  [ -z "$server" ] || { kill "$server" && wait "$server"; } 2>/dev/null
  rm -rf "$work"
}
trap stop EXIT

# The server's own lines say where it listens.
start() {
  "$program" init "$work/project" --empty >"$work/init.log" 2>&1 || { cat "$work/init.log"; return 1; }
  "$program" -C "$work/project" up --no-workers --urls http://127.0.0.1:0 >"$work/server.log" 2>&1 &
  server=$!
  for _ in $(seq 300); do
    url=$(grep -oE 'http://127\.0\.0\.1:[1-9][0-9]*' "$work/server.log" | head -n 1)
    if [ -n "$url" ] && node -e "fetch('$url/health').then((r) => process.exit(r.ok ? 0 : 1), () => process.exit(1))"; then
      return 0
    fi
    kill -0 "$server" 2>/dev/null || break
    sleep 0.1
  done
  echo "the server did not start:"
  cat "$work/server.log"
  return 1
}

# judge NAME LIST RESULTS..: adds the verdict's counts.
judge() {
  local name=$1
  shift
  node "$here/verdict.mjs" "$@" | sed "\$!s/^/$name: /" >"$work/verdict"
  sed '$d' "$work/verdict"
  add "$name" "$(tail -n 1 "$work/verdict")"
}

# add NAME COUNTS: COUNTS is a line `N passed, N failed`.
add() {
  echo "$1: $2"
  passed=$((passed + $(cut -d' ' -f1 <<<"$2")))
  failed=$((failed + $(cut -d' ' -f3 <<<"$2")))
}

if ! start; then
  echo "0 passed, 1 failed"
  exit 1
fi

conformance=$here/conformance
node "$conformance/run.mjs" --base-url "$url" --strict --json "$work/conformance.json" >"$work/conformance.log"
grep '^FAIL' "$work/conformance.log"
# A scenario that failed is run once more by itself: on a loaded machine one may miss its time.
mapfile -t again < <(node -e "
  const { scenarios } = JSON.parse(require('fs').readFileSync('$work/conformance.json', 'utf8'));
  const must = require('fs').readFileSync('$conformance/passing.txt', 'utf8').split('\n');
  for (const { name, outcome } of scenarios) if (outcome === 'failed' && must.includes(name)) console.log('--only=' + name);" 2>/dev/null)
if [ ${#again[@]} -gt 0 ]; then
  node "$conformance/run.mjs" --base-url "$url" --strict --jobs 1 --json "$work/again.json" "${again[@]}"
fi
judge conformance "$conformance/passing.txt" "$work/conformance.json" "$work/again.json"

node "$here/clients/replay.mjs" --base-url "$url" --json "$work/clients.json" >"$work/clients.log"
tail -n 1 "$work/clients.log"
judge clients "$here/clients/passing.txt" "$work/clients.json"

# The official SDK, unmodified.
if (cd "$here/sdk" && npm ci --silent) >"$work/npm.log" 2>&1; then
  node "$here/sdk/check.mjs" "$url" >"$work/sdk.log"
  sed '$d' "$work/sdk.log"
  add sdk "$(tail -n 1 "$work/sdk.log")"
else
  tail -n 5 "$work/npm.log"
  add sdk "0 passed, 1 failed"
fi

echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
