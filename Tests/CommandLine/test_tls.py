"""`linlian serve` over HTTPS: with a real certificate, with modern protocols only, and with words for what is wrong."""

from __future__ import annotations

import datetime
import http.client
import socket
import ssl
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from conftest import Run, served
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


def write_certificate(folder: Path, name: str) -> tuple[Path, Path]:
    """A certificate for this machine that signs itself, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    now = datetime.datetime.now(datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=2))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    chain, secret = folder / f"{name}.pem", folder / f"{name}.key"
    chain.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
        )
    )
    return chain, secret


@pytest.fixture
def certificate(tmp_path: Path) -> tuple[Path, Path]:
    return write_certificate(tmp_path, "node")


def port_of(address: str) -> int:
    port = urlsplit(address).port
    assert port
    return port


def test_https_answers_and_tells_browsers_to_stay(
    binary: Path, grown: Path, certificate: tuple[Path, Path]
) -> None:
    chain, key = certificate
    with served(binary, grown, "--tls-certificate", chain, "--tls-key", key) as address:
        assert address.startswith("https://")
        trust = ssl.create_default_context(cafile=str(chain))
        connection = http.client.HTTPSConnection("localhost", port_of(address), context=trust, timeout=20)
        connection.request("GET", "/")
        answer = connection.getresponse()
        assert answer.status == 200 and b"<html" in answer.read()
        assert "max-age=" in (answer.headers["Strict-Transport-Security"] or "")
        # The same connection serves on, with the public log.
        connection.request("GET", "/checkpoint")
        assert connection.getresponse().read().startswith(b"example.org/lane\n")
        connection.close()


@pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3])
def test_modern_protocols(
    binary: Path, grown: Path, certificate: tuple[Path, Path], version: ssl.TLSVersion
) -> None:
    chain, key = certificate
    with served(binary, grown, "--tls-certificate", chain, "--tls-key", key) as address:
        trust = ssl.create_default_context(cafile=str(chain))
        trust.minimum_version = trust.maximum_version = version
        with socket.create_connection(("127.0.0.1", port_of(address)), timeout=20) as plain:
            with trust.wrap_socket(plain, server_hostname="localhost") as secure:
                assert secure.version() == version.name.replace("_", ".")


def test_old_protocols_and_plain_text_are_refused(
    binary: Path, grown: Path, certificate: tuple[Path, Path]
) -> None:
    chain, key = certificate
    with served(binary, grown, "--tls-certificate", chain, "--tls-key", key) as address:
        # TLS 1.1 is too old for Python as well, so the hello is written by hand: version 3.2 and nothing newer.
        suites = bytes.fromhex("c009c013c00ac014002f0035")
        body = b"\x03\x02" + bytes(32) + b"\x00" + len(suites).to_bytes(2, "big") + suites + b"\x01\x00"
        shake = b"\x01" + len(body).to_bytes(3, "big") + body
        hello = b"\x16\x03\x01" + len(shake).to_bytes(2, "big") + shake
        for sent in (hello, b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n"):
            with socket.create_connection(("127.0.0.1", port_of(address)), timeout=20) as plain:
                plain.sendall(sent)
                # An alert (record type 21) or the end of the connection, never an answer.
                answer = plain.recv(4_096)
                assert answer == b"" or answer[0] == 21
        # It serves on.
        trust = ssl.create_default_context(cafile=str(chain))
        connection = http.client.HTTPSConnection("localhost", port_of(address), context=trust, timeout=20)
        connection.request("GET", "/healthz")
        assert connection.getresponse().status == 200
        connection.close()


def test_a_key_that_does_not_fit_is_named(
    run: Run, grown: Path, certificate: tuple[Path, Path], tmp_path: Path
) -> None:
    chain, _ = certificate
    _, other = write_certificate(tmp_path, "other")
    garbage = tmp_path / "garbage.pem"
    garbage.write_text("not a certificate", encoding="utf-8")
    missing = tmp_path / "missing.pem"
    for pair in ((chain, other), (garbage, other), (missing, other)):
        said = run("serve", "--data", grown, "--port", "0", "--tls-certificate", pair[0], "--tls-key", pair[1], code=None)
        assert said.returncode in (1, 70), said
        assert "--tls-certificate" in said.stderr, said.stderr
    assert run("serve", "--data", grown, "--tls-certificate", chain, code=64).stderr.count("go together")
