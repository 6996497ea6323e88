"""Serves the sample sites on loopback, one port a site."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from urllib.parse import parse_qsl, unquote, urlsplit

from flows.samplesite import board, broken, institution, microblog, news
from flows.samplesite.reply import Reply, Request, Site
from store.errors import ServiceDown

SITES: tuple[tuple[str, Site], ...] = (
    ("渤海湾新闻网", news.site),
    ("海河社区", board.site),
    ("海湾微博", microblog.site),
    ("预报机构", institution.site),
    ("拒绝访问的站点", broken.forbidden),
    ("空响应的站点", broken.empty),
    ("截断的订阅源", broken.cut_feed),
    ("需要登录的站点", broken.login_wall),
    ("停滞的站点", broken.stall),
)


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self, port: int, site: Site, now: Callable[[], datetime], closing: threading.Event) -> None:
        self.site, self.now, self.closing = site, now, closing
        super().__init__(("127.0.0.1", port), _Handler)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def do_GET(self) -> None:
        parts = urlsplit(self.path)
        request = Request(
            path=unquote(parts.path),
            query=dict(parse_qsl(parts.query)),
            headers={k.lower(): v for k, v in self.headers.items()},
            now=self.server.now(),
            base=f"http://127.0.0.1:{self.server.server_port}",
        )
        self._send(self.server.site(request))

    def _send(self, reply: Reply) -> None:
        self.send_response(reply.status)
        length = len(reply.body) + (1000 if reply.stall_seconds else 0)
        for name, value in {"Content-Type": reply.content_type, "Content-Length": str(length), **reply.headers}.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(reply.body)
        if reply.stall_seconds:
            self.wfile.flush()
            self.server.closing.wait(reply.stall_seconds)
            self.close_connection = True

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's name
        """Stay silent: the crawler's own log says what was asked."""


class SampleSites(AbstractContextManager["SampleSites"]):
    """All sample sites on ports `port` … `port` + 8 while the context is open."""

    def __init__(self, port: int, *, now: Callable[[], datetime]) -> None:
        self.port = port
        self._closing = threading.Event()
        self._servers: list[_Server] = []
        try:
            for offset, (_, site) in enumerate(SITES):
                self._servers.append(_Server(port + offset, site, now, self._closing))
        except OSError as error:
            self._close()
            raise ServiceDown(
                f"port {port + len(self._servers)} on 127.0.0.1 is taken, so the sample sites cannot be served: "
                "stop what uses it, or set CHAOXIN_SAMPLE_PORT to the first of ten free ports"
            ) from error

    def __enter__(self) -> SampleSites:
        for server in self._servers:
            threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.1}, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        for server in self._servers:
            server.shutdown()
        self._close()

    def _close(self) -> None:
        self._closing.set()
        for server in self._servers:
            server.server_close()
