"""The pictures inside an article, without logos, avatars and share icons."""

from __future__ import annotations

import re
from collections.abc import Iterable

from lxml import etree

from spiders.parse.body import Body
from spiders.parse.sheet import Picture, Sheet, lay_out
from spiders.urls import canonical
from store.stages import Image

MOST = 9
SMALLEST = 80  # pixels declared
NOT_PICTURES = re.compile(
    r"logo|avatar|head(?:pic|img)|icon|qr-?code|erweima|share|weixin|wechat|weibo|spacer|blank|pixel|loading|placeholder|sprite|emoji|smil(?:ey|ies)|/face/|/none\.gif|btn|button|arrow|\.svg(?:\?|$)|\.gif\?.*track",
    re.IGNORECASE,
)
NOT_ALT = re.compile(r"二维码|扫一扫|头像|logo|分享|返回|广告", re.IGNORECASE)


def find_images(sheet: Sheet, body: Body | None, *, url: str) -> tuple[Image, ...]:
    """At most `MOST` pictures of the body in its order, each address once; the hash is still to be made."""
    if body is None:
        return ()
    inside = range(body.block, sheet.blocks[body.block].end)
    return _kept((p for p in sheet.pictures if p.block in inside and p.block not in body.junk), url=url)


def post_images(post: etree._Element, *, url: str) -> tuple[Image, ...]:
    """As `find_images`, of the element that holds one post of a board or microblog."""
    return _kept(lay_out(post).pictures, url=url)


def _kept(pictures: Iterable[Picture], *, url: str) -> tuple[Image, ...]:
    found: dict[str, Image] = {}
    for picture in pictures:
        address = canonical(picture.source, base=url) if _is_picture(picture) else ""
        if address:
            found.setdefault(address, Image(url=address, alt=picture.alt))
    return tuple(found.values())[:MOST]


def _is_picture(picture: Picture) -> bool:
    if NOT_PICTURES.search(picture.source.partition("?")[0]) or NOT_ALT.search(picture.alt):
        return False
    return all(side is None or side >= SMALLEST for side in (picture.width, picture.height))
