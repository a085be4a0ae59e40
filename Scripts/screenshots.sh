#!/usr/bin/env bash
# Pictures of every page of the demonstration in every setting: `make screenshots` writes them to Artifacts/screenshots.
set -euo pipefail
cd "$(dirname "$0")/.."
out=${1:-Artifacts/screenshots}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; wait 2>/dev/null || true; rm -rf "$work"' EXIT

.build/release/linlian demo --data "$work/demo" --port 0 >"$work/log" 2>&1 &
server=$!
waited=0
until grep -q '^policy ' "$work/log"; do
    if ! kill -0 "$server" 2>/dev/null || [ "$waited" -ge 1200 ]; then
        cat "$work/log" >&2
        exit 1
    fi
    waited=$((waited + 1))
    sleep 0.25
done
url=$(sed -nE 's/^address (.*)$/\1/p' "$work/log" | head -n 1)
rm -rf "$out"
PYTHONDONTWRITEBYTECODE=1 .venv/bin/python Tests/Browser/screenshots.py "$url" "$out"
echo "see $out"
