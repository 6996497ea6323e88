"""Is this answer what was asked for? A saved response to the state that says why not, or None."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from spiders.parse.text import document, element_text
from spiders.saved import Saved
from store.stages import HarvestState

BLOCKED_STATUS = frozenset({403, 418, 429, 432, 451})  # 432: Weibo's own word for too many requests
LOGIN_PATH = re.compile(r"(^|[/_.-])(log-?in|sign-?in|signon|passport|sso|oauth|auth|cas)([/_.?-]|$)", re.IGNORECASE)
LOGIN_WORDS = re.compile(
    r"(需要登录|需登录|请先?登录|登录后(才能|可|即可|方可|继续)|尚未登录|没有登录|您无权|(please|must) (log|sign) in)",
    re.IGNORECASE,
)
CAPTCHA_WORDS = re.compile(
    r"(请输入验证码|输入验证码|人机验证|安全验证|滑动验证|完成验证|访问过于频繁|访问太频繁|操作过于频繁|请求过于频繁"
    r"|您的访问(存在|被|已被)|异常访问|访问(被|已被)(拒绝|拦截|阻断)|are you (a )?(human|robot)|captcha|cf-challenge|just a moment)",
    re.IGNORECASE,
)
SHORT_PAGE = 400  # characters of visible text; a page with more holds something besides the notice


def classify(saved: Saved) -> HarvestState | None:
    """The named state of an answer that is no content, None for one that can be parsed (or is a 304)."""
    if saved.status == 304:
        return None
    if not 200 <= saved.status < 300:
        return _refusal(saved)
    if _is_login_redirect(saved):
        return HarvestState.LOGIN_WALL
    if not saved.body.strip():
        return HarvestState.EMPTY
    if saved.is_cut or saved.ends_inside_character:
        return HarvestState.TRUNCATED
    return _wall(saved)


def _refusal(saved: Saved) -> HarvestState:
    if saved.status in BLOCKED_STATUS or (saved.status == 503 and "retry-after" in saved.headers):
        return HarvestState.BLOCKED
    return HarvestState.LOGIN_WALL if saved.status in (401, 407) else HarvestState.UNREACHABLE


def retry_after(saved: Saved, *, now: datetime) -> datetime | None:
    """When the site wants to be asked again, UTC, as its Retry-After header says; None when it does not say."""
    value = saved.headers.get("retry-after", "").strip()
    if value.isdigit():
        return datetime.fromtimestamp(now.timestamp() + int(value), UTC)
    try:
        return parsedate_to_datetime(value).astimezone(UTC)
    except (ValueError, TypeError, IndexError):
        return None


def _is_login_redirect(saved: Saved) -> bool:
    asked, answered = urlsplit(saved.asked or saved.url), urlsplit(saved.url)
    moved = (asked.netloc, asked.path) != (answered.netloc, answered.path)
    return moved and bool(LOGIN_PATH.search(answered.path)) and not LOGIN_PATH.search(asked.path)


def _wall(saved: Saved) -> HarvestState | None:
    """A sign-in form or a captcha where the content should be; only short pages can be one."""
    if not saved.is_markup or b"<rss" in saved.body[:600] or b"<feed" in saved.body[:600]:
        return None
    page = document(saved.text)
    if page is None:
        return HarvestState.EMPTY
    text = element_text(page)
    title = " ".join(page.xpath("//title/text()")[:1])
    if len(text) > SHORT_PAGE:
        return None
    if page.xpath("//input[@type='password']") or LOGIN_WORDS.search(text) or LOGIN_WORDS.search(title):
        return HarvestState.LOGIN_WALL
    if CAPTCHA_WORDS.search(text) or CAPTCHA_WORDS.search(title):
        return HarvestState.BLOCKED
    return None
