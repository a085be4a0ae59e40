#!/usr/bin/env bash
# Makes a new domain module from Scripts/new-module.template: usage: Scripts/new-module.sh NAME (or make module NAME=NAME).
# It writes the folder Modules/NAME and one line each into Package.swift and the two catalogs; nothing else changes.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C

refuse() {
    echo "new-module: $1" >&2
    exit 2
}

[ $# -eq 1 ] && [ -n "$1" ] || refuse "give a name: make module NAME=Vouchers"
name=$1
[[ $name =~ ^[A-Z][A-Za-z]{2,29}$ ]] || refuse "$name: a name is one word like Vouchers: a capital, then 2 to 29 letters"
lower=${name,,}
[ ! -e "Modules/$name" ] || refuse "Modules/$name exists already"
[ -z "$(find Modules -mindepth 1 -maxdepth 1 -iname "$name")" ] || refuse "$name differs from another module in case only"
[ ! -e "Tests/${name}Tests" ] || refuse "the target ${name}Tests exists already"

# What the module will own must not be taken: state keys and codes begin with its name, pages lie under it, types are
# named after it.
swift_files() { find Sources Modules -name '*.swift' -print0; }
taken=$(swift_files | xargs -0 grep -hoE "(Reason|code:|missing:)[( ]+\"$lower\\.|\"$lower/" | head -n 1 || true)
[ -z "$taken" ] || refuse "$lower is taken by the core: ${taken}"
case $lower in
ledger | page | field | state | account | amount | json) refuse "$lower is taken by the core" ;;
esac
taken=$(swift_files | xargs -0 grep -hoE "\"/$lower[\"/?]" | head -n 1 || true)
[ -z "$taken" ] || refuse "the address /$lower is taken"
types="(Record${name}Note|${name}(Contract|Limits|Note|NoteLine|NoteRecorded|Tables|Reason|Module|Projection|Queries|ListPage))"
taken=$(swift_files | xargs -0 grep -hoE "(struct|enum|class|actor|protocol|typealias) $types\\b" | head -n 1 || true)
[ -z "$taken" ] || refuse "the name is taken: $taken"

command -v swift >/dev/null || refuse "needs the Swift toolchain on the PATH"

made=$(mktemp -d)
trap 'rm -rf "$made"' EXIT
template=Scripts/new-module.template
while IFS= read -r file; do
    target=$made/module/${file//__Name__/$name}
    target=${target//__name__/$lower}
    mkdir -p "$(dirname "$target")"
    sed -e "s/__Name__/$name/g" -e "s/__name__/$lower/g" "$template/$file" >"$target"
done < <(cd "$template" && find . -type f | sed 's|^\./||')

# insert FILE START END LINE: the line goes before the first END at or after START; both are whole lines.
insert() {
    cp "$1" "$made/edited"
    awk -v start="$2" -v end="$3" -v line="$4" '
        $0 == start { inside = 1 }
        inside && $0 == end { print line; inside = 0; done = 1 }
        { print }
        END { exit !done }
    ' "$1" >"$made/edited" || refuse "$1 has no place for the line: $4"
    mkdir -p "$made/tree/$(dirname "$1")"
    cp "$made/edited" "$made/tree/$1"
}
flags=
if grep -q '    var hasApp = false' Package.swift; then flags=', hasApp: true, hasTests: true'; fi
insert Package.swift 'let modules: [DomainModule] = [' ']' "    DomainModule(name: \"$name\"$flags),"
insert Sources/ContractCatalog/ContractCatalog.swift '    package static let contracts: [any Contract.Type] = [' '    ]' \
    "        ${name}Contract.self,"
sed -i "1i import ${name}Contract" "$made/tree/Sources/ContractCatalog/ContractCatalog.swift"
insert Sources/AppCatalog/AppCatalog.swift '    package static let modules: [any AppModule] = [' '    ]' "        ${name}Module(),"
sed -i "1i import ${name}App" "$made/tree/Sources/AppCatalog/AppCatalog.swift"

# Imports stand in the order of the modules' names, which depends on this one's.
find "$made/module" "$made/tree/Sources" -name '*.swift' | while IFS= read -r file; do
    {
        grep -E '^(package )?import ' "$file" | awk '{ print $NF "\t" $0 }' | sort | cut -f 2
        grep -vE '^(package )?import ' "$file"
    } >"$made/sorted"
    cp "$made/sorted" "$file"
done
swift format format --in-place --configuration .swift-format --recursive "$made/module" "$made/tree/Sources"
# Everything is ready: put it in place.
cp -r "$made/module" "Modules/$name"
(cd "$made/tree" && find . -type f) | while IFS= read -r file; do cp "$made/tree/$file" "$file"; done
cat <<DONE
made Modules/$name and its line in Package.swift, ContractCatalog and AppCatalog
  build it     swift build --target ${name}App
  try it       swift test --filter ${name}Tests
  look at it   make run, then /$lower
DONE
