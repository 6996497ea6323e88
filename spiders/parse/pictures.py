"""The pictures inside an article, without logos, avatars and share icons."""

from __future__ import annotations

import re

from spiders.parse.body import Body
from spiders.parse.sheet import Picture, Sheet
from spiders.urls import canonical
from store.stages import Image

MOST = 9
SMALLEST = 80  # pixels declared
NOT_PICTURES = re.compile(
    r"logo|avatar|head(?:pic|img)|icon|qr-?code|erweima|share|weixin|wechat|weibo|spacer|blank|pixel|loading|placeholder|sprite|emoji|/face/|btn|button|arrow|\.svg(?:\?|$)|\.gif\?.*track",
    re.IGNORECASE,
)
NOT_ALT = re.compile(r"二维码|扫一扫|头像|logo|分享|返回|广告", re.IGNORECASE)


def find_images(sheet: Sheet, body: Body | None, *, url: str) -> tuple[Image, ...]:
    """At most `MOST` pictures of the body in its order, each address once; the hash is still to be made."""
    if body is None:
        return ()
    found: dict[str, Image] = {}
    for picture in sheet.pictures:
        if (
            body.block <= picture.block < sheet.blocks[body.block].end
            and picture.block not in body.junk
            and _is_picture(picture)
        ):
            address = canonical(picture.source, base=url)
            if address:
                found.setdefault(address, Image(url=address, alt=picture.alt))
    return tuple(found.values())[:MOST]


def _is_picture(picture: Picture) -> bool:
    if NOT_PICTURES.search(picture.source.partition("?")[0]) or NOT_ALT.search(picture.alt):
        return False
    return all(side is None or side >= SMALLEST for side in (picture.width, picture.height))
