"""What stands on the portal after release, update and withdrawal; and that no path takes a drill there."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import timedelta
from itertools import product
from pathlib import Path

import feedparser
import pytest
from defusedxml import ElementTree
from django.contrib.auth.models import User

from responders import portal
from responders.approve import approve
from responders.correct import correct
from responders.edit import edit
from responders.release import release
from responders.submit import submit
from responders.withdraw import withdraw
from store.models import Case, Draft, DraftEvidence, Release
from tests.responders.conftest import NOW, make_draft
from tests.responders.rows import make_document

pytestmark = pytest.mark.django_db
Committed = Callable[[], AbstractContextManager[object]]
ATOM = "{http://www.w3.org/2005/Atom}"
LATER = NOW + timedelta(hours=3)


@pytest.fixture
def people(officer: User, approver: User) -> tuple[User, User]:
    return officer, approver


def send(draft: Draft, people: tuple[User, User]) -> Release:
    draft.refresh_from_db()
    submit(draft.pk, people[0], now=NOW)
    approve(draft.pk, people[1], draft.text_hash, now=NOW)
    return release(draft.pk, people[0], now=NOW)


def page(state: Path, row: Release) -> str:
    return (state / "portal" / f"{row.slug}.html").read_text()


def feed(state: Path) -> list[dict[str, str]]:
    content = (state / "portal" / "feed.xml").read_bytes()
    assert not feedparser.parse(content).bozo
    root = ElementTree.fromstring(content)
    assert root.findtext(f"{ATOM}id", "").startswith("urn:uuid:")
    return [
        {name: entry.findtext(ATOM + name, "") for name in ("id", "title", "updated", "published", "content")}
        for entry in root.findall(f"{ATOM}entry")
    ]


def test_a_release_writes_page_feed_and_receipt(
    draft: Draft, people: tuple[User, User], committed: Committed, state: Path
) -> None:
    with committed():
        row = send(draft, people)
    row.refresh_from_db()
    html = page(state, row)
    assert draft.title in html
    assert "发布时间：2026年1月23日2时" in html
    assert (row.status, row.attempts, row.delivered_at) == (Release.SENT, 1, NOW)
    assert row.receipt["url"].endswith(f"/{row.slug}.html")
    assert feed(state) == [
        {
            "id": feed(state)[0]["id"],
            "title": draft.title,
            "updated": "2026-01-22T18:00:00+00:00",
            "published": "2026-01-22T18:00:00+00:00",
            "content": draft.body,
        }
    ]
    assert draft.title in (state / "portal" / "index.html").read_text()
    assert [path.name for path in (state / "portal").iterdir() if path.name.startswith(".")] == []


def test_delivering_again_changes_no_byte(
    draft: Draft, people: tuple[User, User], committed: Committed, state: Path
) -> None:
    with committed():
        row = send(draft, people)
    before = {path.name: path.read_bytes() for path in (state / "portal").iterdir()}
    assert portal.deliver_pending(LATER) == []
    again = portal.deliver(row, now=LATER)
    assert {path.name: path.read_bytes() for path in (state / "portal").iterdir()} == before
    assert (again.delivered_at, again.attempts) == (NOW, 2)


def test_text_from_people_is_escaped_and_only_public_sources_are_named(
    case: Case, people: tuple[User, User], committed: Committed, state: Path
) -> None:
    body = "网上有反映[E1]。\n官方已发布<b>信息</b>[E2]。\x0b"
    draft = make_draft(case, body=body)
    citizen = make_document("我拍到了", publisher="")
    office = make_document("信息", official=True, publisher="预报中心")
    for mark, document in (("E1", citizen), ("E2", office)):
        DraftEvidence.objects.create(
            draft=draft, mark=mark, document=document, label=f"来源{mark}", quote="引文", url="javascript:alert(1)"
        )
    with committed():
        row = send(draft, people)
    html = page(state, row)
    assert "&lt;b&gt;信息&lt;/b&gt;" in html
    assert "来源E2" in html
    assert "来源E1" not in html
    assert "E1" not in html
    assert "javascript:" not in html
    assert "[E" not in feed(state)[0]["content"]


def test_a_withdrawn_page_becomes_a_notice_and_its_entry_says_so(
    draft: Draft, people: tuple[User, User], committed: Committed, state: Path
) -> None:
    with committed():
        row = send(draft, people)
    before = feed(state)[0]
    with committed():
        withdraw(draft.pk, people[1], "内部理由：数字有误", now=LATER)
    html = page(state, row)
    assert "撤回说明" in html
    assert draft.body not in html
    assert "数字有误" not in html
    after = feed(state)[0]
    assert (after["id"], after["published"]) == (before["id"], before["published"])
    assert after["title"] == f"【已撤回】{draft.title}"
    assert after["updated"] == "2026-01-22T21:00:00+00:00"
    row.refresh_from_db()
    assert row.status == Release.WITHDRAWN


def test_a_correction_and_what_it_corrects_lead_to_each_other(
    draft: Draft, people: tuple[User, User], committed: Committed, state: Path
) -> None:
    with committed():
        old = send(draft, people)
    new = correct(draft.pk, people[0], now=NOW)
    edit(new.pk, people[0], new.text_hash, title=new.title, body="更正后的正文。", now=NOW)
    with committed():
        newer = send(new, people)
    assert f'href="{newer.slug}.html"' in page(state, old)
    assert "更正，请以新发布的信息为准" in page(state, old)
    assert f'href="{old.slug}.html"' in page(state, newer)
    assert [entry["title"][:6] for entry in feed(state)] == [new.title[:6], "【已被取代】"]


def test_what_could_not_be_written_is_tried_again(
    draft: Draft, people: tuple[User, User], committed: Committed, state: Path
) -> None:
    (state / "portal").write_text("a file where the folder should be")
    with committed():
        row = send(draft, people)
    row.refresh_from_db()
    assert (row.status, row.delivered_at) == (Release.FAILED, None)
    assert "Error" in row.receipt["error"]
    (state / "portal").unlink()
    (done,) = portal.deliver_pending(LATER)
    assert (done.status, done.attempts) == (Release.SENT, 2)
    assert "error" not in done.receipt
    assert draft.title in page(state, row)


# Every way a drill may be marked, on the case and on the draft, and the channel that somebody switches it to.
SIGNS = [signs for signs in product([True, False], [True, False], ["portal", "drill"]) if any(signs[:2])]


@pytest.mark.parametrize("signs", SIGNS)
def test_no_path_takes_a_drill_to_the_portal(
    case: Case, people: tuple[User, User], committed: Committed, state: Path, signs: tuple[bool, bool, str]
) -> None:
    of_case, of_draft, channel = signs
    Case.objects.filter(pk=case.pk).update(drill=of_case)
    draft = make_draft(case, drill=of_draft)
    with committed():
        row = send(draft, people)
    assert row.channel == "drill"
    Release.objects.filter(pk=row.pk).update(channel=channel, status=Release.PENDING)
    portal.deliver_pending(LATER)
    with committed():
        withdraw(draft.pk, people[1], "演练结束", now=LATER)
    assert not (state / "portal").exists()
    assert "未向社会发布" in (state / "drill" / f"{row.slug}.txt").read_text()


def test_a_drill_is_not_listed_when_a_real_release_follows(
    case: Case, people: tuple[User, User], committed: Committed, state: Path
) -> None:
    drill = make_draft(case, drill=True, title="【演练】某事")
    with committed():
        send(drill, people)
    Release.objects.update(channel="portal")
    with committed():
        send(make_draft(case), people)
    assert len(feed(state)) == 1
    assert "演练" not in (state / "portal" / "index.html").read_text()
