"""`linlian network`: what `init` writes, what it refuses, and certificates."""

from __future__ import annotations

import hashlib
import json
import re
import shutil
import stat
from pathlib import Path

import pytest
from conftest import Run, verified
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID, ExtensionOID, NameOID
from networks import OBSERVER, PARTIES, write_parties


@pytest.fixture(scope="module")
def made(run: Run, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("network")
    run("network", "init", "--parties", write_parties(folder / "parties.yaml"), "--out", folder / "net")
    return folder / "net"


def certificate(path: Path) -> x509.Certificate:
    return x509.load_pem_x509_certificate(path.read_bytes())


def digest(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def test_every_party_has_its_folder(made: Path) -> None:
    for party in PARTIES:
        node = made / party / "node"
        for name in ("node.json", "network.json", "policy", "ledger.sqlite", "keys/log.key", "keys/cosigner.key"):
            assert (node / name).is_file(), f"{party}: {name}"
        assert json.loads((node / "node.json").read_text())["party"] == party
        assert (made / party / "systemd/linlian-node.service").is_file()
        assert (made / party / "etcd/etcd.conf.yml").is_file() == (party != OBSERVER)
        assert (node / "policy").read_bytes() == (made / "policy").read_bytes()
    for paper in ("README.md", "runbook.md", "threat-model.md"):
        assert len((made / paper).read_text()) > 1_000
    policy = (made / "policy").read_text()
    assert len(re.findall(r"^witness ", policy, re.MULTILINE)) == len(PARTIES)
    assert re.search(r"^group owners 2 wuye jianguan$", policy, re.MULTILINE)


def test_secrets_are_their_owners_only(made: Path) -> None:
    keys = [*made.rglob("*.key")]
    assert len(keys) > 20
    for key in keys:
        assert stat.S_IMODE(key.stat().st_mode) == 0o600, key
    for folder in [made, *(path for path in made.rglob("*") if path.is_dir())]:
        assert stat.S_IMODE(folder.stat().st_mode) == 0o700, folder
    # The log's key is one; every party has a cosigner's key of its own, and only its own staff's keys.
    read = lambda name: {(made / party / "node/keys" / name).read_text() for party in PARTIES}  # noqa: E731
    assert len(read("log.key")) == 1 and len(read("cosigner.key")) == len(PARTIES)
    for party in PARTIES:
        names = {path.name for path in (made / party / "node/keys").iterdir()}
        assert names == {"log.key", "cosigner.key", f"{party}.key"}


def test_block_0_is_everybodys(made: Path, run: Run) -> None:
    found = [verified(run, made / party / "node") for party in PARTIES]
    assert len({(ledger["root"], ledger["stateRoot"], ledger["leaves"]) for ledger in found}) == 1


def test_certificates_say_what_they_are_for(made: Path) -> None:
    server, client = ExtendedKeyUsageOID.SERVER_AUTH, ExtendedKeyUsageOID.CLIENT_AUTH
    expected = {
        "etcd/tls/peer": ({server, client}, "etcd member wuye", {"127.0.0.1"}, "members"),
        "etcd/tls/server": ({server}, "etcd of wuye", {"localhost", "127.0.0.1"}, "ca"),
        "node/tls/etcd": ({client}, "wuye", set(), "ca"),
        "node/tls/node": ({server, client}, "wuye", {"127.0.0.1"}, "ca"),
    }
    for name, (usages, subject, hosts, authority) in expected.items():
        leaf, issuer = certificate(made / f"wuye/{name}.pem"), certificate(made / f"authority/{authority}.pem")
        leaf.verify_directly_issued_by(issuer)
        assert set(leaf.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value) == usages
        assert leaf.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value == subject
        constraints = leaf.extensions.get_extension_for_class(x509.BasicConstraints)
        assert constraints.critical and not constraints.value.ca
        assert leaf.extensions.get_extension_for_class(x509.KeyUsage).value.digital_signature
        own = leaf.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value
        above = issuer.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value
        assert own.key_identifier == above.digest
        if hosts:
            names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
            assert {str(name.value) for name in names} == hosts
        else:
            assert all(extension.oid != ExtensionOID.SUBJECT_ALTERNATIVE_NAME for extension in leaf.extensions)
        assert 396 <= (leaf.not_valid_after_utc - leaf.not_valid_before_utc).days <= 398
    assert certificate(made / "jiedao/administration/root.pem").subject.rfc4514_string() == "CN=root"
    assert certificate(made / "authority/ca.pem").extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    serials = {certificate(path).serial_number for path in made.rglob("*.pem")}
    assert len(serials) > 15 and min(serials).bit_length() > 64


def test_nothing_is_overwritten(made: Path, run: Run) -> None:
    before = digest(made)
    said = run("network", "init", "--parties", made.parent / "parties.yaml", "--out", made, code=1)
    assert "exists already" in said.stderr
    assert digest(made) == before
    assert {path.name for path in made.parent.iterdir()} == {"net", "parties.yaml"}


def test_a_refused_founding_leaves_nothing(run: Run, tmp_path: Path) -> None:
    parties = write_parties(tmp_path / "parties.yaml")
    # Two groups that can decide apart from each other's parties are the constitution's to refuse, after keys were made.
    text = parties.read_text().replace("public: {needed: 2, members: [jiedao, juweihui]}", "public: {needed: 9, members: [jiedao]}")
    parties.write_text(text)
    said = run("network", "init", "--parties", parties, "--out", tmp_path / "net", code=1)
    assert "constitution." in said.stderr
    assert {path.name for path in tmp_path.iterdir()} == {"parties.yaml"}


BAD = [
    ("id: wuye,", "id: root,", r"parties\[2\]\.id: root"),
    ("id: wuye,", "id: jiedao,", r"parties\[2\]\.id: jiedao stands there twice"),
    ("id: wuye,", "id: a/b,", r"parties\[2\]\.id"),
    ("id: wuye,", "id: wuye, hots: 10.0.0.1,", r"parties\[2\]\.hots: no such field"),
    ("id: wuye,", "id: wuye, host: 10.0.0.300,", r"parties\[2\]\.host: 10\.0\.0\.300"),
    ("id: wuye,", "id: wuye, host: wuye.example.org,", r"parties\[\d\]\.host: .*cannot reach"),
    ("id: wuye,", "id: wuye, via: [jiedao],", r"parties\[2\]\.via"),
    ("via: [jiedao]", "via: [jianguan]", r"parties\[3\]\.via: jianguan"),
    (", via: [jiedao]", "", r"parties\[3\]\.via: is missing"),
    ("observes: true", "observes: perhaps", r"parties\[3\]\.observes: must be true or false"),
    ("founder: jiedao", "", r"founder: is missing"),
    ("founder: jiedao", "founder: nobody", r"founder: nobody"),
    ("origin: example.org/lane", "", r"origin is missing"),
    ("parties:", "paries:", r"paries: no such field"),
    ("public: {needed: 2", "public: {needed: one", r"groups\.public\.needed"),
    ("kind: subdistrict", "kind: emperor", r"kind: emperor"),
    ("staff:", "staff: 7\nparameters:", r"staff"),
    ("name: ", "name: [", r"not YAML"),
]


@pytest.mark.parametrize(("old", "new", "says"), BAD, ids=[case[1][:30] or case[0] for case in BAD])
def test_bad_plans_are_refused_by_field(run: Run, tmp_path: Path, old: str, new: str, says: str) -> None:
    parties = write_parties(tmp_path / "parties.yaml")
    text = parties.read_text()
    assert old in text
    parties.write_text(text.replace(old, new, 1))
    said = run("network", "init", "--parties", parties, "--out", tmp_path / "net", code=1).stderr
    assert re.search(says, said), said
    assert said.count("\n") == 1 or "YAML" in said
    assert not (tmp_path / "net").exists()


def test_ports_that_collide_are_named_with_their_line(run: Run, tmp_path: Path) -> None:
    parties = write_parties(tmp_path / "parties.yaml")
    lines = parties.read_text().split("\n")
    first = next(number for number, line in enumerate(lines) if "id: jiedao" in line)
    taken = re.search(r"peer-port: (\d+)", lines[first])
    assert taken
    lines[first + 2] = re.sub(r"node-port: \d+", f"node-port: {taken[1]}", lines[first + 2])
    parties.write_text("\n".join(lines))
    said = run("network", "init", "--parties", parties, "--out", tmp_path / "net", code=1).stderr
    assert f"parties.yaml:{first + 3}: parties[2].node-port: {taken[1]} is the peer-port of jiedao already" in said


def test_the_example_is_a_network(run: Run, tmp_path: Path) -> None:
    example = tmp_path / "parties.yaml"
    example.write_text(run("network", "example").stdout, encoding="utf-8")
    said = run("network", "init", "--parties", example, "--out", tmp_path / "net", "--origin", "example.org/other")
    assert "network of 6 parties, 5 etcd members" in said.stdout
    configuration = (tmp_path / "net/jiedao/etcd/etcd.conf.yml").read_text()
    assert "initial-cluster-token: example.org/other" in configuration
    # The copy in the folder has the name that was given, so that `up` and people read the same.
    assert "\norigin: example.org/other" in (tmp_path / "net/parties.yaml").read_text()


def test_certificates_are_listed_and_renewed(made: Path, run: Run, tmp_path: Path) -> None:
    net = tmp_path / "net"
    shutil.copytree(made, net)
    listed = run("network", "certificates", "--network", net).stdout
    assert "wuye/node/tls/etcd.pem\tCN=wuye" in listed and "RENEW" not in listed
    before = certificate(net / "wuye/etcd/tls/server.pem")
    other = (net / "jiedao/etcd/tls/server.pem").read_bytes()
    late = run("network", "certificates", "--network", net, "--renew", "--party", "wuye", "--days", "29", code=3).stdout
    assert late.count("RENEW") == 4 and "renewed 4" in late
    after = certificate(net / "wuye/etcd/tls/server.pem")
    assert after.subject == before.subject and after.public_key() != before.public_key()
    for kind in (x509.SubjectAlternativeName, x509.ExtendedKeyUsage):
        assert after.extensions.get_extension_for_class(kind) == before.extensions.get_extension_for_class(kind)
    after.verify_directly_issued_by(certificate(net / "authority/ca.pem"))
    assert (net / "jiedao/etcd/tls/server.pem").read_bytes() == other
    for key in net.rglob("*.key"):
        assert stat.S_IMODE(key.stat().st_mode) == 0o600, key
    assert not [*net.rglob("*.new")]
    run("network", "certificates", "--network", net, "--renew")
    # A party's own folder, as it stands on its machine: it can look, but not renew.
    assert "CN=wuye" in run("network", "certificates", "--network", net / "wuye").stdout
    said = run("network", "certificates", "--network", net / "wuye", "--renew", code=1).stderr
    assert "authority" in said
