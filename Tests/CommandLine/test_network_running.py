"""A network that runs: who is let in at etcd's ports, who may write what, and that nothing is left behind."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Run
from networks import MEMBERS, OBSERVER, PARTIES, Running, ask, issue, port, running, write_parties

PREFIX = "/linlian/example.org/lane"


@pytest.fixture(scope="module")
def net(run: Run, binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    for tool in ("etcd", "etcdctl", "openssl", "setpriv"):
        assert shutil.which(tool), f"needs {tool}"
    folder = tmp_path_factory.mktemp("running")
    run("network", "init", "--parties", write_parties(folder / "parties.yaml"), "--out", folder / "net")
    with running(binary, folder / "net") as network:
        assert network.process.poll() is None
        yield folder / "net"
        # Nothing has ended by itself meanwhile.
        assert not [line for line in network.said if "ended with" in line or "killed" in line], network.said


def etcdctl(net: Path, identity: tuple[Path, Path], *words: str, party: str = "jiedao") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [
            *("etcdctl", "--endpoints", f"127.0.0.1:{port(net, party, 'etcd-client-port')}"),
            *("--cacert", net / "authority/ca.pem", "--cert", identity[0], "--key", identity[1]),
            *("--command-timeout", "3s", "--dial-timeout", "2s", *words),
        ],
        capture_output=True, text=True, timeout=30, check=False, env={**os.environ, "ETCDCTL_API": "3"},
    )


def own(net: Path, party: str) -> tuple[Path, Path]:
    tls = net / party / "node/tls"
    return tls / "etcd.pem", tls / "etcd.key"


def peer(net: Path, party: str) -> tuple[Path, Path]:
    tls = net / party / "etcd/tls"
    return tls / "peer.pem", tls / "peer.key"


def test_all_are_up(net: Path) -> None:
    for party in PARTIES:
        with urllib.request.urlopen(f"http://127.0.0.1:{port(net, party, 'node-port')}/healthz", timeout=20) as answer:
            assert answer.status == 200
    members = etcdctl(net, own(net, OBSERVER), "member", "list").stdout
    assert {line.split(", ")[2] for line in members.splitlines()} == set(MEMBERS)


def test_an_act_is_final_everywhere(net: Path, run: Run) -> None:
    # Refused for what it asks, and recorded like every act that was ordered.
    text = run(
        *("act", "constitution.withdraw", "--body", '{"proposal":"p1"}', "--key", "wuye"),
        *("--data", net / "wuye/node", "--print"),
    ).stdout
    request = urllib.request.Request(
        f"http://127.0.0.1:{port(net, 'wuye', 'node-port')}/api/v1/transactions", data=text.encode(),
        headers={"Content-Type": "text/plain"},
    )
    with urllib.request.urlopen(request, timeout=30) as answer:
        told = json.loads(answer.read())
    assert told["code"] == "constitution.proposalUnknown"

    def heights() -> set[int]:
        found = set()
        for party in PARTIES:
            address = f"http://127.0.0.1:{port(net, party, 'node-port')}"
            with urllib.request.urlopen(address + "/healthz", timeout=20) as answer:
                found.add(json.loads(answer.read())["height"])
        return found

    for _ in range(100):
        if heights() == {told["height"]}:
            break
        time.sleep(0.2)
    assert heights() == {told["height"]}


VERSIONS = pytest.mark.parametrize("version", [ssl.TLSVersion.TLSv1_2, ssl.TLSVersion.TLSv1_3], ids=["1.2", "1.3"])


@VERSIONS
@pytest.mark.parametrize("kind", ["client", "peer"])
def test_strangers_are_refused(net: Path, tmp_path: Path, kind: str, version: ssl.TLSVersion) -> None:
    name = {"client": "ca", "peer": "members"}[kind]
    trusted, secret = net / f"authority/{name}.pem", net / f"authority/{name}.key"
    number = port(net, "juweihui", f"etcd-{kind}-port")
    mine = {"client": own(net, "juweihui"), "peer": peer(net, "juweihui")}[kind]
    other = {"client": peer(net, "juweihui"), "peer": own(net, "juweihui")}[kind]
    subject = {"client": "juweihui", "peer": "etcd member juweihui"}[kind]
    # The same request with the right certificate is answered, so a refusal is the certificate's.
    answer = ask(number, trusted, mine, version)
    assert answer and b"etcdserver" in answer
    good = issue(tmp_path, "good", subject, (trusted, secret))
    if kind == "client":
        assert ask(number, trusted, good, version)
    refused = {
        "no certificate": None,
        "a foreign authority": issue(tmp_path, "foreign", subject, None),
        "expired": issue(tmp_path, "expired", subject, (trusted, secret), starts=-9, ends=-1),
        "not yet valid": issue(tmp_path, "early", subject, (trusted, secret), starts=1, ends=9),
        "of the other port": other,
    }
    for why, identity in refused.items():
        assert ask(number, trusted, identity, version) is None, why


def test_old_protocols_and_plain_text_are_refused(net: Path) -> None:
    for kind in ("client", "peer"):
        number = port(net, "wuye", f"etcd-{kind}-port")
        said = subprocess.run(
            ["openssl", "s_client", "-connect", f"127.0.0.1:{number}", "-tls1_1", "-cipher", "ALL@SECLEVEL=0"],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=20, check=False,
        )
        assert "alert protocol version" in said.stderr and "Cipher is (NONE)" in said.stdout
        with pytest.raises(OSError):
            urllib.request.urlopen(f"http://127.0.0.1:{number}/version", timeout=10)


def test_etcdctl_of_strangers_is_refused(net: Path, tmp_path: Path) -> None:
    authority = (net / "authority/ca.pem", net / "authority/ca.key")
    for identity in (
        issue(tmp_path, "foreign", "wuye", None),
        issue(tmp_path, "expired", "wuye", authority, starts=-9, ends=-1),
    ):
        assert etcdctl(net, identity, "get", PREFIX + "/x").returncode != 0
    # A certificate of the authority without a user gets in, and may read and write nothing.
    said = etcdctl(net, issue(tmp_path, "nobody", "nobody", authority), "get", PREFIX + "/x")
    assert said.returncode != 0 and "permission denied" in said.stderr


def test_nobody_writes_for_another(net: Path) -> None:
    def put(party: str, key: str) -> bool:
        said = etcdctl(net, own(net, party), "put", PREFIX + key, "x", party="jiedao" if party == OBSERVER else party)
        assert said.returncode == 0 or "permission denied" in said.stderr, said.stderr
        return said.returncode == 0

    for party in MEMBERS:
        assert put(party, f"/batches/{party}/test") and put(party, f"/statements/{party}/test")
    assert put(OBSERVER, f"/statements/{OBSERVER}/test") and not put(OBSERVER, f"/batches/{OBSERVER}/test")
    for party, other in (("wuye", "jiedao"), ("jiedao", "wuye"), (OBSERVER, "wuye")):
        assert not put(party, f"/batches/{other}/test") and not put(party, f"/statements/{other}/test")
        assert not put(party, "/other") and not put(party, f"/batches/{other}0/test")
    # Everyone reads everything of the ledger, and nothing else.
    for party in PARTIES:
        read = etcdctl(net, own(net, party), "get", "--prefix", PREFIX + "/", "--keys-only")
        assert {f"{PREFIX}/batches/{member}/test" for member in MEMBERS} < set(read.stdout.split())
        assert {f"{PREFIX}/statements/{member}/test" for member in PARTIES} < set(read.stdout.split())
        assert etcdctl(net, own(net, party), "get", "/").returncode != 0
        assert etcdctl(net, own(net, party), "user", "list").returncode != 0
    said = etcdctl(net, own(net, "wuye"), "del", f"{PREFIX}/batches/jiedao/test")
    assert said.returncode != 0 and "permission denied" in said.stderr


def test_the_administrator_is_root_and_the_gateway_is_off(net: Path) -> None:
    root = (net / "jiedao/administration/root.pem", net / "jiedao/administration/root.key")
    assert set(etcdctl(net, root, "user", "list").stdout.split()) == {"root", *PARTIES}
    # Users are made once; a second time changes nothing.
    again = subprocess.run(
        ["sh", net / "jiedao/administration/roles.sh"], capture_output=True, text=True, timeout=60, check=False
    )
    assert again.returncode == 0, again.stderr
    context = ssl.create_default_context(cafile=str(net / "authority/ca.pem"))
    context.load_cert_chain(*own(net, "jiedao"))
    number = port(net, "jiedao", "etcd-client-port")
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(f"https://127.0.0.1:{number}/v3/kv/range", data=b"{}", context=context, timeout=10)
    assert refused.value.code == 404


def test_etcd_takes_renewed_certificates_by_itself(net: Path, run: Run) -> None:
    before = ssl.get_server_certificate(("127.0.0.1", port(net, "wuye", "etcd-client-port")))
    run("network", "certificates", "--network", net, "--renew", "--party", "wuye")
    after = ssl.get_server_certificate(("127.0.0.1", port(net, "wuye", "etcd-client-port")))
    assert before != after
    assert etcdctl(net, own(net, "wuye"), "endpoint", "health", party="wuye").returncode == 0


def children(pid: int) -> list[int]:
    listed = subprocess.run(["ps", "-o", "pid=", "--ppid", str(pid)], capture_output=True, text=True, check=False)
    return [int(word) for word in listed.stdout.split()]


def is_alive(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state != "Z"


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT, signal.SIGKILL])
def test_nothing_is_left_behind(run: Run, binary: Path, tmp_path: Path, how: signal.Signals) -> None:
    net = tmp_path / "net"
    run("network", "init", "--parties", write_parties(tmp_path / "parties.yaml"), "--out", net)
    network = Running(binary, net)
    network.wait_until_up()
    started = children(network.process.pid)
    assert len(started) == len(MEMBERS) + len(PARTIES)
    if how == signal.SIGTERM:
        # A node that ends is told about, and the others go on.
        number = port(net, "wuye", "node-port")
        victim = next(pid for pid in started if f"--port\0{number}\0" in Path(f"/proc/{pid}/cmdline").read_text())
        os.kill(victim, signal.SIGKILL)
        for _ in range(100):
            if any("node of wuye killed by signal 9" in line for line in network.said):
                break
            time.sleep(0.1)
        else:
            pytest.fail("nothing was said: " + "".join(network.said))
        assert is_alive(network.process.pid)
    network.process.send_signal(how)
    assert network.process.wait(40) == (-signal.SIGKILL if how == signal.SIGKILL else 0), network.said
    # etcd's last leader looks for a successor for some seconds.
    for _ in range(200):
        if not any(map(is_alive, started)):
            break
        time.sleep(0.1)
    assert not [pid for pid in started if is_alive(pid)]


def set_everywhere(net: Path, parties: tuple[str, ...], field: str, value: str) -> None:
    for party in parties:
        path = net / party / "etcd/etcd.conf.yml"
        path.write_text(re.sub(rf"^{field}: .*", f"{field}: {value}", path.read_text(), flags=re.MULTILINE))


def test_the_runbook_replaces_a_lost_member_and_a_lost_etcd(run: Run, binary: Path, tmp_path: Path) -> None:
    net = tmp_path / "net"
    run("network", "init", "--parties", write_parties(tmp_path / "parties.yaml"), "--out", net)
    root = (net / "jiedao/administration/root.pem", net / "jiedao/administration/root.key")
    key = PREFIX + "/batches/jiedao/1"

    def patiently(*words: str) -> None:
        """etcd wants to have been healthy for some seconds before its members change; its leader may just have left."""
        for _ in range(60):
            said = etcdctl(net, root, *words)
            # What was not heard of in time may have been done.
            if said.returncode == 0 or "not found" in said.stderr or "exists" in said.stderr:
                return
            time.sleep(0.25)
        pytest.fail(f"{words}: {said.stderr}")

    def members() -> dict[str, str]:
        rows = [line.split(", ") for line in etcdctl(net, root, "member", "list").stdout.splitlines()]
        return {row[2]: row[0] for row in rows if row[1] == "started"}

    # Two machines, so to speak: one of them loses its disk while the other goes on.
    with running(binary, net, "--only", "jiedao,juweihui,jianguan"):
        with running(binary, net, "--only", "wuye"):
            assert etcdctl(net, own(net, "jiedao"), "put", key, "x").returncode == 0
            before = members()
            assert set(before) == set(MEMBERS)
        shutil.rmtree(net / "wuye/etcd/data")
        patiently("member", "remove", before["wuye"])
        patiently("member", "add", "wuye", f"--peer-urls=https://127.0.0.1:{port(net, 'wuye', 'etcd-peer-port')}")
        set_everywhere(net, ("wuye",), "initial-cluster-state", "existing")
        with running(binary, net, "--only", "wuye"):
            after = members()
            assert set(after) == set(MEMBERS) and after["wuye"] != before["wuye"]
            assert etcdctl(net, own(net, "wuye"), "get", key, "--print-value-only", party="wuye").stdout.strip() == "x"

    # All of etcd is lost: a new one, under a new token.
    for party in MEMBERS:
        shutil.rmtree(net / party / "etcd/data")
    set_everywhere(net, MEMBERS, "initial-cluster-state", "new")
    set_everywhere(net, MEMBERS, "initial-cluster-token", "example.org/lane-2")
    with running(binary, net):
        assert set(members()) == set(MEMBERS)
        assert etcdctl(net, own(net, "wuye"), "put", key, "y").returncode != 0
        for party in PARTIES:
            address = f"http://127.0.0.1:{port(net, party, 'node-port')}/healthz"
            assert urllib.request.urlopen(address, timeout=20).status == 200


def test_a_port_that_is_taken_is_named(net: Path, run: Run) -> None:
    said = run("network", "up", "--network", net, "--seconds", "1", code=1).stderr
    assert f"{port(net, 'jiedao', 'node-port')}, the node-port of jiedao, is taken" in said
    assert "there is no party nobody" in run("network", "up", "--network", net, "--only", "nobody", code=1).stderr
    assert "parties.yaml" in run("network", "up", "--network", net / "wuye", code=1).stderr
