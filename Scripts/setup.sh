#!/usr/bin/env bash
# Installs what the project needs on a Debian 12 machine that has a Swift 6.3 toolchain: `Scripts/setup.sh run` for
# `make run` alone, `Scripts/setup.sh test` (the default) for everything the tests use. Run again it does nothing and says nothing.
set -euo pipefail
cd "$(dirname "$0")/.."

stage=${1:-test}
run_packages=(libsqlite3-dev libqrencode-dev zlib1g-dev)
test_packages=(chromium fonts-noto-cjk etcd-server etcd-client iproute2 curl)
requirements=Tests/requirements.txt

fail() {
    echo "setup: $1" >&2
    exit 1
}

missing=()
as_root=()
want() { # a Debian package, if it is not installed yet
    dpkg -s "$1" 2>/dev/null | grep -q '^Status: install ok installed' || missing+=("$1")
}

install_missing() {
    [ ${#missing[@]} -eq 0 ] && return
    command -v apt-get >/dev/null || fail "needs ${missing[*]}, and this machine has no apt-get to install them"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "needs ${missing[*]}; run as root: apt-get install ${missing[*]}"
        as_root=(sudo)
    fi
    echo "setup: installing ${missing[*]}"
    local log
    log=$(mktemp)
    # An out-of-date index is the usual reason for a failed install, an unreachable mirror no reason to give up yet.
    "${as_root[@]}" apt-get -qq update >"$log" 2>&1 || true
    keep_services_down
    if ! "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends \
        -o DPkg::Lock::Timeout=300 install "${missing[@]}" >>"$log" 2>&1; then
        tail -n 15 "$log" >&2
        fail "apt-get could not install ${missing[*]} (log: $log)"
    fi
    rm -f "$log"
    let_services_start
    missing=()
}

# Debian starts a packaged server at once; the tests run etcd members of their own. The package manager asks policy-rc.d.
policy=/usr/sbin/policy-rc.d
policy_is_ours=
keep_services_down() {
    [ -e "$policy" ] && return
    printf '#!/bin/sh\nexit 101\n' | "${as_root[@]}" tee "$policy" >/dev/null
    "${as_root[@]}" chmod 755 "$policy"
    policy_is_ours=1
    trap let_services_start EXIT
}

let_services_start() {
    [ -z "$policy_is_ours" ] || "${as_root[@]}" rm -f "$policy"
    policy_is_ours=
}

has_venv() { "$1" -c 'import ensurepip, sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; }

python_with_venv() { # the first Python 3.11 or newer that can make a virtual environment
    local candidate
    for candidate in python3 /usr/bin/python3; do
        if has_venv "$candidate"; then
            echo "$candidate"
            return
        fi
    done
    return 1
}

node_is_recent() { node -e 'process.exit(parseInt(process.versions.node) >= 18 ? 0 : 1)' >/dev/null 2>&1; }

has_wasm_linker() {
    command -v wasm-ld >/dev/null && return
    local swiftc
    swiftc=$(command -v swiftc) || return 1
    [ -x "$(dirname "$(readlink -f "$swiftc")")/wasm-ld" ]
}

install_python_requirements() {
    local python wanted stamp=.venv/requirements.sha256
    python=$(python_with_venv) || fail "needs Python 3.11 or newer with the venv module"
    wanted=$(sha256sum "$requirements" | cut -d ' ' -f 1)
    # The interpreter is tried too: a virtual environment dies with the Python it was made from.
    if [ "$(cat "$stamp" 2>/dev/null)" = "$wanted" ] && .venv/bin/python -c 'import pytest' 2>/dev/null; then
        return
    fi
    echo "setup: installing $requirements into .venv"
    "$python" -m venv --clear .venv || fail "could not make .venv with $python"
    .venv/bin/python -m pip install --quiet --disable-pip-version-check --requirement "$requirements" ||
        fail "pip could not install $requirements"
    echo "$wanted" >"$stamp"
}

case $stage in
run | test) ;;
*) fail "usage: Scripts/setup.sh [run|test]" ;;
esac
for package in "${run_packages[@]}"; do want "$package"; done
if [ "$stage" = test ]; then
    for package in "${test_packages[@]}"; do want "$package"; done
    python_with_venv >/dev/null || want python3-venv
    node_is_recent || want nodejs
    has_wasm_linker || want lld
fi
install_missing
command -v swiftc >/dev/null || fail "needs a Swift 6.3 toolchain with swiftc on the PATH"
if [ "$stage" = test ]; then
    install_python_requirements
    node_is_recent || fail "needs node 18 or newer on the PATH"
    has_wasm_linker || fail "needs wasm-ld, from the Swift toolchain or from Debian's lld"
fi
