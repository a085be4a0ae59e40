#!/usr/bin/env bash
# Shows that `make module` makes a module that builds, passes its own tests and is listed, in a copy of the tree.
# In CI the copy builds into this package's .build, where the dependencies are compiled already; elsewhere it keeps a
# build folder of its own, so that nobody's next build begins anew.
set -euo pipefail
cd "$(dirname "$0")/.."
root=$PWD
name=Scaffolded

copy=$root/.build-new-module/tree
scratch=$root/.build-new-module/build
[ "${CI:-}" != true ] || scratch=$root/.build
rm -rf "$copy"
mkdir -p "$copy"
cp -pr Package.swift .swift-format Scripts Sources Modules Tests "$copy/"
[ ! -f Package.resolved ] || cp -p Package.resolved "$copy/"
cd "$copy"

fail() {
    echo "new-module: $1" >&2
    exit 1
}

# Names that must be refused leave no trace.
before=$(find . -type f -exec sha256sum {} + | sort)
for bad in '' a lower 'Two Words' ../Escape Na_me Registry App Ledger Motions "$(printf 'A%.0s' {1..40})"; do
    if Scripts/new-module.sh "$bad" 2>/dev/null; then fail "the name '$bad' was not refused"; fi
done
[ "$before" = "$(find . -type f -exec sha256sum {} + | sort)" ] || fail "a refused name left a trace"

Scripts/new-module.sh "$name"
if Scripts/new-module.sh "$name" 2>/dev/null; then fail "an existing module was made again"; fi
swift format lint --strict --recursive --configuration .swift-format "Modules/$name" Sources/AppCatalog Sources/ContractCatalog
[ "$(diff -r "$root/Sources" Sources | grep -c '^>')" -eq 4 ] || fail "the core changed in more than four lines"
[ "$(diff "$root/Package.swift" Package.swift | grep -c '^[<>]')" -eq 1 ] || fail "Package.swift changed in more than one line"

# The other modules' tests have been run; only the new one's are built.
echo "package.targets.removeAll { \$0.type == .test && \$0.name != \"${name}Tests\" }" >>Package.swift
build=(--scratch-path "$scratch")
swift build "${build[@]}" --explicit-target-dependency-import-check error --build-tests
swift test "${build[@]}" --skip-build --filter "^${name}Tests\\."
"$(swift build "${build[@]}" --show-bin-path)/linlian" modules | grep -qiw "$name" || fail "linlian modules does not list it"
