"""The privacy gate: authors become keyed hashes, personal marks are masked, before anything is written (PIPL art. 6, 51)."""

from __future__ import annotations

import hashlib
import hmac
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from urllib.parse import urlsplit

from nlp.normalise import storable
from spiders.heard import Heard
from spiders.sources import Source
from store.stages import Entry, SourceKind

SECONDS_A_DAY = 86_400
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)  # GB 11643-1999
CHECK_DIGITS = "10X98765432"
NARROW: dict[int, int | str] = {**{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}, 0x3000: " "}
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
ADDRESS = re.compile(r"https?://[\w\-.~:/?#\[\]@!$&'()*+=%]+", re.ASCII)
ABOUT_PHONE = r"(?:电话|座机|手机|传真|联系方式|联系|拨打|致电|来电|咨询|[Tt][Ee][Ll])"
ABOUT_ID = re.compile(r"身份证|证件号|公民身份")
ABOUT_CARD = re.compile(r"银行卡|卡号|账号|帐号|账户|打款|汇款|转账|收款")

Test = Callable[[re.Match[str], str], bool]


@dataclass(frozen=True, slots=True)
class Rule:
    """A pattern whose `group` is replaced by `mark` where `holds` (match, whole text) says so.

    With `each`, the parts of the match that it finds are replaced one by one: names may stand in an unbroken chain.
    """

    mark: str
    pattern: re.Pattern[str]
    holds: Test = lambda _match, _text: True
    group: int = 0
    each: re.Pattern[str] | None = None


def id_check_digit_is_right(number: str) -> bool:
    """Whether an 18-digit citizen number ends in the check digit of GB 11643-1999."""
    total = sum(int(d) * w for d, w in zip(number[:17], WEIGHTS, strict=True))
    return CHECK_DIGITS[total % 11] == number[17].upper()


