"""JSON of m.weibo.cn (container search and hot list, as served to a browser without an account) to posts and hot words."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit, urlunsplit

from spiders.dates import parse_time
from spiders.heard import Heard
from spiders.parse.text import html_text, one_line
from spiders.saved import Saved
from spiders.urls import canonical
from store.stages import Engagement, HarvestState

LOGIN = re.compile(r"登录|登陆|passport\.weibo|visitor", re.IGNORECASE)
FREQUENT = re.compile(r"频繁|稍后再试|异常")
UNITS = {"": 1, "万": 10_000, "亿": 100_000_000}
COUNT = re.compile(r"(\d+(?:\.\d+)?)\s*([万亿]?)")
SEARCH = re.compile(r"100103type|filter_type")  # where a line of the hot list leads
FACE = re.compile(r"<img[^>]*\balt=\"?(\[[^\]\"]{1,12}\])\"?[^>]*>")
MORE = re.compile(r"\s*(?:\.\.\.|…)?\s*<a [^>]*href=\"/status/\d+\"[^>]*>全文</a>\s*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cards:
    """One answer: its posts and hot words, and where it is no answer the state that says why."""

    heard: tuple[Heard, ...] = ()
    skipped: tuple[str, ...] = ()
    refusal: HarvestState | None = None
    said: str = ""  # what the site said with its refusal


def container(url: str, *, word: str = "", page: int = 1) -> str:
    """The address of a search for `word` (of the address itself without one), on a page."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    if word:
        query = {"containerid": f"100103type=1&q={word}", "page_type": "searchall"}
    if page > 1:
        query["page"] = str(page)
    return urlunsplit((*parts[:3], urlencode(query), ""))


def read_cards(saved: Saved, *, now: datetime) -> Cards:
    """The posts and hot words of one answer, in its order; a repost is followed by the post it hands on."""
    try:
        answer = json.loads(saved.text)
    except (ValueError, RecursionError):  # numbers and nests beyond all measure too
        answer = None
    if not isinstance(answer, dict):
        return Cards(refusal=HarvestState.PARSE_FAILED, said="回答不是微博的接口数据")
    refusal = _refusal(answer)
    if refusal:
        return Cards(refusal=refusal, said=_said(answer))
    data = _mapping(answer.get("data", answer))
    heard: list[Heard] = []
    skipped: list[str] = []
    for card in _leaves(data.get("cards")):
        for found in _card(card, saved, now=now):
            (heard if isinstance(found, Heard) else skipped).append(found)  # type: ignore[arg-type]
    return Cards(heard=tuple(heard), skipped=tuple(skipped))


def count(value: object) -> int | None:
    """A count as the platform writes it, 1.2万 and 100万+ included; None for what is none."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int):
        return value if value >= 0 else None
    match = COUNT.search(str(value))
    return round(float(match[1]) * UNITS[match[2]]) if match else None


def _refusal(answer: dict[str, Any]) -> HarvestState | None:
    """`ok` is 1 for content, 0 for none or a refusal, -100 for a visitor who is to log in."""
    if answer.get("ok", 1) == 1:
        return None if "cards" in _mapping(answer.get("data", answer)) else HarvestState.PARSE_FAILED
    if answer["ok"] == -100 or LOGIN.search(f"{_said(answer)} {answer.get('url', '')}"):
        return HarvestState.LOGIN_WALL
    if FREQUENT.search(_said(answer)):
        return HarvestState.BLOCKED
    return None


def _said(answer: dict[str, Any]) -> str:
    return str(answer.get("msg") or answer.get("errmsg") or f"ok: {answer.get('ok')}")[:60]


def _leaves(cards: object) -> Iterator[dict[str, Any]]:
    """Every card, groups opened."""
    for card in cards if isinstance(cards, list) else []:
        if not isinstance(card, dict):
            continue
        yield card
        yield from _leaves(card.get("card_group"))


def _card(card: dict[str, Any], saved: Saved, *, now: datetime) -> Iterator[Heard | str]:
    post = card.get("mblog")
    if isinstance(post, dict):
        yield _post(post, saved, now=now)
        original = post.get("retweeted_status")
        if isinstance(original, dict) and original.get("user"):
            yield _post(original, saved, now=now)
    elif card.get("desc") and SEARCH.search(str(card.get("scheme", ""))):
        yield _hot_word(card, saved)


def _hot_word(card: dict[str, Any], saved: Saved) -> Heard | str:
    """One line of the hot list; its heat is counted as views."""
    word = one_line(str(card["desc"]))
    if card.get("promotion") or "is_ad_pos" in str(card.get("actionlog", "")):
        return "热搜里的广告位"
    url = container(urljoin(saved.url, "/search"), word=word)
    return Heard(url=canonical(url), title=word, engagement=Engagement(views=count(card.get("desc_extr"))))


def _post(post: dict[str, Any], saved: Saved, *, now: datetime) -> Heard | str:
    number = str(post.get("mid") or post.get("id") or "")
    if not number.isdigit():
        return "没有编号的微博"
    if _mapping(post.get("visible")).get("type", 0) != 0:
        return "不是公开的微博"
    whole = _mapping(post.get("longText")).get("longTextContent") or post.get("text") or ""
    original = _mapping(post.get("retweeted_status"))
    source = str(original.get("mid") or original.get("id") or "")
    return Heard(
        url=_address(number, saved),
        text=html_text(MORE.sub("…", FACE.sub(r"\1", str(whole)))),
        published_at=_time(str(post.get("created_at") or ""), now=now),
        author=str(_mapping(post.get("user")).get("id") or ""),
        reply_to=_address(source, saved) if source.isdigit() else "",
        engagement=Engagement(
            reposts=count(post.get("reposts_count")),
            replies=count(post.get("comments_count")),
            likes=count(post.get("attitudes_count")),
            views=count(post.get("obj_ext")),
        ),
    )


def _mapping(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _address(number: str, saved: Saved) -> str:
    """A post's address without its author's number, which the usual address holds."""
    return canonical(urljoin(saved.url, f"/detail/{number}"))


def _time(stated: str, *, now: datetime) -> datetime | None:
    try:
        return datetime.strptime(stated, "%a %b %d %H:%M:%S %z %Y").astimezone(UTC)
    except ValueError:
        return parse_time(stated, now=now)
