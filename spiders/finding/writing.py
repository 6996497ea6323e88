"""A proposal and its trial to the text of a source file that a person reviews before it is switched on."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from urllib.parse import urlsplit

from spiders.finding.platforms import Proposal
from spiders.sources import source_text

CHINA = timezone(timedelta(hours=8))
CHECKS = {  # what a person must look at before switching on, beside the key it concerns
    "publisher": "核对：发布单位的全称",
    "cadence": "核对：对方多久更新一次；比它更勤只会打扰对方",
    "expect": "核对：每次列出的条数，超出会提示",
    "permission": "核对：许可的原文存在哪里",
    "allow_private": "核对：确是本单位自己的服务器",
    "terms": "核对：读过对方的使用条款和 robots.txt 后，把要点写在这里",
    "verified": "核对完改为 true",
    "on": "启用时改为 true",
}
SELECTORS = {  # what each selector of a board points at
    "list": "列表页上每个主题的那一行",
    "thread": "那一行里指向主题的链接",
    "post": "主题页上每一楼",
    "author": "每一楼里的作者",
    "time": "每一楼里的发表时间",
    "next": "列表页的“下一页”链接",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """What the reviewer is told at the head of the file."""

    now: datetime
    tried: str  # Chinese: how the trial ended and what it heard; "" when there was none
    others: Sequence[Proposal] = ()


def slug_of(url: str, kind: str) -> str:
    """A file name for an address: its host in small letters and hyphens, with the kind; at most 64 characters."""
    host = re.sub(r"^(www|m)\.", "", (urlsplit(url).hostname or "source").lower())
    return f"{re.sub(r'[^a-z0-9]+', '-', host).strip('-') or 'source'}"[: 63 - len(kind)] + f"-{kind}"


def values_of(one: Proposal, *, title: str, more: Mapping[str, object], listed: int = 0) -> dict[str, object]:
    """The keys of the source file, switched off and unverified."""
    name = title or one.title or urlsplit(one.url).netloc
    return {
        "title": name,
        "publisher": one.title or name,
        "kind": one.kind,
        "url": one.url,
        **one.keys,
        "cadence": "1d",
        "expect": {"min": 1 if listed else 0, "max": max(50, 4 * listed)},
        **more,
        "terms": "待核实",
        "verified": False,
        "on": False,
    }


def file_text(values: Mapping[str, object], one: Proposal, review: Review) -> str:
    """The source file: what was found above, each key with what to check beside it."""
    day = f"{review.now.astimezone(CHINA):%Y-%m-%d}"
    head = [
        f"# {day} 由 chaoxin sources add 生成，尚未启用。请逐项核对带“核对”的行，再改 verified 和 on。",
        f"# 选这一种的理由：{one.why}。",
    ]
    head += [f"# 试听：{review.tried}"] if review.tried else []
    head += [f"# 也可以用：{other.kind} {other.url}（{other.why}）" for other in review.others]
    lines = [_line(key, value) for key, value in values.items()]
    return "\n".join([*map(_one_line, head), *lines, *_selectors(one)]) + "\n"


def _line(key: str, value: object) -> str:
    text = source_text({key: value}).rstrip("\n")
    return f"{text}  # {CHECKS[key]}" if key in CHECKS and "\n" not in text else text


def _selectors(one: Proposal) -> list[str]:
    if not one.needs:
        return []
    lines = [f'#   {name}: ""  # {SELECTORS[name]}' for name in one.needs]
    return ["# 这个论坛须写明各部分的位置（CSS 选择器），写好后去掉行首的 #：", "# select:", *lines]


def _one_line(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()
