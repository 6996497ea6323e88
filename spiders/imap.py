"""The `imap` kind: an inbox of the press office, read over TLS without changing anything in it."""

from __future__ import annotations

import imaplib
import re
import ssl
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import unquote, urlsplit

from spiders.addresses import is_private
from spiders.cursor import mark_of
from spiders.logins import read_login
from spiders.parse.mail import mailbox_name, read_mail
from spiders.plain import PlainReader, Stopped
from store.stages import HarvestState

PORT = 993
FIRST_DAYS = 30  # the first run reads the mail of so many days: no more than is needed
MOST_MAILS = 500  # of one run; the next run goes on above them
KNOWN_MAILS = 3000
AFTER_REFUSAL = timedelta(minutes=15)  # a mailbox is locked by those who try a wrong password again and again
# What the email package raises for mails that are none; one of them must not keep the others back.
BROKEN = (ValueError, LookupError, TypeError, AttributeError, RecursionError)
INTERNAL = re.compile(rb'INTERNALDATE "([^"]+)"')


class MailReader(PlainReader):
    """Hears one mailbox; the cursor is its UIDVALIDITY and the highest UID read (RFC 3501)."""

    def read(self) -> None:
        """Every mail above the highest one known, oldest first."""
        try:
            server = self.connect()
            try:
                self.mailbox(server)
            finally:
                with suppress(OSError, imaplib.IMAP4.error):
                    server.logout()
        except ssl.SSLCertVerificationError as error:
            raise Stopped(HarvestState.UNREACHABLE, f"服务器证书不可信（{error.verify_message}）") from error
        except TimeoutError as error:
            raise Stopped(HarvestState.TIMED_OUT, "等待邮件服务器回答超时") from error
        except (OSError, imaplib.IMAP4.abort) as error:
            raise Stopped(HarvestState.UNREACHABLE, f"邮件服务器连接失败（{type(error).__name__}）") from error
        except imaplib.IMAP4.error as error:
            raise Stopped(HarvestState.FAILED, f"邮件服务器的回答不合 IMAP 规范（{type(error).__name__}）") from error

    def connect(self) -> imaplib.IMAP4_SSL:
        """A server that is who it says it is and lies where the source allows, logged in. Raises Stopped."""
        user, password = read_login(self.source.login, self.job.secret.parent)
        parts = urlsplit(self.source.url)
        timeout = self.source.timeout or self.job.limits.request_seconds
        context = ssl.create_default_context()
        server = imaplib.IMAP4_SSL(str(parts.hostname), parts.port or PORT, ssl_context=context, timeout=timeout)
        if is_private(server.socket().getpeername()[0]) and not self.source.allow_private:
            server.shutdown()
            raise Stopped(HarvestState.UNREACHABLE, "内网或本机地址，未获允许（allow_private）")
        try:
            server.login(user, password)
        except imaplib.IMAP4.abort:
            raise
        except (imaplib.IMAP4.error, UnicodeEncodeError) as error:
            self.cursor.blocked_until = int((self.now + AFTER_REFUSAL).timestamp())
            detail = f"用户名或口令不被接受，请核对 {self.source.login}"
            raise Stopped(HarvestState.BLOCKED, detail) from error
        if "ID" in server.capabilities:  # some providers show an empty mailbox to those who do not say who they are
            server.xatom("ID", '("name" "Chaoxin")')
        return server

    def mailbox(self, server: imaplib.IMAP4_SSL) -> None:
        """Open the mailbox to look only (EXAMINE) and read what is above the cursor."""
        folder = unquote(urlsplit(self.source.url).path.strip("/")) or "INBOX"
        if server.select(mailbox_name(folder), readonly=True)[0] != "OK":
            raise Stopped(HarvestState.UNREACHABLE, f"邮箱里没有文件夹“{folder}”")
        validity = (server.response("UIDVALIDITY")[1] or [b"0"])[0] or b"0"
        mark = self.cursor.marks.setdefault("mailbox", {"validity": "", "newest": 0})
        if mark["validity"] != validity.decode():
            mark.update(
                validity=validity.decode(), newest=0
            )  # the server numbers anew: read again, ids tell what is known
        self.tally.fronts_read = 1
        numbers = self.above(server, mark["newest"])
        self.tally.listed = len(numbers)
        for number in numbers[:MOST_MAILS]:
            self.check_time()
            self.mail(server, number, f"{self.source.url.rstrip('/')};UIDVALIDITY={mark['validity']}/;UID={number}")
            mark["newest"] = number
        ids = self.cursor.marks.get("mails", {})
        self.cursor.marks["mails"] = dict(list(ids.items())[-KNOWN_MAILS:])

    def above(self, server: imaplib.IMAP4_SSL, newest: int) -> list[int]:
        """The numbers of the mails above the newest known; of a mailbox met for the first time, those of some days."""
        since = (self.now - timedelta(days=FIRST_DAYS)).strftime("%d-%b-%Y")
        wanted = f"UID {newest + 1}:*" if newest else f"SINCE {since}"
        _, found = server.uid("SEARCH", wanted)
        # "n:*" always names the last mail, even below n.
        return sorted(n for n in map(int, b" ".join(part or b"" for part in found).split()) if n > newest)

    def mail(self, server: imaplib.IMAP4_SSL, number: int, url: str) -> None:
        """One mail, read without marking it as seen; of a very large one the beginning."""
        most = self.job.limits.response_bytes
        _, answer = server.uid("FETCH", str(number), f"(UID INTERNALDATE BODY.PEEK[]<0.{most}>)")
        found = next((part for part in answer if isinstance(part, tuple)), None)
        if found is None:  # deleted since the search
            return
        head, body = found
        self.received += len(body)
        try:
            mail = read_mail(body, url=url, received=_received(head, default=self.now))
        except BROKEN as error:
            self.leave_out((f"UID {number}：认不出的邮件（{type(error).__name__}）",))
            return
        if mail is None:
            self.leave_out((f"UID {number}：既无标题也无正文",))
            return
        self.tally.inner_read += 1
        ids: dict[str, str] = self.cursor.marks.setdefault("mails", {})  # digest of a message's id to its address
        known = ids.setdefault(mark_of(mail.id), mail.heard.url) if mail.id else mail.heard.url
        if known != mail.heard.url:
            return
        self.hear(replace(mail.heard, reply_to=ids.get(mark_of(mail.answers), "")))


def _received(head: bytes, *, default: datetime) -> datetime:
    match = INTERNAL.search(head)
    try:
        return (
            datetime.strptime(match[1].decode().strip(), "%d-%b-%Y %H:%M:%S %z").astimezone(UTC) if match else default
        )
    except ValueError:
        return default
