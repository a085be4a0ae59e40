"""A party that turns on the others, with everything a party has: its member's port, its certificate and its keys."""

from __future__ import annotations

import base64
import subprocess
import time
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from network import ETCD_PORT, ORIGIN, PREFIX, Network
from payload import to_base64url

PUT, DELETE, COMPACT = "KV/Put", "KV/DeleteRange", "KV/Compact"
ALARM = "Maintenance/Alarm"
NOSPACE = 1


def field(number: int, value: bytes | int) -> bytes:
    """A field of a protocol buffer: a number or bytes."""
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


def varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes(out) + bytes([value])


def put(key: str, value: bytes) -> tuple[str, bytes]:
    """An etcd PutRequest."""
    return PUT, field(1, key.encode()) + field(2, value)


def delete(key: str) -> tuple[str, bytes]:
    """An etcd DeleteRangeRequest of one key."""
    return DELETE, field(1, key.encode())


def compact(revision: int) -> tuple[str, bytes]:
    """An etcd CompactionRequest, carried out at once."""
    return COMPACT, field(1, revision) + field(2, 1)


def raise_alarm(member: int) -> tuple[str, bytes]:
    """An etcd AlarmRequest: a member says that its disk is full."""
    return ALARM, field(1, 1) + field(2, member) + field(3, NOSPACE)


class Villain:
    """Speaks gRPC to the party's own member, as its node does: `curl` over HTTP/2, one connection for all calls."""

    def __init__(self, network: Network, party: str, scratch: Path):
        self.network = network
        self.party = party
        self.scratch = scratch
        keys = network.node(party) / "keys"
        self.cosigner = ed25519_key(keys / "cosigner.key")
        self.log = ed25519_key(keys / "log.key")
        scratch.mkdir()

    def call(self, calls: list[tuple[str, bytes]]) -> str:
        """Makes the calls one after another; gives what `curl` says of their trailers, one status a line."""
        tls = self.network.node(self.party) / "tls"
        blocks = []
        for number, (method, message) in enumerate(calls):
            body = self.scratch / f"{number}.bin"
            body.write_bytes(b"\0" + len(message).to_bytes(4, "big") + message)
            blocks.append(
                f'url = "https://127.0.0.1:{ETCD_PORT}/etcdserverpb.{method}"\n'
                f'cacert = "{tls}/ca.pem"\ncert = "{tls}/etcd.pem"\nkey = "{tls}/etcd.key"\nhttp2\nsilent\nshow-error\n'
                f'header = "content-type: application/grpc"\nheader = "te: trailers"\ndata-binary = "@{body}"\n'
                'output = "/dev/null"\ndump-header = "-"\nmax-time = 10\n'
            )
        config = self.scratch / "calls"
        config.write_text("next\n".join(blocks))
        done = subprocess.run(
            [*self.network.lan.within(self.party), "curl", "--config", config], capture_output=True, text=True,
            timeout=60, check=False,
        )
        assert done.returncode == 0, done.stderr
        heads = done.stdout.lower()
        assert heads.count("http/2 200") == len(calls), heads[-500:]
        return heads

    def do(self, *calls: tuple[str, bytes]) -> None:
        """Makes calls that etcd must carry out."""
        said = self.call(list(calls))
        refused = [line for line in said.splitlines() if line.startswith("grpc-status") and not line.endswith(" 0")]
        assert not refused, said[-500:]

    # ------------------------------------------------------------ batches and checkpoints

    def key(self, batch: bytes) -> str:
        return f"{PREFIX}/batches/{self.party}/{sha256(batch).hexdigest()}"

    def batch(self, clock: int, texts: list[bytes], *, party: str = "", key: Ed25519PrivateKey | None = None) -> bytes:
        """A batch as a node makes it (`Sources/Ordering/Batch.swift`), by any party and key."""
        payload = b"".join(b"%d\n" % len(text) + text for text in texts)
        lines = (
            f"linlian/batch/v1\n{ORIGIN}\n{party or self.party}\n{clock}\n{len(texts)}\n"
            f"{sha256(payload).hexdigest()}\n"
        ).encode()
        return lines + to_base64url((key or self.cosigner).sign(lines)).encode() + b"\n" + payload

    def checkpoint(self, size: int, root: bytes) -> bytes:
        """A checkpoint of any log, signed by the log's key and cosigned by the party's."""
        text = f"{ORIGIN}\n{size}\n{base64.b64encode(root).decode()}\n".encode()
        now = int(time.time())
        cosigned = now.to_bytes(8, "big") + self.cosigner.sign(b"cosignature/v1\ntime %d\n" % now + text)
        return (
            text + b"\n" + signature(ORIGIN, 1, self.log, self.log.sign(text))
            + signature(f"{ORIGIN}/{self.party}", 4, self.cosigner, cosigned)
        )


def ed25519_key(path: Path) -> Ed25519PrivateKey:
    algorithm, text = path.read_text().split()
    assert algorithm == "EdDSA"
    return Ed25519PrivateKey.from_private_bytes(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))


def signature(name: str, kind: int, key: Ed25519PrivateKey, value: bytes) -> bytes:
    """A line of a C2SP signed note."""
    public = bytes([kind]) + key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    id = sha256(name.encode() + b"\n" + public).digest()[:4]
    return f"— {name} {base64.b64encode(id + value).decode()}\n".encode()
