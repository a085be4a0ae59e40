"""Small networks for the tests: a plan on free ports, the network running, and certificates that it must refuse."""

from __future__ import annotations

import contextlib
import datetime
import random
import socket
import ssl
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

MEMBERS = ("jiedao", "juweihui", "wuye")
OBSERVER = "jianguan"
PARTIES = (*MEMBERS, OBSERVER)
KINDS = ("subdistrict", "residents-committee", "property-manager", "regulator")


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses, below those that the system gives to outgoing connections."""
    found: list[int] = []
    for number in random.sample(range(15_000, 32_000), 1_000):
        with socket.socket() as one, contextlib.suppress(OSError):
            one.bind(("127.0.0.1", number))
            found.append(number)
        if len(found) == count:
            return found
    raise AssertionError("there are no free ports")


GROUPS = (
    "  public: {needed: 2, members: [jiedao, juweihui]}",
    "  owners: {needed: 2, members: [wuye, jianguan]}",
)


def write_parties(path: Path, *, roles: str = "delegate", groups: tuple[str, ...] = GROUPS) -> Path:
    """A plan of three parties with etcd members and one that observes, on ports that nobody uses."""
    ports = iter(free_ports(4 * len(PARTIES)))
    fields = ("node-port", "peer-port", "etcd-client-port", "etcd-peer-port")
    parties = []
    for party, kind in zip(PARTIES, KINDS, strict=True):
        numbers = ", ".join(f"{field}: {next(ports)}" for field in fields)
        more = ", observes: true, member: false, via: [jiedao]" if party == OBSERVER else ""
        parties.append(f"  - {{id: {party}, name: {party}, kind: {kind}, {numbers}{more}}}")
    staff = [f"  - {{party: {party}, title: {party}, roles: [{roles}]}}" for party in PARTIES]
    lines = [
        *("origin: example.org/lane", "name: Lane", "founder: jiedao", "parties:", *parties, "groups:"),
        *groups,
        *("staff:", *staff, ""),
    ]
    path.write_text("\n".join(lines), encoding="utf-8")
    return path


def port(net: Path, party: str, field: str) -> int:
    line = next(line for line in (net / "parties.yaml").read_text().split("\n") if f"id: {party}," in line)
    return int(line.split(f"{field}: ")[1].split(",")[0].rstrip("}"))


class Running:
    """`linlian network up` as a child, with what it says."""

    def __init__(self, binary: Path, net: Path, *options: str):
        self.process = subprocess.Popen(
            [binary, "network", "up", "--network", net, *options],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        )
        self.said: list[str] = []
        self._up = threading.Event()
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line)
            if line.startswith("up after"):
                self._up.set()
        self._up.set()

    def wait_until_up(self) -> None:
        assert self._up.wait(90), self.said
        assert any(line.startswith("up after") for line in self.said), "".join(self.said)


@contextlib.contextmanager
def running(binary: Path, net: Path, *options: str) -> Iterator[Running]:
    network = Running(binary, net, *options)
    try:
        network.wait_until_up()
        yield network
    finally:
        network.process.terminate()
        network.process.wait(40)


def issue(
    folder: Path, name: str, subject: str, authority: tuple[Path, Path] | None, *, starts: int = -1, ends: int = 30
) -> tuple[Path, Path]:
    """A client certificate by an authority of the network, or by one of its own name that nobody knows."""
    now = datetime.datetime.now(datetime.timezone.utc)
    if authority:
        above = x509.load_pem_x509_certificate(authority[0].read_bytes())
        above_key = serialization.load_pem_private_key(authority[1].read_bytes(), None)
        assert isinstance(above_key, ec.EllipticCurvePrivateKey)
        issuer = above.subject
    else:
        above_key = ec.generate_private_key(ec.SECP256R1())
        issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Linlian example.org/lane nodes")])
    key = ec.generate_private_key(ec.SECP256R1())
    made = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, subject)]))
        .issuer_name(issuer)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now + datetime.timedelta(days=starts))
        .not_valid_after(now + datetime.timedelta(days=ends))
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH, ExtendedKeyUsageOID.SERVER_AUTH]), critical=False
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .sign(above_key, hashes.SHA256())
    )
    chain, secret = folder / f"{name}.pem", folder / f"{name}.key"
    chain.write_bytes(made.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return chain, secret


def ask(
    number: int, authority: Path, identity: tuple[Path, Path] | None, version: ssl.TLSVersion, path: str = "/version"
) -> bytes | None:
    """The answer of a port to one HTTP request; None if the connection was refused."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(authority)
    context.check_hostname = False
    context.minimum_version = context.maximum_version = version
    if identity:
        context.load_cert_chain(*identity)
    try:
        with socket.create_connection(("127.0.0.1", number), timeout=10) as plain:
            with context.wrap_socket(plain) as secure:
                # With TLS 1.3 a refusal of the client's certificate comes after the client's own handshake.
                secure.sendall(f"GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n".encode())
                answer = b""
                while part := secure.recv(4_096):
                    answer += part
                return answer or None
    except (ssl.SSLError, ConnectionError):
        return None