def luhn_is_right(number: str) -> bool:
    """Whether a card number ends in the check digit of ISO/IEC 7812-1 (Luhn)."""
    doubled = [int(d) * (1 + i % 2) for i, d in enumerate(reversed(number))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0


def _before(match: re.Match[str], text: str, *, width: int = 14) -> str:
    return text[max(0, match.start() - width) : match.start()]


def _is_citizen(match: re.Match[str], text: str) -> bool:
    number = match[0]
    if ABOUT_ID.search(_before(match, text)):
        return True
    return len(number) == 18 and id_check_digit_is_right(number)


def _is_card(match: re.Match[str], text: str) -> bool:
    digits = re.sub(r"\D", "", match[0])
    if not 15 <= len(digits) <= 19 or not luhn_is_right(digits):
        return bool(ABOUT_CARD.search(_before(match, text))) and 12 <= len(digits) <= 19
    return digits.startswith("62") or bool(ABOUT_CARD.search(_before(match, text)))


def _has_digit(match: re.Match[str], _text: str) -> bool:
    return bool(re.search(r"\d", match[0][2:]))


# In this order: a longer or more certain form before a shorter one inside it.
RULES = (
    Rule("@[用户]", re.compile(r"(?<![A-Za-z0-9._%+-])@[A-Za-z0-9_.-]+@[A-Za-z0-9.-]*[A-Za-z0-9](?::\d+)?", re.ASCII)),
    Rule(
        "[邮箱]",
        re.compile(r"(?<![\w.+-])[A-Za-z0-9][\w.+-]{0,63}@(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,}(?![A-Za-z0-9-])", re.ASCII),
    ),
    Rule(
        "[身份证]",
        re.compile(r"(?<!\d)[1-9]\d{5}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dXx](?!\d)"),
        _is_citizen,
    ),
    Rule(
        "[身份证]",
        re.compile(r"(?<!\d)[1-9]\d{5}\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}(?!\d)"),
        _is_citizen,
    ),
    Rule("[银行卡]", re.compile(r"(?<![\d.])\d{4}(?:[ -]?\d{4}){2,3}(?:[ -]?\d{1,3})?(?![\d.]\d|\d)"), _is_card),
    Rule(
        "[电话]",
        re.compile(
            r"(?<![\d.])(?:(?:\+|00)?86[- ]?)?1[3-9]\d[-. ]?\d{4}[-. ]?\d{4}(?!\d|\s*(?:元|万|亿|吨|立方|平方|米|公里|千瓦|人次))"
        ),
    ),
    Rule(
        "[电话]",
        re.compile(
            r"(?<![\d.])(?:(?:\+|00)86[- ]?)?[(]?(?:0?10|0?2\d|0[3-9]\d{2})[)]?(?:[- ]|(?<=[)]))\d{3,4}[- ]?\d{4}(?:-\d{1,5})?(?!\d)"
        ),
    ),
    Rule("[电话]", re.compile(r"(?<![\d.])0(?:10|2\d|[3-9]\d{2})[2-9]\d{6,7}(?!\d)")),
    Rule("[电话]", re.compile(ABOUT_PHONE + r"[^\d\n]{0,6}(?<![\d.])([2-9]\d{6,7})(?![\d.]\d|\d)"), group=1),
    Rule(
        "[车牌]",
        re.compile(rf"[{PROVINCES}][A-HJ-NP-Za-hj-np-z] ?[·•.．\-]? ?[A-HJ-NP-Za-hj-np-z0-9]{{5,6}}(?![A-Za-z0-9])"),
        _has_digit,
    ),
    Rule(
        "[车牌]",
        re.compile(
            rf"[{PROVINCES}][A-HJ-NP-Za-hj-np-z] ?[·•.．\-]? ?[A-HJ-NP-Za-hj-np-z0-9]{{4}}[挂学警港澳](?![A-Za-z0-9])"
        ),
        _has_digit,
    ),
    Rule(
        "[微信]",
        re.compile(
            r"(?:微信号?|薇信|威信|[Ww]e[Cc]hat|weixin|[VvWw][Xx]|V信|v信)\s*(?:号|[Ii][Dd])?\s*(?:[:]|是|为)\s*([A-Za-z][A-Za-z0-9_-]{5,19}|\d{5,11})(?![A-Za-z0-9])"
        ),
        group=1,
    ),
    Rule(
        "[微信]",
        re.compile(
            r"(?:加(?:我)?(?:微信号?|薇信|[VvWw][Xx]|V信|v信)|微信号|[VvWw][Xx])\s*([A-Za-z][A-Za-z0-9_-]{5,19}|\d{5,11})(?![A-Za-z0-9])"
        ),
        group=1,
    ),
    Rule(
        "[QQ]",
        re.compile(r"(?:[Qq][Qq]|扣扣|企鹅)\s*(?:群|号|群号)?\s*(?:[:]|是|为)?\s*([1-9]\d{4,11})(?!\d)"),
        group=1,
    ),
    Rule("@[用户]", re.compile(r"(?<![A-Za-z0-9._%+-])(?:@[\w\-·]{1,30})+"), each=re.compile(r"@[\w\-·]{1,30}")),
)


def mask(text: str) -> str:
    """The text with phones, citizen numbers, mails, plates, cards, chat accounts and @names masked; idempotent.

    Full-width digits and letters are recognised as well. Plain numbers, dates, tide levels, document numbers and the
    hotlines 12345 and 12395 stay. Addresses (URLs) stay as they are.
    """
    for _ in range(
        len(text) + 1
    ):  # a mark may bare the edge of the next number; two rounds are the most that was ever seen
        masked = _mask_once(text)
        if masked == text:
            break
        text = masked
    return text


def _mask_once(text: str) -> str:
    shadow, addresses = _shadow(text)
    for rule in RULES:
        spans = list(_spans(rule, shadow, addresses))
        for start, end in reversed(spans):
            text = text[:start] + rule.mark + text[end:]
        if spans:
            shadow, addresses = _shadow(text)
    return text


def _shadow(text: str) -> tuple[str, list[tuple[int, int]]]:
    """The text with full-width letters, digits and signs narrow, each character still at its place, and where its addresses are."""
    shadow = text.translate(NARROW)
    return shadow, [match.span() for match in ADDRESS.finditer(shadow)]


def _spans(rule: Rule, shadow: str, addresses: list[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    for match in rule.pattern.finditer(shadow):
        start, end = match.span(rule.group)
        inside = any(a <= start < b for a, b in addresses)
        if inside or not rule.holds(match, shadow):
            continue
        if rule.each is None:
            yield start, end
        else:
            yield from (part.span() for part in rule.each.finditer(shadow, start, end))


@dataclass(frozen=True, slots=True)
class Gate:
    """Turns what was heard into what may be kept; `secret` and `key_days` make the author keys."""

    secret: bytes
    key_days: int

    def entry(self, heard: Heard, source: Source, *, now: datetime) -> Entry:
        """The masked entry. `raw` is kept whole for official messages only: a relay must be exact."""
        is_bulletin = source.kind in (SourceKind.CAP, SourceKind.BULLETIN)
        platform = source.platform or urlsplit(source.url).netloc.lower() or source.slug
        return Entry(
            source=source.slug,
            kind=source.kind,
            url=heard.url,
            title=mask(storable(heard.title)),
            text=mask(storable(heard.text)),
            published_at=heard.published_at,
            fetched_at=now.astimezone(UTC),
            author_key=self.author_key(platform, heard.author, now=now),
            publisher=storable(heard.publisher) or source.publisher,
            reply_to=heard.reply_to,
            official=source.official if heard.official is None else heard.official,
            raw=storable(heard.raw) if is_bulletin and source.official else "",
            engagement=heard.engagement,
            images=tuple(replace(image, alt=mask(storable(image.alt))) for image in heard.images),
        )

    def author_key(self, platform: str, author: str, *, now: datetime) -> str:
        """HMAC-SHA256 hex of platform, author and the period `now` lies in; "" for no author.

        The period changes every `key_days` days, so that nobody can be followed across periods.
        """
        if not author:
            return ""
        period = int(now.timestamp()) // (self.key_days * SECONDS_A_DAY)
        message = f"{platform}|{author}|{period}".encode(errors="replace")
        return hmac.new(self.secret, message, hashlib.sha256).hexdigest()
