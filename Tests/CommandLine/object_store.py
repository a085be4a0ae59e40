"""An object store on this machine that speaks S3, for tests. Signatures are checked by botocore, which shares no code with us."""

from __future__ import annotations

import contextlib
import datetime
import hashlib
import re
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from botocore.auth import S3SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials

KEY, SECRET, REGION, BUCKET = "LANEKEY0123456789", "a/secret+of+the+lane=", "cn-lane-1", "lane-archive"
AUTHORIZATION = re.compile(
    r"AWS4-HMAC-SHA256 Credential=([^/]+)/(\d{8})/([a-z0-9-]+)/s3/aws4_request,"
    r"SignedHeaders=([a-z0-9;-]+),Signature=([0-9a-f]{64})"
)


class ObjectStore:
    """The objects, what is asked, and what goes wrong."""

    def __init__(self, region: str = REGION) -> None:
        self.objects: dict[str, bytes] = {}
        self.region = region
        #: Method, path and status of every answer, in order.
        self.answers: list[tuple[str, str, int]] = []
        #: So many of the next requests are answered with 503.
        self.busy = 0
        #: So many of the next PUTs are done, and their answers lost.
        self.lost_answers = 0
        #: Seconds before each answer.
        self.delay = 0.0
        #: What a GET of a path gives instead of what was put there.
        self.lies: Callable[[str, bytes], bytes] = lambda path, content: content
        #: Whether conditions on a PUT are known.
        self.knows_conditions = True
        #: Called before a request is done.
        self.before: Callable[[str, str], None] = lambda method, path: None
        self.lock = threading.Lock()
        self._server: ThreadingHTTPServer | None = None
        self._port = 0

    @property
    def endpoint(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def start(self) -> None:
        store = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                store.answer(self)

            do_PUT = do_DELETE = do_HEAD = do_POST = do_GET

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._server.daemon_threads = True
        self._port = self._server.server_address[1]
        threading.Thread(target=self._server.serve_forever, args=[0.02], daemon=True).start()

    def stop(self) -> None:
        """Nobody answers there any more; `start` comes back at the same address."""
        if self._server:
            self._server.shutdown()
            self._server.server_close()
            self._server = None

    def count(self, method: str, status: int | None = None) -> int:
        with self.lock:
            return sum(1 for m, _, s in self.answers if m == method and status in (None, s))

    # One request

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        body = handler.rfile.read(int(handler.headers.get("Content-Length", "0")))
        self.before(handler.command, handler.path)
        time.sleep(self.delay)
        with self.lock:
            status, content = self._status(handler, body)
            self.answers.append((handler.command, handler.path, status))
            lost = handler.command == "PUT" and status == 200 and self.lost_answers > 0
            if lost:
                self.lost_answers -= 1
        if self._server is None or lost:
            handler.close_connection = True
            return
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            handler.send_response(status)
            handler.send_header("Content-Length", str(len(content)))
            handler.end_headers()
            handler.wfile.write(content)

    def _status(self, handler: BaseHTTPRequestHandler, body: bytes) -> tuple[int, bytes]:
        def error(status: int, code: str) -> tuple[int, bytes]:
            return status, f'<?xml version="1.0" encoding="UTF-8"?><Error><Code>{code}</Code></Error>'.encode()

        if self.busy > 0:
            self.busy -= 1
            return error(503, "SlowDown")
        wrong = self._wrong(handler, body)
        if wrong:
            return error(403, wrong)
        _, bucket, key = handler.path.split("/", 2)
        if bucket != BUCKET:
            return error(404, "NoSuchBucket")
        if handler.command == "GET":
            if key not in self.objects:
                return error(404, "NoSuchKey")
            return 200, self.lies(key, self.objects[key])
        if handler.command == "PUT":
            if handler.headers.get("If-None-Match") == "*":
                if not self.knows_conditions:
                    return error(501, "NotImplemented")
                if key in self.objects:
                    return error(412, "PreconditionFailed")
            self.objects[key] = body
            return 200, b""
        if handler.command == "DELETE":
            self.objects.pop(key, None)
            return 204, b""
        return error(405, "MethodNotAllowed")

    def _wrong(self, handler: BaseHTTPRequestHandler, body: bytes) -> str | None:
        """Why the request is not let in; None if botocore would have signed it so."""
        found = AUTHORIZATION.fullmatch(handler.headers.get("Authorization", ""))
        if not found:
            return "AccessDenied"
        key, day, region, names, signature = found.groups()
        if key != KEY:
            return "InvalidAccessKeyId"
        if not {"host", "x-amz-date", "x-amz-content-sha256"} <= set(names.split(";")):
            return "AccessDenied"
        if handler.headers.get("If-None-Match") and "if-none-match" not in names.split(";"):
            return "AccessDenied"
        if handler.headers["x-amz-content-sha256"] != hashlib.sha256(body).hexdigest():
            return "XAmzContentSHA256Mismatch"
        moment = handler.headers["x-amz-date"]
        asked = datetime.datetime.strptime(moment, "%Y%m%dT%H%M%SZ").replace(tzinfo=datetime.UTC)
        if abs((datetime.datetime.now(datetime.UTC) - asked).total_seconds()) > 900 or moment[:8] != day:
            return "RequestTimeTooSkewed"
        request = AWSRequest(
            method=handler.command, url=f"http://{handler.headers['Host']}{handler.path}",
            headers={name: handler.headers[name] for name in names.split(";")}, data=body,
        )
        request.context["timestamp"] = moment
        signer = S3SigV4Auth(Credentials(KEY, SECRET), "s3", self.region)
        text = signer.string_to_sign(request, signer.canonical_request(request))
        if signer.signature(text, request) != signature or region != self.region:
            return "SignatureDoesNotMatch"
        return None


@contextlib.contextmanager
def opened(region: str = REGION) -> Iterator[ObjectStore]:
    store = ObjectStore(region)
    store.start()
    try:
        yield store
    finally:
        store.stop()


def credentials(folder: Path, secret: str = SECRET, mode: int = 0o600, key: str = KEY) -> Path:
    """Writes a file with the access key."""
    file = folder / "credentials"
    file.write_text(f"[default]\naws_access_key_id = {key}\naws_secret_access_key = {secret}\n", encoding="utf-8")
    file.chmod(mode)
    return file
