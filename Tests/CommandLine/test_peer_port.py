"""The port where nodes ask each other: who is let in, and renewed certificates without a restart."""

from __future__ import annotations

import os
import re
import socket
import ssl
import subprocess
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from acts import ask as page
from acts import get_json, hand_in, is_final, no_matter, until
from conftest import Run
from cryptography import x509
from networks import MEMBERS, PARTIES, ask, issue, port, running, write_parties

VERSIONS = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])


@pytest.fixture(scope="module")
def net(run: Run, binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("peers")
    run("network", "init", "--parties", write_parties(folder / "parties.yaml"), "--out", folder / "net")
    with running(binary, folder / "net"):
        yield folder / "net"


def node(net: Path, party: str) -> tuple[Path, Path]:
    tls = net / party / "node/tls"
    return tls / "node.pem", tls / "node.key"


@VERSIONS
def test_strangers_are_refused(net: Path, tmp_path: Path, version: ssl.TLSVersion) -> None:
    number = port(net, "juweihui", "peer-port")
    trusted, secret = net / "authority/ca.pem", net / "authority/ca.key"
    members = net / "authority/members.pem", net / "authority/members.key"
    # The same request with the right certificate is answered, so a refusal is the certificate's.
    answer = ask(number, trusted, node(net, "wuye"), version)
    assert answer and answer.startswith(b"HTTP/1.1 ")
    assert ask(number, trusted, issue(tmp_path, "good", "wuye", (trusted, secret)), version)
    refused = {
        "no certificate": None,
        "a foreign authority of the same name": issue(tmp_path, "foreign", "wuye", None),
        "expired": issue(tmp_path, "expired", "wuye", (trusted, secret), starts=-9, ends=-1),
        "not yet valid": issue(tmp_path, "early", "wuye", (trusted, secret), starts=1, ends=9),
        "of the etcd members' authority": issue(tmp_path, "member", "wuye", members),
        "an etcd member's own": (net / "wuye/etcd/tls/peer.pem", net / "wuye/etcd/tls/peer.key"),
    }
    for why, identity in refused.items():
        assert ask(number, trusted, identity, version) is None, why
    # It serves on.
    assert ask(number, trusted, node(net, "wuye"), version)


def test_a_stolen_certificate_without_its_key_is_worth_nothing(net: Path, tmp_path: Path) -> None:
    chain, _ = node(net, "wuye")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    _, other = issue(tmp_path, "other", "wuye", None)
    with pytest.raises(ssl.SSLError):
        context.load_cert_chain(chain, other)


def test_old_protocols_and_plain_text_are_refused(net: Path) -> None:
    number = port(net, "wuye", "peer-port")
    said = subprocess.run(
        ["openssl", "s_client", "-connect", f"127.0.0.1:{number}", "-tls1_1", "-cipher", "ALL@SECLEVEL=0"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False,
    )
    assert "Cipher is (NONE)" in said.stdout
    with pytest.raises(OSError):
        urllib.request.urlopen(f"http://127.0.0.1:{number}/healthz", timeout=10)


def test_what_is_not_final_is_for_other_nodes_only(net: Path) -> None:
    """What a node has executed may be taken back, so it is on the port for nodes, and not where everybody may ask."""
    trusted = net / "authority/ca.pem"
    version = ssl.TLSVersion.TLSv1_3
    number = port(net, "juweihui", "peer-port")
    tip = ask(number, trusted, node(net, "wuye"), version, "/api/v1/peer/tip")
    assert tip and b"200 OK" in tip and b"\r\n\r\nlinlian/tip/v1\nheight " in tip, tip
    size = re.search(rb"\nsize (\d+)\n", tip)
    assert size
    # Nothing is waiting, so there is nothing after the end; before it everything is final, and public.
    for after, status in ((int(size[1]), b"200 OK"), (0, b"404 "), ("x", b"400 "), (2**70, b"400 ")):
        said = ask(number, trusted, node(net, "wuye"), version, f"/api/v1/peer/open?after={after}")
        assert said and said.startswith(b"HTTP/1.1 " + status), (after, said)
    for path in ("/api/v1/peer/tip", "/api/v1/peer/open?after=0"):
        assert page(net, "juweihui", path)[0] == 404, path


def test_pages_are_for_this_machine_only(net: Path) -> None:
    """The listening sockets of a node: pages on the loopback address, whatever other addresses the machine has."""
    wanted = {f"{port(net, party, 'node-port'):04X}" for party in PARTIES}
    found = {}
    for name in ("tcp", "tcp6"):
        for line in Path(f"/proc/net/{name}").read_text().splitlines()[1:]:
            fields = line.split()
            address, number = fields[1].split(":")
            if fields[3] == "0A" and number in wanted:
                found[number] = address
    assert set(found) == wanted
    assert set(found.values()) == {"0100007F"}, found


def serial(number: int, trusted: Path, identity: tuple[Path, Path]) -> int:
    """The serial number of the certificate that a peer port serves."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.load_verify_locations(trusted)
    context.check_hostname = False
    context.load_cert_chain(*identity)
    with socket.create_connection(("127.0.0.1", number), timeout=10) as plain:
        with context.wrap_socket(plain) as secure:
            found = secure.getpeercert(binary_form=True)
    assert found
    return x509.load_der_x509_certificate(found).serial_number


def pids(net: Path) -> set[int]:
    listed = subprocess.run(["ps", "-wweo", "pid=,args="], capture_output=True, text=True, check=True).stdout
    numbers = {str(port(net, party, "node-port")) for party in PARTIES}
    return {
        int(line.split()[0]) for line in listed.splitlines() if "serve --data node" in line and line.split()[-1] in numbers
    }


def test_renewed_certificates_are_used_without_a_restart(net: Path, run: Run, tmp_path: Path) -> None:
    trusted = net / "authority/ca.pem"
    number = port(net, "wuye", "peer-port")
    # The old identity of another node is valid until it ends.
    old = tuple((tmp_path / path.name) for path in node(net, "jiedao"))
    for source, target in zip(node(net, "jiedao"), old, strict=True):
        target.write_bytes(source.read_bytes())
    own = lambda: x509.load_pem_x509_certificate(node(net, "wuye")[0].read_bytes()).serial_number  # noqa: E731
    before, running_before = own(), pids(net)
    assert serial(number, trusted, old) == before and len(running_before) == len(PARTIES)
    assert "without a restart" in run("network", "certificates", "--network", net, "--renew").stdout
    assert own() != before
    assert serial(number, trusted, old) == own() and serial(number, trusted, node(net, "jiedao")) == own()
    # Half a renewal, a certificate without its key, changes nothing.
    chain, key = node(net, "wuye")
    whole = chain.read_bytes()
    other, _ = issue(tmp_path, "half", "wuye", (trusted, net / "authority/ca.key"))
    chain.with_suffix(".new").write_bytes(other.read_bytes())
    os.replace(chain.with_suffix(".new"), chain)
    kept = x509.load_pem_x509_certificate(whole).serial_number
    assert serial(number, trusted, old) == kept
    chain.with_suffix(".new").write_bytes(whole)
    os.replace(chain.with_suffix(".new"), chain)
    assert serial(number, trusted, old) == kept
    # And the network works with them.
    for party in MEMBERS:
        id, text = no_matter(net, party)
        assert hand_in(net, party, text)[0] == 200
        until(f"{party}'s act is everywhere", lambda: all(is_final(net, other, id) for other in PARTIES))
    assert pids(net) == running_before


def test_a_new_authority_beside_the_old_one_is_used_without_a_restart(net: Path, tmp_path: Path) -> None:
    """As the runbook says where an authority is lost to a thief."""
    new = tmp_path / "authority"
    new.mkdir()
    key, chain = new / "ca.key", new / "ca.pem"
    subprocess.run(
        [
            *("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"),
            *("-keyout", key, "-out", chain, "-days", "90", "-subj", "/CN=Linlian nodes 2"),
            *("-addext", "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign"),
        ],
        check=True, capture_output=True, timeout=30,
    )
    trusted = net / "authority/ca.pem"
    number = port(net, "wuye", "peer-port")
    mine = issue(tmp_path, "mine", "jiedao", (chain, key))
    for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
        assert ask(number, trusted, mine, version) is None
    own = net / "wuye/node/tls/ca.pem"
    before = own.read_bytes()
    own.with_suffix(".new").write_bytes(before + chain.read_bytes())
    os.replace(own.with_suffix(".new"), own)
    try:
        for version in (ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3):
            assert ask(number, trusted, mine, version)
            assert ask(number, trusted, node(net, "jiedao"), version)
    finally:
        own.with_suffix(".new").write_bytes(before)
        os.replace(own.with_suffix(".new"), own)
    assert ask(number, trusted, mine, ssl.TLSVersion.TLSv1_3) is None


def warnings(net: Path, at: str) -> dict[str, bool]:
    """Whose certificates a node warns of, on its health board; the other two places must say the same."""

    def read() -> dict[str, tuple[bool, int | None]]:
        nodes = get_json(net, at, "/api/v1/health")["nodes"]
        return {node["party"]: ("certificate" in node["alarms"], node.get("certificateEnd")) for node in nodes}

    # The others tell how they are every few seconds: only what did not change meanwhile can be compared.
    for _ in range(20):
        before = read()
        metrics = page(net, at, "/metrics")[1].decode()
        shown = page(net, at, "/supervision", Accept_Language="en")[1].decode()
        if read() == before:
            break
    else:
        raise AssertionError("it never stood still")
    told = {party: warned for party, (warned, _) in before.items()}
    for party, warned in told.items():
        end = before[party][1]
        if end is not None:
            assert f'linlian_certificate_warning{{party="{party}"}} {int(warned)}\n' in metrics, metrics
            assert f'linlian_certificate_end_seconds{{party="{party}"}} {end // 1_000}\n' in metrics, metrics
    assert ("Certificates are about to end" in shown) == any(told.values())
    return told


def test_certificates_warn_thirty_days_before(run: Run, binary: Path, tmp_path: Path) -> None:
    net = tmp_path / "net"
    run("network", "init", "--parties", write_parties(tmp_path / "parties.yaml"), "--out", net, "--days", "90")
    with running(binary, net):
        heard = lambda: all("certificateEnd" in n for n in get_json(net, "jiedao", "/api/v1/health")["nodes"])  # noqa: E731
        until("all have told how they are", heard)
        assert not any(warnings(net, "jiedao").values())
        # One certificate after another comes near its end, whoever uses it: node to etcd, node to node, etcd itself.
        for name in ("node/tls/etcd", "node/tls/node", "etcd/tls/peer", "etcd/tls/server"):
            authority = net / "authority" / ("members" if name.endswith("peer") else "ca")
            signer = authority.with_suffix(".pem"), authority.with_suffix(".key")
            places = [(net / f"wuye/{name}").with_suffix(end) for end in (".pem", ".key")]
            whole = [path.read_bytes() for path in places]

            def put(days: int) -> None:
                for path, made in zip(places, issue(tmp_path, "short", "wuye", signer, ends=days), strict=True):
                    path.write_bytes(made.read_bytes())

            try:
                put(31)
                assert not warnings(net, "wuye")["wuye"]
                put(29)
                assert warnings(net, "wuye")["wuye"]
                until(f"jiedao warns of {name}", lambda: warnings(net, "jiedao") == {p: p == "wuye" for p in PARTIES})
            finally:
                for path, text in zip(places, whole, strict=True):
                    path.write_bytes(text)
            until("all is well again", lambda: not any(warnings(net, "jiedao").values()))
