"""Texts and files beside the ledger: given to one party's node, fetched by the others, masked everywhere."""

from __future__ import annotations

import json
import secrets
import sqlite3
import ssl
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path

import pytest
from acts import ORIGIN, act, address, ask, hand_in, resident, signed, staff, until
from conftest import Run, fetch
from leaves import pae
from networks import PARTIES, issue, port, running, write_parties
from payload import to_base64url
from synthetic import Signer, canonical

ROLES = "delegate, registrar, publisher, responder, moderator"
PDF = b"%PDF-1.4\n% the plan of the playground\n"


@pytest.fixture(scope="module")
def net(run: Run, binary: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("contents")
    run("network", "init", "--parties", write_parties(folder / "parties.yaml", roles=ROLES), "--out", folder / "net")
    with running(binary, folder / "net"):
        yield folder / "net"


@pytest.fixture(scope="module")
def asker(net: Path) -> Signer:
    """A resident with an account."""
    signer = resident("somebody")
    key = {"algorithm": signer.algorithm, "publicKey": to_base64url(signer.raw_public)}
    act(net, "jiedao", "registry.openAccounts", {"accounts": [key]})
    return signer


def text(words: str) -> tuple[str, bytes]:
    """A content and its digest: a random first line, then the words."""
    content = to_base64url(secrets.token_bytes(16)).encode() + b"\n" + words.encode()
    return sha256(content).hexdigest(), content


def ask_question(net: Path, asker: Signer, at: str, words: str) -> tuple[str, str, bytes]:
    """A question, asked through a party's node; its text is still to be brought."""
    digest, content = text(words)
    name = f"q{secrets.token_hex(4)}"
    _, transaction = signed(
        asker, "resident", "notices.ask", {"content": digest, "question": name, "topic": "safety"}
    )
    status, told = hand_in(net, at, transaction)
    assert status == 200 and told["status"] == "accepted", told
    return name, digest, content


def bring(net: Path, at: str, digest: str, content: bytes) -> int:
    return ask(net, at, f"/api/v1/contents/{digest}", content, "PUT")[0]


def read(net: Path, at: str, digest: str, **headers: str) -> tuple[int, bytes]:
    return ask(net, at, f"/api/v1/contents/{digest}", **headers)


def held(net: Path, party: str, digest: str) -> bool:
    """Whether a node has a content in its own file."""
    rows = fetch(
        net / party / "node", "SELECT count(*) FROM attachment WHERE digest = ?", bytes.fromhex(digest),
        file="content.sqlite",
    )
    return rows[0][0] == 1


def test_a_text_reaches_every_node_and_every_page(net: Path, asker: Signer) -> None:
    name, digest, content = ask_question(net, asker, "jiedao", "When is the lift repaired?")
    for party in PARTIES:
        assert read(net, party, digest)[0] == 404
    assert bring(net, "jiedao", digest, content) == 200
    for party in PARTIES:
        until(f"{party} has fetched it", lambda: held(net, party, digest))
        assert read(net, party, digest) == (200, content)
        page = ask(net, party, f"/questions/{name}", Accept_Language="en")[1].decode()
        assert "When is the lift repaired?" in page


def test_whoever_asks_first_gets_it(net: Path, asker: Signer) -> None:
    """Nobody waits for the pass in the background: it is tried less and less often while nobody has the text."""
    _, digest, content = ask_question(net, asker, "wuye", "Who has the key of the roof?")
    time.sleep(9)
    assert bring(net, "wuye", digest, content) == 200
    started = time.monotonic()
    assert read(net, "juweihui", digest) == (200, content)
    assert time.monotonic() - started < 5 and held(net, "juweihui", digest)


def test_a_node_that_is_asked_by_another_asks_nobody(net: Path, asker: Signer) -> None:
    _, digest, content = ask_question(net, asker, "wuye", "Why is the gate open at night?")
    time.sleep(9)
    assert bring(net, "wuye", digest, content) == 200
    assert read(net, "juweihui", digest, Linlian_Held="1")[0] == 404
    assert not held(net, "juweihui", digest)
    # Over the nodes' own port as well.
    tls = net / "jiedao/node/tls"
    context = ssl.create_default_context(cafile=str(net / "authority/ca.pem"))
    context.load_cert_chain(tls / "node.pem", tls / "node.key")
    request = urllib.request.Request(
        f"https://127.0.0.1:{port(net, 'jianguan', 'peer-port')}/api/v1/contents/{digest}", headers={"Linlian-Held": "1"}
    )
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(request, context=context, timeout=10)
    assert refused.value.code == 404 and not held(net, "jianguan", digest)
    until("the pass brings it all the same", lambda: held(net, "jianguan", digest), 60)


def test_what_the_ledger_does_not_name_is_asked_of_nobody(net: Path) -> None:
    digest, content = text("nobody asked for this")
    # One node has it in its file, as if somebody had put it there.
    store = sqlite3.connect(net / "jiedao/node/content.sqlite", timeout=10)
    store.execute("INSERT INTO attachment VALUES (?, 'text/plain', 1, ?)", (bytes.fromhex(digest), content))
    store.commit()
    store.close()
    for path in (f"/api/v1/contents/{digest}", f"/api/v1/attachments/{digest}"):
        assert ask(net, "wuye", path)[0] == 404
    assert not held(net, "wuye", digest)


def test_masked_is_masked_at_every_node(net: Path, asker: Signer) -> None:
    _, digest, content = ask_question(net, asker, "jiedao", "Something unkind about a neighbour")
    act(net, "jiedao", "notices.proposeMask", {"action": "mask", "content": digest, "reason": "personalData"})
    act(net, "juweihui", "notices.confirmMask", {"content": digest, "proposal": 1})
    # It comes to one node after that, which keeps it for a dispute.
    assert bring(net, "jiedao", digest, content) == 200
    for party in PARTIES:
        assert read(net, party, digest)[0] == 404
    time.sleep(12)
    for party in ("wuye", "juweihui", "jianguan"):
        assert read(net, party, digest)[0] == 404 and not held(net, party, digest), party
    # Shown again: it may be fetched, too.
    act(net, "wuye", "notices.proposeMask", {"action": "unmask", "content": digest, "note": "agreed", "reason": "other"})
    act(net, "jiedao", "notices.confirmMask", {"content": digest, "proposal": 2})
    for party in PARTIES:
        until(f"{party} shows it", lambda: read(net, party, digest) == (200, content))


def upload(net: Path, party: str, content: bytes, *, public: bool = True, media: str = "application/pdf") -> str:
    """Staff puts a file beside the ledger, at its own node."""
    signer = staff(net, party)
    digest = sha256(content).hexdigest()
    claim = canonical(
        {
            "digest": digest, "ledger": ORIGIN, "mediaType": media, "notAfter": int(time.time() * 1_000) + 600_000,
            "public": public,
        }
    )
    message = pae(claim, "application/vnd.linlian.attachment")
    line = f"{signer.algorithm} {signer.keyid} {to_base64url(signer.raw(message))}"
    status, told = ask(
        net, party, "/api/v1/attachments", content, "POST", Linlian_Attachment=to_base64url(claim), Linlian_Signature=line,
        Content_Type=media,
    )
    assert status == 200, told
    return digest


def attached(digest: str, size: int, media: str = "application/pdf") -> dict[str, object]:
    return {"digest": digest, "mediaType": media, "name": "plan.pdf", "size": size}


def publish(net: Path, party: str, files: list[dict[str, object]]) -> str:
    now = int(time.time() * 1_000)
    name = f"n{secrets.token_hex(4)}"
    act(
        net, party, "notices.publish",
        {
            "attachments": files, "audience": {"kind": "estate"}, "ends": now + 30 * 86_400_000, "kind": "general",
            "notice": name, "text": "The plan is attached.", "title": "The playground",
        },
    )
    return name


def test_a_file_of_a_notice_reaches_every_node(net: Path) -> None:
    content = PDF + secrets.token_bytes(200_000)
    digest = upload(net, "wuye", content)
    assert ask(net, "jiedao", f"/api/v1/attachments/{digest}")[0] == 404
    name = publish(net, "wuye", [attached(digest, len(content))])
    for party in PARTIES:
        until(f"{party} has it", lambda: held(net, party, digest))
        with urllib.request.urlopen(f"{address(net, party)}/api/v1/attachments/{digest}", timeout=20) as answer:
            assert answer.read() == content and answer.headers["Content-Type"] == "application/pdf"
        assert digest in ask(net, party, f"/notices/{name}", Accept_Language="en")[1].decode()


def test_a_file_of_another_size_or_kind_or_for_few_is_not_taken(net: Path) -> None:
    wrong, hidden, other = (PDF + secrets.token_bytes(2_000) for _ in range(3))
    digests = [upload(net, "wuye", wrong), upload(net, "wuye", hidden, public=False), upload(net, "wuye", other)]
    publish(
        net, "wuye",
        [
            attached(digests[0], len(wrong) - 1), attached(digests[1], len(hidden)),
            attached(digests[2], len(other), "image/png"),
        ],
    )
    time.sleep(5)
    for digest in digests:
        for party in ("jiedao", "juweihui", "jianguan"):
            assert ask(net, party, f"/api/v1/attachments/{digest}")[0] == 404 and not held(net, party, digest)


def test_a_node_asks_with_the_certificate_that_its_folder_holds_now(net: Path, asker: Signer, tmp_path: Path) -> None:
    tls = net / "juweihui/node/tls"
    places = [tls / "node.pem", tls / "node.key"]
    whole = [path.read_bytes() for path in places]
    authority = (net / "authority/ca.pem", net / "authority/ca.key")
    ended = issue(tmp_path, "ended", "node of juweihui", authority, starts=-9, ends=-1)
    for path, made in zip(places, ended, strict=True):
        path.write_bytes(made.read_bytes())
    try:
        _, digest, content = ask_question(net, asker, "wuye", "Is the water drinkable?")
        assert bring(net, "wuye", digest, content) == 200
        until("another node has it", lambda: held(net, "jianguan", digest))
        time.sleep(6)
        assert read(net, "juweihui", digest)[0] == 404 and not held(net, "juweihui", digest)
    finally:
        for path, text in zip(places, whole, strict=True):
            path.write_bytes(text)
    until("the renewed one is shown", lambda: read(net, "juweihui", digest) == (200, content), 40)


def test_a_node_that_lost_its_contents_gets_them_back(net: Path, asker: Signer) -> None:
    """As after a restore from another party's log, which holds no contents."""
    _, digest, content = ask_question(net, asker, "jiedao", "When is the next meeting?")
    assert bring(net, "jiedao", digest, content) == 200
    until("wuye has it", lambda: held(net, "wuye", digest))
    store = sqlite3.connect(net / "wuye/node/content.sqlite", timeout=10)
    store.execute("DELETE FROM attachment")
    store.commit()
    store.close()
    assert read(net, "wuye", digest) == (200, content)
    assert json.loads(ask(net, "wuye", "/healthz")[1])["status"] == "ok"
