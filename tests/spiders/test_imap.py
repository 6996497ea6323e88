"""The press office's inbox: read over TLS, nothing in it changed, each mail once, its sender a key."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from store.stages import HarvestState
from tests.spiders.conftest import Crawl
from tests.spiders.mailbox import Box, Mailbox


def mail(n: int, text: str = "海水发红，有异味。", *, answers: str = "", **headers: str) -> bytes:
    message = EmailMessage()
    message["From"] = headers.get("sender", f"渔民 <Fisher{n}@example.invalid>")
    message["Subject"] = headers.get("subject", f"来信{n}")
    message["Date"] = headers.get("date", "Thu, 22 Jan 2026 09:00:00 +0800")
    message["Message-ID"] = f"<{n}@example.invalid>"
    if answers:
        message["In-Reply-To"] = answers
    message.set_content(text)
    return message.as_bytes()


@pytest.fixture
def mailbox(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Mailbox]:
    with Mailbox(tmp_path) as mailbox:
        monkeypatch.setenv("SSL_CERT_FILE", str(mailbox.certificate))
        monkeypatch.setenv("CHAOXIN_LOGIN_PRESS_INBOX", f"press:{mailbox.password}")
        mailbox.inbox.mails = {3: mail(3), 5: mail(5, "请问何时答复？电话13800138000。")}
        yield mailbox


def test_each_mail_is_an_entry_behind_the_privacy_gate(mailbox: Mailbox, crawl: Crawl) -> None:
    harvest = crawl("imap", mailbox.url, login="press-inbox")
    assert harvest.state is HarvestState.OK, harvest.message
    first, second = harvest.entries
    assert (first.title, first.text) == ("来信3", "海水发红，有异味。")
    assert first.url == f"{mailbox.url};UIDVALIDITY=7/;UID=3"
    assert first.published_at is not None
    assert first.published_at.isoformat() == "2026-01-22T01:00:00+00:00"
    assert second.text == "请问何时答复？电话[电话]。"
    assert len(first.author_key) == len(second.author_key) == 64
    assert first.author_key != second.author_key
    assert "fisher" not in repr(harvest).lower()


def test_nothing_in_the_mailbox_is_changed(mailbox: Mailbox, crawl: Crawl) -> None:
    crawl("imap", mailbox.url, login="press-inbox")
    assert mailbox.verbs() <= {"CAPABILITY", "LOGIN", "ID", "EXAMINE", "UID", "LOGOUT"}
    asked = [command for command in mailbox.commands if command.startswith("UID FETCH")]
    assert asked
    assert all("BODY.PEEK[]" in command for command in asked)


def test_a_second_run_reads_only_what_is_above_the_newest_known(mailbox: Mailbox, crawl: Crawl) -> None:
    first = crawl("imap", mailbox.url, login="press-inbox")
    quiet = crawl("imap", mailbox.url, login="press-inbox", cursor=first.cursor)
    assert (quiet.state, quiet.entries) == (HarvestState.NOTHING_NEW, ())
    mailbox.inbox.mails[9] = mail(9, answers="<5@example.invalid>")
    again = crawl("imap", mailbox.url, login="press-inbox", cursor=quiet.cursor)
    assert [(e.title, e.reply_to) for e in again.entries] == [("来信9", f"{mailbox.url};UIDVALIDITY=7/;UID=5")]


def test_a_mailbox_that_was_numbered_anew_brings_no_mail_twice(mailbox: Mailbox, crawl: Crawl) -> None:
    first = crawl("imap", mailbox.url, login="press-inbox")
    mailbox.boxes["INBOX"] = Box(validity=8, mails={1: mail(3), 2: mail(5), 3: mail(6)})
    again = crawl("imap", mailbox.url, login="press-inbox", cursor=first.cursor)
    assert [e.url for e in again.entries] == [f"{mailbox.url};UIDVALIDITY=8/;UID=3"]


def test_a_connection_that_breaks_keeps_what_was_read_and_goes_on_there(mailbox: Mailbox, crawl: Crawl) -> None:
    mailbox.dies_at = 5
    broken = crawl("imap", mailbox.url, login="press-inbox")
    assert (broken.state, [e.title for e in broken.entries]) == (HarvestState.PARTIAL, ["来信3"])
    mailbox.dies_at = 0
    mended = crawl("imap", mailbox.url, login="press-inbox", cursor=broken.cursor)
    assert (mended.state, [e.title for e in mended.entries]) == (HarvestState.OK, ["来信5"])


def test_a_mailbox_with_a_chinese_name_is_found(mailbox: Mailbox, crawl: Crawl) -> None:
    mailbox.boxes["INBOX/&U,BTFw-"] = Box(mails={1: mail(1)})  # 台北, the example of RFC 3501
    assert len(crawl("imap", f"{mailbox.url}/台北", login="press-inbox").entries) == 1
    missing = crawl("imap", f"{mailbox.url}/没有", login="press-inbox")
    assert missing.state is HarvestState.UNREACHABLE
    assert "没有文件夹" in missing.message


def test_a_refused_password_is_not_tried_again_at_once(
    mailbox: Mailbox, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CHAOXIN_LOGIN_PRESS_INBOX", "press:wrong")
    refused = crawl("imap", mailbox.url, login="press-inbox")
    assert refused.state is HarvestState.BLOCKED
    assert "口令" in refused.message
    assert "wrong" not in refused.message
    tried = len(mailbox.commands)
    assert crawl("imap", mailbox.url, login="press-inbox", cursor=refused.cursor).state is HarvestState.BLOCKED
    assert len(mailbox.commands) == tried


def test_the_password_may_lie_in_a_secret_file_of_its_owner_only(
    mailbox: Mailbox, crawl: Crawl, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("CHAOXIN_LOGIN_PRESS_INBOX")
    none = crawl("imap", mailbox.url, login="press-inbox")
    assert none.state is HarvestState.FAILED
    assert "CHAOXIN_LOGIN_PRESS_INBOX" in none.message
    path = tmp_path / "var" / "secrets" / "press-inbox"
    path.write_text(f"press\n{mailbox.password}\n")
    path.chmod(0o644)
    assert "chmod 600" in crawl("imap", mailbox.url, login="press-inbox").message
    path.chmod(0o600)
    assert crawl("imap", mailbox.url, login="press-inbox").state is HarvestState.OK


def test_a_server_that_cannot_prove_who_it_is_gets_no_password(
    mailbox: Mailbox, crawl: Crawl, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    harvest = crawl("imap", mailbox.url, login="press-inbox")
    assert harvest.state is HarvestState.UNREACHABLE
    assert "证书" in harvest.message
    assert not mailbox.commands


def test_a_private_address_gets_no_password_unless_the_source_allows_it(mailbox: Mailbox, crawl: Crawl) -> None:
    harvest = crawl("imap", mailbox.url, login="press-inbox", allow_private=False)
    assert harvest.state is HarvestState.UNREACHABLE
    assert "allow_private" in harvest.message
    assert "LOGIN" not in mailbox.verbs()


def test_a_server_that_is_not_there_is_unreachable(crawl: Crawl, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CHAOXIN_LOGIN_PRESS_INBOX", "press:word")
    assert crawl("imap", "imaps://localhost:1/", login="press-inbox").state is HarvestState.UNREACHABLE


def test_of_a_very_large_mail_the_beginning_is_read(
    mailbox: Mailbox, crawl: Crawl, limits: Callable[..., None]
) -> None:
    limits(response_limit_bytes=10_000)
    mailbox.inbox.mails = {1: mail(1, "开头。\n" + "长" * 30_000)}
    harvest = crawl("imap", mailbox.url, login="press-inbox")
    assert harvest.entries[0].text.startswith("开头。")
    assert harvest.bytes_received == 10_000


def test_no_more_than_some_hundred_mails_are_read_in_one_run(mailbox: Mailbox, crawl: Crawl) -> None:
    mailbox.inbox.mails = {n: mail(n) for n in range(1, 503)}
    first = crawl("imap", mailbox.url, login="press-inbox")
    second = crawl("imap", mailbox.url, login="press-inbox", cursor=first.cursor)
    assert (len(first.entries), len(second.entries)) == (500, 2)
