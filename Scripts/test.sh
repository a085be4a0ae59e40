#!/usr/bin/env bash
# Runs everything that CI runs, from the checks that need no build to a real browser, and counts: `make test`.
# Prints one line per suite, the end of the log of what failed, and last "N passed, N failed". Full logs are under
# Artifacts/logs. Ends with 0 only if every suite ran and nothing failed or was skipped.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
# No test uses a pytest plugin, and looking for them takes seconds.
export LC_ALL=C.UTF-8 PYTHONDONTWRITEBYTECODE=1 PYTEST_DISABLE_PLUGIN_AUTOLOAD=1
exec </dev/null

logs=$root/Artifacts/logs
results=$(mktemp -d)
work=$(mktemp -d)
server=
child=
lanes=()
rm -rf "$logs"
mkdir -p "$logs"

end_children() {
    local pid
    for pid in $server $child ${lanes[@]+"${lanes[@]}"}; do kill "$pid" 2>/dev/null || true; done
    for pid in ${lanes[@]+"${lanes[@]}"}; do wait "$pid" 2>/dev/null || true; done
}
trap 'end_children; rm -rf "$results" "$work"' EXIT
trap 'exit 130' INT TERM

# ---------------------------------------------------------------- counting
# count_KIND LOG STATUS prints "passed failed". What a log does not tell counts as one failure.

count_none() { echo "0 $(($2 == 0 ? 0 : 1))"; }

count_one() { echo "$(($2 == 0 ? 1 : 0)) $(($2 == 0 ? 0 : 1))"; } # all or nothing

count_swift() { # Swift Testing; one test with many arguments is one test
    local total failed skipped
    total=$(sed -nE 's/.*Test run with ([0-9]+) tests?.*/\1/p' "$1" | tail -n 1)
    failed=$(grep -E 'Test .* failed after ' "$1" | grep -cvE 'Test run with|Test case ' || true)
    skipped=$(grep -cE '^[^ ]+ Test .* skipped' "$1" || true)
    settle "$(($total + 0))" "$((failed + skipped))" "$2"
}

count_pytest() {
    local line passed failed
    line=$(grep -E '[0-9]+ (passed|failed|errors?|skipped).* in [0-9.]+s' "$1" | tail -n 1 || true)
    passed=$(number "$line" passed)
    failed=$(($(number "$line" failed) + $(number "$line" 'errors?') + $(number "$line" skipped)))
    settle "$((passed + failed))" "$failed" "$2"
}

count_node() {
    local total passed
    total=$(sed -nE 's/^(#|ℹ) tests ([0-9]+)$/\2/p' "$1" | tail -n 1)
    passed=$(sed -nE 's/^(#|ℹ) pass ([0-9]+)$/\2/p' "$1" | tail -n 1)
    settle "$(($total + 0))" "$(($total - $passed))" "$2"
}

count_schemathesis() { # an operation of the API is a test
    local tested failed
    tested=$(sed -nE 's/^ *Tested: *([0-9]+).*/\1/p' "$1" | tail -n 1)
    failed=$(grep -cE '^_+ [A-Z]+ /[^ ]* _+$' "$1" || true)
    settle "$(($tested + 0))" "$failed" "$2"
}

number() { sed -nE "s/(^|.*[^0-9])([0-9]+) $2.*/\\2/p" <<<"$1" | grep . || echo 0; }

settle() { # TOTAL FAILED STATUS: no test at all, and a bad end that no test explains, are failures too
    local failed=$2
    if [ "$failed" -eq 0 ] && { [ "$3" -ne 0 ] || [ "$1" -eq 0 ]; }; then failed=1; fi
    echo "$(($1 > failed ? $1 - failed : 0)) $failed"
}

# ---------------------------------------------------------------- running

