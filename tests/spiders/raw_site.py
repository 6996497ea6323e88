"""A site that answers byte by byte what it is told: for answers no honest server would give."""

from __future__ import annotations

import socket
import ssl
import struct
import threading
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, field

Reply = bytes | Callable[["Visit"], None]


@dataclass
class Visit:
    """One request as a reply sees it: the connection to answer on, and whether the site is being closed."""

    connection: socket.socket
    path: str
    headers: Mapping[str, str]
    base: str
    closing: threading.Event

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def reset(self) -> None:
        """End the connection with a reset instead of a farewell."""
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()


@dataclass
class RawSite(AbstractContextManager["RawSite"]):
    """`replies` maps a path to whole bytes or to what is done with the visit; everything else is 404."""

    replies: dict[str, Reply]
    certificate: str = ""  # path of a PEM file with key and certificate: the site speaks TLS
    asked: list[str] = field(default_factory=list)
    headers: list[Mapping[str, str]] = field(default_factory=list)
    closing: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        self.listening = socket.create_server(("127.0.0.1", 0), backlog=64)
        scheme = "https" if self.certificate else "http"
        self.base = f"{scheme}://127.0.0.1:{self.listening.getsockname()[1]}"

    def __enter__(self) -> RawSite:
        threading.Thread(target=self._serve, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        self.listening.close()

    def _serve(self) -> None:
        while not self.closing.is_set():
            try:
                connection, _ = self.listening.accept()
            except OSError:
                return
            threading.Thread(target=self._talk, args=(connection,), daemon=True).start()

    def _talk(self, connection: socket.socket) -> None:
        with suppress(OSError, ValueError):
            if self.certificate:
                context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
                context.load_cert_chain(self.certificate)
                connection = context.wrap_socket(connection, server_side=True)
            connection.settimeout(20)
            self._answer(connection)
        with suppress(OSError):
            connection.close()

    def _answer(self, connection: socket.socket) -> None:
        head = b""
        while b"\r\n\r\n" not in head:
            received = connection.recv(65536)
            if not received:
                return
            head += received
        lines = head.decode("latin-1").split("\r\n")
        path = lines[0].split(" ")[1]
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines[1:])}
        self.asked.append(path)
        self.headers.append(headers)
        reply = self.replies.get(path, reply_of("没有这一页", status=404))
        visit = Visit(connection, path, headers, self.base, self.closing)
        if callable(reply):
            reply(visit)
        else:
            connection.sendall(reply)


def reply_of(
    body: str | bytes = b"", *, status: int = 200, kind: str = "text/html; charset=utf-8", **headers: str | None
) -> bytes:
    """A whole answer after which the connection ends; `Content_Length=None` leaves that header out."""
    data = body.encode() if isinstance(body, str) else body
    given = {"Content_Type": kind, "Content_Length": str(len(data)), "Connection": "close", **headers}
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in given.items() if value is not None]
    return "\r\n".join([f"HTTP/1.1 {status} Said", *lines, "", ""]).encode() + data
