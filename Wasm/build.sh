#!/bin/sh
# Builds Artifacts/linlian.wasm: Primitives and MerkleLog, the node's own code, for a resident's browser.
# Needs a Swift toolchain with Embedded Swift, clang and wasm-ld; SWIFT_TOOLCHAIN names its bin folder if swiftc is
# not on PATH. Prints the path of the result.
set -eu

root=$(cd "$(dirname "$0")/.." && pwd)
target=wasm32-unknown-none-wasm

find_tool() {
    if [ -n "${SWIFT_TOOLCHAIN:-}" ] && [ -x "$SWIFT_TOOLCHAIN/$1" ]; then
        echo "$SWIFT_TOOLCHAIN/$1"
        return
    fi
    beside=$(dirname "$(readlink -f "$(command -v swiftc || echo /nonexistent/swiftc)")")/$1
    if [ -x "$beside" ]; then
        echo "$beside"
    elif command -v "$1" >/dev/null; then
        command -v "$1"
    else
        echo "Wasm/build.sh: $1 not found; put a Swift toolchain on PATH or set SWIFT_TOOLCHAIN" >&2
        exit 1
    fi
}

swiftc=$(find_tool swiftc)
clang=$(find_tool clang)
wasm_ld=$(find_tool wasm-ld)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# compile <module> <sources…>
compile() {
    module=$1
    shift
    "$swiftc" -target "$target" -enable-experimental-feature Embedded -swift-version 6 -wmo -O -parse-as-library -Xfrontend -disable-stack-protector \
        -enable-upcoming-feature ExistentialAny -enable-upcoming-feature MemberImportVisibility \
        -enable-upcoming-feature InternalImportsByDefault -warnings-as-errors \
        -module-name "$module" -package-name linlian -I "$work" \
        -emit-module -emit-module-path "$work/$module.swiftmodule" -c "$@" -o "$work/$module.o"
}

compile Primitives "$root"/Sources/Primitives/*.swift
compile MerkleLog "$root"/Sources/MerkleLog/*.swift
compile LinlianBrowser "$root"/Wasm/Sources/*.swift
"$clang" --target="$target" -Oz -mbulk-memory -nostdlib -ffreestanding -fno-builtin -c "$root/Wasm/allocator.c" \
    -o "$work/allocator.o"

mkdir -p "$root/Artifacts"
"$wasm_ld" --no-entry --gc-sections --strip-all --stack-first -z stack-size=262144 \
    --export=linlian_alloc --export=linlian_free --export=linlian_sha256 --export=linlian_verify_inclusion \
    --export=linlian_verify_state --export=linlian_receipt_questions --export=linlian_receipt_verdict \
    "$work"/*.o -o "$root/Artifacts/linlian.wasm"
echo "$root/Artifacts/linlian.wasm"
