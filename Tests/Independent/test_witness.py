"""A running `linlian witness serve` against C2SP tlog-witness: a log built here, posted over HTTP, its cosignatures checked
with another library, and the process killed in between.

Needs LINLIAN_BINARY, the built program; with LINLIAN_REQUIRE_EXPORT=1, as in CI, its absence is a failure.
"""

from __future__ import annotations

import base64
import contextlib
import http.client
import os
import re
import stat
import subprocess
import threading
import time
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from urllib.parse import quote, urlparse

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from merkle import consistency_proof, leaf_hash, tree_hash
from notes import COSIGNATURE, LOG_SIGNATURE, Policy, VerifierKey, verify_checkpoint

ORIGIN, DISTRICT = "example.org/lane", "example.org/district"


def key_text(name: str, type: int, secret: Ed25519PrivateKey) -> str:
    material = bytes([type]) + secret.public_key().public_bytes_raw()
    id = sha256(name.encode() + b"\n" + material).digest()[:4]
    return f"{name}+{id.hex()}+{base64.b64encode(material).decode()}"


def signature_line(name: str, key: str, signature: bytes) -> str:
    return f"— {name} {base64.b64encode(bytes.fromhex(key.split('+')[1]) + signature).decode()}\n"


class Log:
    """A log with a key; `leaves` are leaf hashes."""

    def __init__(self, origin: str = ORIGIN, count: int = 0, salt: str = "", secret: Ed25519PrivateKey | None = None):
        self.origin, self.secret = origin, secret or Ed25519PrivateKey.generate()
        self.key = key_text(origin, LOG_SIGNATURE, self.secret)
        self.leaves: list[bytes] = []
        self.grow(count, salt)

    def grow(self, count: int, salt: str = "") -> None:
        self.leaves += [leaf_hash(f"{salt}{len(self.leaves) + i}".encode()) for i in range(count)]

    def forked(self, at: int, count: int) -> Log:
        fork = Log(self.origin, secret=self.secret)
        fork.leaves = self.leaves[:at]
        fork.grow(count, "fork")
        return fork

    def text(self, size: int) -> str:
        root = base64.b64encode(tree_hash(self.leaves, 0, size)).decode()
        return f"{self.origin}\n{size}\n{root}\n"

    def checkpoint(self, size: int | None = None) -> str:
        text = self.text(len(self.leaves) if size is None else size)
        return text + "\n" + signature_line(self.origin, self.key, self.secret.sign(text.encode()))

    def request(self, old: int, size: int | None = None, checkpoint: str | None = None) -> bytes:
        size = len(self.leaves) if size is None else size
        proof = consistency_proof(old, size, lambda lo, hi: tree_hash(self.leaves, lo, hi)) if 0 < old <= size else []
        lines = [f"old {old}", *(base64.b64encode(hash).decode() for hash in proof), ""]
        return ("\n".join(lines) + "\n" + (checkpoint or self.checkpoint(size))).encode()


