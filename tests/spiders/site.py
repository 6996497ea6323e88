"""A real local site for crawl tests: each path is answered by a function, every request is remembered."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Answer:
    body: bytes | str = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    type: str = "text/html; charset=utf-8"
    stall: float = 0.0  # seconds before the body goes on
    missing: int = 0  # bytes promised and never sent
    has_etag: bool = False

    @property
    def bytes(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass(frozen=True)
class Seen:
    path: str
    status: int
    sent: int
    headers: Mapping[str, str]


class Site(AbstractContextManager["Site"]):
    """`pages` maps path?query to an Answer, or to a function of the request's headers that returns one."""

    def __init__(self, **pages: Answer) -> None:
        self.pages: dict[str, Answer | Callable[[Mapping[str, str]], Answer]] = {}
        self.seen: list[Seen] = []
        self._stopping = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self.base = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Site:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.server_close()

    def bodies(self, *, of: str = "") -> list[str]:
        """Paths whose body was sent in full, robots.txt aside."""
        return [s.path for s in self.seen if s.status == 200 and s.sent and s.path != "/robots.txt" and of in s.path]

    def asked(self, path: str) -> list[Seen]:
        return [s for s in self.seen if s.path == path]

    def _handler(self) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - one nested class
        site = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                headers = {k.lower(): v for k, v in self.headers.items()}
                path = self.path
                found = site.pages.get(path) or site.pages.get(urlsplit(path).path)
                if found is None:
                    found = Answer(b"", 404) if path == "/robots.txt" else Answer("没有这一页", 404)
                answer = found(headers) if callable(found) else found
                self._send(answer, headers)

            def _send(self, answer: Answer, headers: Mapping[str, str]) -> None:
                body, status, extra = answer.bytes, answer.status, dict(answer.headers)
                if answer.has_etag:
                    extra["ETag"] = f'"{hashlib.sha256(body).hexdigest()[:12]}"'
                    if headers.get("if-none-match") == extra["ETag"]:
                        body, status = b"", 304
                site.seen.append(Seen(self.path, status, len(body), headers))
                self.send_response(status)
                for name, value in {"Content-Type": answer.type, **extra}.items():
                    self.send_header(name, value)
                if status != 304:
                    self.send_header("Content-Length", str(len(body) + answer.missing))
                self.end_headers()
                if answer.stall:
                    self.wfile.flush()
                    site._stopping.wait(answer.stall)
                self.wfile.write(body)
                if answer.missing:
                    self.wfile.flush()
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        return Handler
