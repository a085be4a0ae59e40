#!/usr/bin/env bash
# Tries the API of a running node against its own description: usage: Tests/Api/schemathesis.sh URL
# Requests are generated from a fixed seed, so a failure comes again. Environment: SCHEMATHESIS_SEED, SCHEMATHESIS_EXAMPLES
# (requests per operation and phase; with the default, thirty operations take about half a minute).
set -euo pipefail

[ $# -eq 1 ] || {
    echo "usage: $0 URL" >&2
    exit 2
}
url=${1%/}
bin=$(cd "$(dirname "$0")/../../.venv/bin" && pwd) || {
    echo "$0: run Scripts/setup.sh test first" >&2
    exit 2
}

# A stream of events never ends, so reading one to its end would only measure the time limit; it has its own test.
streams=$("$bin/python" - "$url/openapi.json" <<'PYTHON'
import json, sys, urllib.request

with urllib.request.urlopen(sys.argv[1], timeout=10) as answer:
    paths = json.load(answer)["paths"]
for path, item in paths.items():
    operations = [value for value in item.values() if isinstance(value, dict)]
    if any("text/event-stream" in r.get("content", {}) for o in operations for r in o.get("responses", {}).values()):
        print(path)
PYTHON
)
exclude=()
while IFS= read -r path; do
    [ -z "$path" ] || exclude+=(--exclude-path "$path")
done <<<"$streams"

# The tool keeps notes beside where it runs; they are of no use once the run is over.
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cd "$scratch"
"$bin/schemathesis" run "$url/openapi.json" \
    --checks not_a_server_error,status_code_conformance,content_type_conformance,response_schema_conformance \
    --phases examples,coverage,fuzzing --mode all \
    --seed "${SCHEMATHESIS_SEED:-20260101}" --max-examples "${SCHEMATHESIS_EXAMPLES:-12}" \
    --generation-database none --request-timeout 5 --warnings off --no-color "${exclude[@]}"
