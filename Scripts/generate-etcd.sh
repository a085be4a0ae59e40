#!/usr/bin/env bash
# Makes Sources/EtcdProtocol/Generated from etcd.proto: after a change of that file, and after a new version of
# swift-protobuf or grpc-swift-protobuf. Needs Debian's protobuf-compiler; the generators are built once from the checkouts.
set -euo pipefail
cd "$(dirname "$0")/.."

command -v protoc >/dev/null || { echo "generate-etcd: needs protoc (apt-get install protobuf-compiler)" >&2; exit 1; }
swift package resolve >/dev/null

generator() { # PACKAGE PRODUCT: builds it and prints its path
    local scratch=$PWD/.build_generators/$1
    swift build --quiet --package-path ".build/checkouts/$1" --scratch-path "$scratch" --product "$2" >&2
    echo "$scratch/debug/$2"
}

messages=$(generator swift-protobuf protoc-gen-swift)
calls=$(generator grpc-swift-protobuf protoc-gen-grpc-swift-2)
options=Visibility=Package,FileNaming=DropPath,UseAccessLevelOnImports=true
cd Sources/EtcdProtocol
protoc -I . --plugin=protoc-gen-swift="$messages" --swift_out=Generated --swift_opt="$options" etcd.proto
protoc -I . --plugin=protoc-gen-grpc-swift-2="$calls" --grpc-swift-2_out=Generated \
    --grpc-swift-2_opt="$options,Server=false,Client=true" etcd.proto
