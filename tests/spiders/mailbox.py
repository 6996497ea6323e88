"""A small IMAP4rev1 server over TLS on loopback: enough for a reader, and it writes down every command it is given."""

from __future__ import annotations

import datetime
import re
import socketserver
import ssl
import threading
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass
class Box:
    """One mailbox: messages by UID, each with the day it came in."""

    validity: int = 7
    mails: dict[int, bytes] = field(default_factory=dict)
    received: str = "22-Jan-2026 10:00:00 +0800"


def certificate(folder: Path) -> Path:
    """A key and a certificate for localhost in one file, its own authority."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "localhost")])
    start = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)
    built = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(start)
        .not_valid_after(start + datetime.timedelta(days=36500))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    path = folder / "localhost.pem"
    path.write_bytes(
        built.public_bytes(serialization.Encoding.PEM)
        + key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return path


class Mailbox(AbstractContextManager["Mailbox"]):
    """`boxes` maps a mailbox's name on the wire to its Box; `dies_at` closes the connection at that UID's FETCH."""

    def __init__(self, folder: Path) -> None:
        self.boxes = {"INBOX": Box()}
        self.commands: list[str] = []
        self.dies_at = 0
        self.password = "sea-word 1"
        self.certificate = certificate(folder)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate)
        self._server = _Server(("127.0.0.1", 0), _Session)
        self._server.mailbox, self._server.context = self, context
        self.url = f"imaps://localhost:{self._server.server_address[1]}/INBOX"

    def __enter__(self) -> Mailbox:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def inbox(self) -> Box:
        return self.boxes["INBOX"]

    def verbs(self) -> set[str]:
        """The commands it was given, without tags and arguments."""
        return {command.split()[0].upper() for command in self.commands}


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    mailbox: Mailbox
    context: ssl.SSLContext


class _Session(socketserver.BaseRequestHandler):
    server: _Server

    def handle(self) -> None:
        try:
            with self.server.context.wrap_socket(self.request, server_side=True) as connection:
                self.speak(connection)
        except (OSError, ssl.SSLError):
            return  # the client did not like our certificate, or went away

    def speak(self, connection: ssl.SSLSocket) -> None:
        self.box: Box | None = None
        connection.sendall(b"* OK [CAPABILITY IMAP4rev1 ID] ready\r\n")
        for line in connection.makefile("rb"):
            tag, _, command = line.decode().strip().partition(" ")
            self.server.mailbox.commands.append(command)
            verb = command.split()[0].upper()
            answer = getattr(self, f"do_{verb.lower()}", lambda _: b"BAD unknown")(command)
            if answer is None:
                return
            connection.sendall(b"%s%s %s\r\n" % (self.untagged, tag.encode(), answer))
            self.untagged = b""
            if verb == "LOGOUT":
                return

    untagged = b""

    def say(self, line: bytes) -> None:
        self.untagged += b"* " + line + b"\r\n"

    def do_capability(self, _: str) -> bytes:
        self.say(b"CAPABILITY IMAP4rev1 ID")
        return b"OK done"

    def do_id(self, _: str) -> bytes:
        self.say(b"ID NIL")
        return b"OK done"

    def do_login(self, command: str) -> bytes:
        return b"OK in" if command.endswith(f'press "{self.server.mailbox.password}"') else b"NO no such user"

    def do_examine(self, command: str) -> bytes:
        self.box = self.server.mailbox.boxes.get(command.partition(" ")[2].strip('"'))
        if self.box is None:
            return b"NO no such mailbox"
        self.say(b"%d EXISTS" % len(self.box.mails))
        self.say(b"OK [UIDVALIDITY %d] valid" % self.box.validity)
        return b"OK [READ-ONLY] open"

    def do_uid(self, command: str) -> bytes | None:
        assert self.box is not None
        if "SEARCH" in command:
            bound = re.search(r"UID (\d+):\*", command)
            numbers = sorted(self.box.mails)
            if bound:  # as servers do: * is the last mail even when it lies below the bound
                numbers = [n for n in numbers if n >= int(bound[1])] or numbers[-1:]
            self.say(b"SEARCH " + " ".join(map(str, numbers)).encode())
            return b"OK done"
        number = int(command.split()[2])
        if number == self.server.mailbox.dies_at:
            return None
        most = int(re.search(r"<0\.(\d+)>", command)[1])  # type: ignore[index]
        body = self.box.mails[number][:most]
        head = f'1 FETCH (UID {number} INTERNALDATE "{self.box.received}" BODY[]<0> {{{len(body)}}}'
        self.say(head.encode() + b"\r\n" + body + b")")
        return b"OK done"

    def do_logout(self, _: str) -> bytes:
        self.say(b"BYE")
        return b"OK bye"