class Witness:
    """A witness's folder and its process."""

    def __init__(self, binary: Path, folder: Path):
        self.binary, self.data = binary, folder / "witness"
        self.key = self.run("init", "--name", DISTRICT).strip()

    def run(self, *words: str, code: int = 0) -> str:
        command = [self.binary, "witness", words[0], "--data", self.data, *words[1:]]
        ended = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
        assert ended.returncode == code, f"{command}: {ended.returncode}: {ended.stdout}{ended.stderr}"
        return ended.stdout if code == 0 else ended.stderr

    @contextlib.contextmanager
    def served(self) -> Iterator[tuple[str, subprocess.Popen[str]]]:
        command = [self.binary, "witness", "serve", "--data", self.data, "--port", "0"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        try:
            assert process.stdout is not None
            address = re.fullmatch(r"address (http://\S+)\n", process.stdout.readline())
            assert address, "the witness did not start"
            yield address[1], process
        finally:
            process.terminate()
            try:
                process.communicate(timeout=30)
            except subprocess.TimeoutExpired:
                process.kill()
                process.communicate()
                raise

    def verify(self, answer: bytes, checkpoint: str) -> None:
        """The answer as the end of a note, under a policy that needs this witness."""
        log = Policy.parse(f"witness w {self.key}\nquorum w\n".encode()).witnesses[b"w"]
        assert log == VerifierKey.parse(self.key.encode(), COSIGNATURE, "key")
        trusted = f"log {LOGS[checkpoint.split(chr(10))[0]]}\nwitness w {self.key}\nquorum w\n"
        head = verify_checkpoint(checkpoint.encode() + answer, Policy.parse(trusted.encode()))
        assert head.cosigners == ["w"]
        when = int.from_bytes(base64.b64decode(answer.split()[-1])[4:12], "big")
        assert abs(when - time.time()) < 60


LOGS: dict[str, str] = {}


def send(address: str, body: bytes | None, path: str = "/add-checkpoint") -> tuple[int, bytes, str]:
    connection = http.client.HTTPConnection(urlparse(address).netloc, timeout=20)
    try:
        connection.request("GET" if body is None else "POST", path, body)
        answer = connection.getresponse()
        return answer.status, answer.read(), answer.headers.get("Content-Type", "")
    finally:
        connection.close()


@pytest.fixture(scope="module")
def binary() -> Path:
    named = os.environ.get("LINLIAN_BINARY")
    if not named:
        assert os.environ.get("LINLIAN_REQUIRE_EXPORT") != "1", "LINLIAN_BINARY must name the built program"
        pytest.skip("LINLIAN_BINARY names no program")
    return Path(named).resolve()


@pytest.fixture
def witness(binary: Path, tmp_path: Path) -> Witness:
    return Witness(binary, tmp_path)


def watched(witness: Witness, log: Log) -> Log:
    witness.run("add", "--key", log.key)
    LOGS[log.origin] = log.key
    return log


def test_a_log_grows_under_a_witness(witness: Witness) -> None:
    log = watched(witness, Log())
    with witness.served() as (address, process):
        old = 0
        for step in (1, 1, 2, 5, 0, 90, 300):
            log.grow(step)
            status, answer, _ = send(address, log.request(old))
            assert status == 200, answer
            witness.verify(answer, log.checkpoint())
            old = len(log.leaves)
        status, kept, _ = send(address, None, f"/{sha256(ORIGIN.encode()).hexdigest()}/checkpoint")
        assert status == 200
        trusted = f"log {log.key}\nwitness w {witness.key}\nquorum w\n"
        assert verify_checkpoint(kept, Policy.parse(trusted.encode())).size == old
        assert f"{old}\t".encode() in send(address, None, "/logs")[1]
        assert ORIGIN.encode() in send(address, None, "/")[1]
        process.terminate()
        assert process.wait(timeout=20) == 0


def test_every_refusal_has_its_status(witness: Witness) -> None:
    log = watched(witness, Log(count=20))
    fork, stranger, unknown = log.forked(5, 15), Log(count=20), Log("example.org/elsewhere", 20)
    good = log.request(10)
    with witness.served() as (address, _):
        assert send(address, log.request(0, 10))[0] == 200
        unsigned = log.text(20) + "\n" + signature_line("example.org/x", stranger.key, b"\0" * 64)
        broken = log.text(20) + "\n" + signature_line(ORIGIN, log.key, b"\0" * 64)
        for body, status in [
            (unknown.request(0), 404), (stranger.request(10), 403), (log.request(10, checkpoint=unsigned), 403),
            (log.request(10, checkpoint=broken), 403), (log.request(10)[:-1], 400),
            (log.request(21, checkpoint=log.checkpoint()), 400), (b"", 400), (b"old 10\n", 400),
            (good.replace(b"old 10", b"old 010"), 400), (good.replace(b"\n\n", b"\nAAAA\n\n", 1), 400),
            (b"old 10\n" + b"A" * 43 + b"=\n" + (b"A" * 43 + b"=\n") * 63 + b"\n" + log.checkpoint().encode(), 400),
            (b"a" * 200_000, 413), (fork.request(10), 422), (fork.request(10, 10), 422),
            (b"old 10\n\n" + log.checkpoint().encode(), 422),
            (b"old 10\n" + b"A" * 43 + b"=\n\n" + log.checkpoint(10).encode(), 422),
        ]:  # fmt: skip
            got = send(address, body)
            assert got[0] == status, (body[:80], got)
        for old in (0, 9, 11):
            assert send(address, log.request(old)) == (409, b"10\n", "text/x.tlog.size")
        assert b"\n10\t" in b"\n" + send(address, None, "/logs")[1], "a refusal changed the record"
        status, answer, _ = send(address, good)
        assert status == 200
        witness.verify(answer, log.checkpoint())


def test_killed_at_any_time_it_knows_what_it_cosigned(witness: Witness) -> None:
    log = watched(witness, Log(count=1))
    last = 0
    for _ in range(6):
        with witness.served() as (address, process):
            if last:
                # Another history of the size cosigned last: never, however the process ended.
                fork = log.forked(last - 1, 1)
                assert send(address, fork.request(last, last))[0] == 422
            answered: list[int] = []

            def post(address: str = address, answered: list[int] = answered) -> None:
                with contextlib.suppress(OSError, http.client.HTTPException):
                    old = int(send(address, None, "/logs")[1].split()[0])
                    while True:
                        log.grow(1)
                        status, answer, _ = send(address, log.request(old))
                        assert status == 200, answer
                        old = len(log.leaves)
                        answered.append(old)

            poster = threading.Thread(target=post)
            poster.start()
            while len(answered) < 20:
                assert poster.is_alive()
                time.sleep(0.01)
            process.kill()
            poster.join()
            last = answered[-1]
        recorded = int(witness.run("list").splitlines()[1].split("\t")[0])
        assert last <= recorded <= len(log.leaves), "an answered cosignature is not on record"
        last = recorded
        log.leaves = log.leaves[:last]


def test_of_two_histories_at_once_one_is_cosigned(witness: Witness) -> None:
    log = watched(witness, Log())
    with witness.served() as (address, _):
        old = 0
        for _ in range(15):
            sides = [log.forked(old, 0), log.forked(old, 0)]
            sides[0].grow(2, "left")
            sides[1].grow(2, "right")
            results: list[tuple[int, int]] = []

            def post(side: int, old: int = old, sides: list[Log] = sides, results: list[tuple[int, int]] = results) -> None:
                results.append((side, send(address, sides[side].request(old))[0]))

            threads = [threading.Thread(target=post, args=(n % 2,)) for n in range(6)]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            won = [side for side, status in results if status == 200]
            assert len(won) == 1 and len(results) == 6, results
            assert {status for _, status in results} <= {200, 409}
            log.leaves, old = sides[won[0]].leaves, old + 2


def test_the_parties_quorum_is_asked_for(witness: Witness, tmp_path: Path) -> None:
    log = Log(count=4)
    LOGS[log.origin] = log.key
    secrets = {name: Ed25519PrivateKey.generate() for name in ("subdistrict", "committee", "regulator")}
    keys = {name: key_text(f"{ORIGIN}/{name}", COSIGNATURE, secret) for name, secret in secrets.items()}
    policy = tmp_path / "policy"
    lines = [f"log {log.key}", *(f"witness {name} {key}" for name, key in keys.items())]
    policy.write_text("\n".join([*lines, f"group parties 2 {' '.join(keys)}", "quorum parties"]) + "\n")
    witness.run("add", "--policy", str(policy))
    checkpoint = log.checkpoint()
    with witness.served() as (address, _):
        for count, name in enumerate(keys):
            status, answer, _ = send(address, log.request(0, checkpoint=checkpoint))
            assert status == (200 if count == 2 else 403), answer
            if count < 2:
                assert b"witness.quorum" in answer
            now = int(time.time())
            message = f"cosignature/v1\ntime {now}\n{log.text(4)}".encode()
            signature = now.to_bytes(8, "big") + secrets[name].sign(message)
            checkpoint += signature_line(f"{ORIGIN}/{name}", keys[name], signature)


def test_thousands_of_logs(witness: Witness, tmp_path: Path) -> None:
    secret = Ed25519PrivateKey.generate()
    logs = [Log(f"example.org/lane/{n}", 2, secret=secret) for n in range(5_000)]

    def measured(count: int) -> tuple[float, int]:
        """Milliseconds a request, and resident memory in KiB, over the same 200 requests' worth of logs."""
        with witness.served() as (address, process):
            connection = http.client.HTTPConnection(urlparse(address).netloc, timeout=20)
            begun = time.perf_counter()
            for n in range(0, count, count // 200):
                old = 0 if logs[n].origin not in LOGS else 2
                connection.request("POST", "/add-checkpoint", logs[n].request(old))
                answer = connection.getresponse()
                assert answer.status == 200, answer.read()
                answer.read()
                LOGS[logs[n].origin] = logs[n].key
            spent = (time.perf_counter() - begun) * 1000 / 200
            connection.close()
            text = Path(f"/proc/{process.pid}/status").read_text()
            return spent, int(re.search(r"VmRSS:\s+(\d+)", text)[1])

    witness.run("add", "--key", *(log.key for log in logs[:200]))
    few = measured(200)
    witness.run("add", "--key", *(log.key for log in logs))
    many = measured(5_000)
    print(f"200 logs: {few[0]:.2f} ms, {few[1]} KiB; 5,000 logs: {many[0]:.2f} ms, {many[1]} KiB")
    assert many[1] < few[1] + 32 * 1024, "memory grows with the number of logs"
    with witness.served() as (address, _):
        seen, after = 0, ""
        while lines := send(address, None, f"/logs?after={quote(after)}")[1].decode().splitlines():
            seen, after = seen + len(lines), lines[-1].split("\t")[2]
    assert seen == 5_000


def test_the_command_line_tells_what_to_do(witness: Witness, tmp_path: Path) -> None:
    assert stat.S_IMODE((witness.data / "witness.key").stat().st_mode) == 0o600
    assert "witness.exists" in witness.run("init", "--name", "example.org/again", code=1)
    assert "is not a verifier key" in witness.run("add", "--key", "nonsense", code=1)
    bad = tmp_path / "bad"
    bad.write_text("quorum nobody\n")
    assert "is not a policy" in witness.run("add", "--policy", str(bad), code=1)
    own = tmp_path / "own"
    own.write_text(f"log {Log().key}\nwitness w {witness.key}\nquorum w\n")
    assert "witness.own-quorum" in witness.run("add", "--policy", str(own), code=1)
    witness.run("add", code=64)
    log = watched(witness, Log())
    assert witness.run("list").splitlines() == [f"key\t{witness.key}", f"0\t-\t{log.origin}\tlog"]
    assert "is not watched" in witness.run("stop", "example.org/other", code=1)
    witness.run("stop", log.origin)
    with witness.served() as (address, _):
        assert send(address, log.request(0))[0] == 404
    (witness.data / "witness.sqlite").unlink()
    assert "witness.lost" in witness.run("list", code=1)