# suite NAME KIND SECONDS COMMAND…: runs the command with a time limit, its output in a log of its own.
suite() {
    local name=$1 kind=$2 limit=$3 log status=0 started passed failed
    shift 3
    log=$logs/${name// /-}.log
    started=$SECONDS
    # In the background, because bash heeds a signal at once only while it waits.
    timeout --kill-after=20 "$limit" "$@" >"$log" 2>&1 &
    child=$!
    wait "$child" || status=$?
    child=
    [ "$status" -ne 124 ] || echo "stopped after $limit s" >>"$log"
    read -r passed failed < <("count_$kind" "$log" "$status" 2>/dev/null || echo "0 1")
    record "$name" "${passed:-0}" "${failed:-1}" "$((SECONDS - started))"
}

record() { # NAME PASSED FAILED SECONDS
    echo "$2 $3" >"$results/${1// /-}"
    printf '%-28s %6s %6s %5s s\n' "$1" "$2" "$3" "$4"
    [ "$3" -eq 0 ] || sed 's/^/    /' <(tail -n 40 "$logs/${1// /-}.log") | cut -c 1-300
    [ "$3" -eq 0 ]
}

skip() { # NAME WHY: a suite that cannot run has failed
    echo "$2" >"$logs/${1// /-}.log"
    record "$1" 0 1 0 || true
}

pytest=("$root/.venv/bin/python" -m pytest -q -p no:cacheprovider --color=no)
swift_build=(swift build --explicit-target-dependency-import-check error)

# ---------------------------------------------------------------- the demonstration ledger

demo=$work/demo
binary=$root/.build/release/linlian

start_demo() { # leaves the address, codes and policy in the environment
    local log=$logs/demo.log waited=0
    "$binary" demo --data "$demo" --port 0 >"$log" 2>&1 &
    server=$!
    until grep -q '^policy ' "$log"; do
        kill -0 "$server" 2>/dev/null || return 1
        [ "$waited" -lt 1200 ] || return 1
        waited=$((waited + 1))
        sleep 0.25
    done
    LINLIAN_URL=$(sed -nE 's/^address (.*)$/\1/p' "$log" | head -n 1)
    LINLIAN_CODE=$(tail -n +2 "$demo/codes.csv" | cut -d , -f 1 | paste -sd ,)
    LINLIAN_POLICY=$(sed -nE 's/^policy (.*)$/\1/p' "$log" | head -n 1)
    export LINLIAN_URL LINLIAN_CODE LINLIAN_POLICY LINLIAN_BINARY=$binary LINLIAN_REQUIRE_NODE=1
    [ -n "$LINLIAN_URL" ] && [ -n "$LINLIAN_CODE" ] && [ -f "$LINLIAN_POLICY" ]
}

stop_demo() { # an orderly stop ends with 0
    local waited=0
    kill -TERM "$server" 2>/dev/null || return 1
    while kill -0 "$server" 2>/dev/null; do
        [ "$waited" -lt 120 ] || { kill -KILL "$server"; echo "did not stop on SIGTERM" >>"$logs/demo.log"; return 1; }
        waited=$((waited + 1))
        sleep 0.25
    done
    wait "$server"
}

# A resident's browser, then the fuzzer, against one running node; afterwards its ledger must hold, for our verifier and
# for the checkers that share no code with it.
lane_of_the_node() {
    local status=0 started=$SECONDS
    lanes=()
    trap end_children EXIT
    trap 'exit 130' INT TERM
    if ! start_demo; then
        record demo 0 1 "$((SECONDS - started))" || true
        skip browser "the demo did not start"
        skip schemathesis "the demo did not start"
        skip verify "the demo did not start"
        skip independent "the demo did not start"
        return 0
    fi
    suite browser pytest 1500 "${pytest[@]}" Tests/Browser || true
    suite schemathesis schemathesis 600 Tests/Api/schemathesis.sh "$LINLIAN_URL" || true
    stop_demo || status=$?
    server=
    record demo 0 "$((status == 0 ? 0 : 1))" "$((SECONDS - started))" || true
    suite verify none 120 "$binary" verify --data "$demo" || true
    "$binary" export --data "$demo" --out "$work/export" >"$logs/export.log" 2>&1 || true
    export LINLIAN_EXPORT=$work/export LINLIAN_REQUIRE_EXPORT=1
    suite independent pytest 900 "${pytest[@]}" Tests/Independent || true
}

# ---------------------------------------------------------------- the order of things

started=$SECONDS
printf '%-28s %6s %6s %7s\n' suite passed failed time
suite setup none 900 Scripts/setup.sh test || true

# What needs no build.
formatted=(Package.swift Sources Modules Tests)
[ ! -d Benchmarks ] || formatted+=(Benchmarks)
suite lint none 300 swift format lint --strict --recursive --configuration .swift-format "${formatted[@]}" || true
suite tidy pytest 120 "${pytest[@]}" Tests/TidyTests || true

# Builds use both cores, so nothing runs beside them.
if suite debug-build none 1500 "${swift_build[@]}" --build-tests; then
    suite swift swift 1200 swift test --skip-build || true
else
    skip swift "the debug build failed"
fi

if suite simulation-build none 900 "${swift_build[@]}" -c release --product finality-simulation; then
    suite simulation one 600 "$root/.build/release/finality-simulation" 10000 || true
else
    skip simulation "its build failed"
fi

built=
if suite release-build none 1800 "${swift_build[@]}" -c release --product linlian; then
    built=1
    lane_of_the_node &
    lanes+=($!)
    # Tests of the command line set data aside under TMPDIR; their own server takes a free port.
    LINLIAN_BINARY=$binary LINLIAN_REQUIRE_NODE=1 suite command-line pytest 1200 "${pytest[@]}" Tests/CommandLine || true
else
    for name in demo browser schemathesis verify independent command-line; do skip "$name" "the release build failed"; done
fi
if suite wasm-build none 300 Wasm/build.sh; then
    suite wasm node 120 node --test --test-reporter=tap Wasm/test/ || true
else
    skip wasm "the browser build failed"
fi
suite page-scripts node 120 node --test --test-reporter=tap Tests/PageKitTests/js/ || true
for lane in ${lanes[@]+"${lanes[@]}"}; do wait "$lane" || true; done
lanes=()

# Faults are timed, so nothing runs beside them. Needs root: every party gets a machine of its own, a network namespace.
if [ -n "$built" ]; then
    LINLIAN_BINARY=$binary LINLIAN_FAULTS_REPORT=$logs/faults.md suite faults pytest 600 "${pytest[@]}" Tests/Faults || true
else
    skip faults "the release build failed"
fi

# Last, because in CI it builds over the debug build.
suite new-module swift 1200 Scripts/test-new-module.sh || true

passed=0
failed=0
for file in "$results"/*; do
    read -r p f <"$file"
    passed=$((passed + p))
    failed=$((failed + f))
done
printf '%-28s %21s s\n' 'all' "$((SECONDS - started))"
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
