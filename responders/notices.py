"""Notices to the officers over the channels they chose (WeCom, DingTalk, Feishu, mail, webhook: Apprise's addresses)."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from responders.wording import short_moment
from store.models import SourceOutage
from store.settings import settings

logger = logging.getLogger("chaoxin.notices")


@dataclass(frozen=True, slots=True)
class Notice:
    """What officers read on their phones; plain text."""

    title: str
    body: str


def somewhere_to_send() -> bool:
    """Whether any channel is set (`CHAOXIN_NOTICE_URLS`)."""
    return bool(settings().notice_urls.split())


def send(notice: Notice) -> bool:
    """Send over every channel; False when none took it. An address that is none is logged by its number and left out."""
    import apprise  # a second of imports, only where a channel is set

    channels = apprise.Apprise()
    for number, url in enumerate(settings().notice_urls.split(), 1):
        if not channels.add(url):  # the address holds a key: it is never shown
            logger.error("CHAOXIN_NOTICE_URLS: address %d is no Apprise address; see docs/operations.md", number)
    taken = [
        bool(one.notify(body=notice.body, title=notice.title, body_format=apprise.NotifyFormat.TEXT))
        for one in channels
    ]
    for number, was_taken in enumerate(taken, 1):
        if not was_taken:
            logger.warning("notice.failed channel=%d title=%s", number, notice.title)
    return any(taken)


def outage_notice(rows: Sequence[SourceOutage], *, now: datetime) -> Notice:
    """The beginning of outages, one line each."""
    lines = [f"· {row.source.title}：{row.reason}" for row in rows]
    first = f"截至 {short_moment(now)}，以下来源没有听到，其内容没有计入："
    return Notice(
        f"潮信：{len(rows)} 个来源没有听到", "\n".join([first, *lines, "详情见工作台“来源”。恢复后会再通知一次。"])
    )


def recovery_notice(rows: Sequence[SourceOutage], *, now: datetime) -> Notice:
    """The end of outages, one line each."""
    lines = [f"· {row.source.title}（{short_moment(row.began_at)}通报）" for row in rows]
    return Notice(
        f"潮信：{len(rows)} 个来源已恢复", "\n".join([f"截至 {short_moment(now)}，以下来源又听到了：", *lines])
    )
