"""Times as Chinese sites write them, to UTC: relative, short, spelled out in characters, RFC and epoch forms."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

BEIJING = ZoneInfo("Asia/Shanghai")
DIGITS = {**{c: i for i, c in enumerate("零一二三四五六七八九")}, "〇": 0, "○": 0, "两": 2}
SPANS = {
    "秒": 1,
    "分": 60,
    "小时": 3600,
    "天": 86400,
    "日": 86400,
    "周": 604800,
    "星期": 604800,
    "月": 2592000,
    "年": 31536000,
}
DAYS_AGO = {"今天": 0, "今日": 0, "昨天": 1, "昨日": 1, "前天": 2, "大前天": 3}
ENGLISH = {
    m: i + 1 for i, m in enumerate(["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"])
}
CLOCK = r"(?P<half>凌晨|早上|上午|中午|下午|傍晚|晚上|晚)?\s*(?P<h>\d{1,2})\s*[:时点]\s*(?:(?P<mi>\d{1,2})\s*分?)?(?:\s*[:]?\s*(?P<s>\d{1,2})(?:\.\d+)?\s*秒?)?"
AMPM = r"(?:\s*(?P<ampm>[AaPp])\.?[Mm]\.?)?"
TIME = rf"(?:\s*[T日,]?\s*{CLOCK}{AMPM})?"
WEEKDAY = r"\s*[(]?(?:星期|周)[一二三四五六日天][)]?\s*"
FULL = re.compile(
    r"(?P<y>(?:19|20)\d{2})\s*[-/.年]\s*(?P<m>\d{1,2})\s*[-/.月]\s*(?P<d>\d{1,2})\s*(?:日|号)?"
    + TIME
    + r"(?:\s*(?P<zone>Z|[+-]\d{2}:?\d{2}|UTC|GMT|CST))?"
)
SHORT = re.compile(r"(?P<m>\d{1,2})\s*(?:[-/]|月)\s*(?P<d>\d{1,2})\s*(?:日|号)?" + TIME)
DAY = re.compile(rf"(?P<day>{'|'.join(sorted(DAYS_AGO, key=len, reverse=True))})\s*(?:{CLOCK})?")
ONLY_CLOCK = re.compile(CLOCK)
AGO = re.compile(
    r"(?:约|大约)?\s*(?P<n>\d+|半|几)\s*个?\s*(?P<unit>秒|分|小时|天|日|周|星期|月|年)钟?\s*(?P<half>半)?\s*(?:以)?前"
)
DAY_MONTH = re.compile(r"(?P<d>\d{1,2})\s*(?P<m>\d{1,2})月[, ]*(?P<y>(?:19|20)\d{2})?" + TIME)
COMPACT = re.compile(r"(?P<y>(?:19|20)\d{2})(?P<m>\d{2})(?P<d>\d{2})(?:(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2})?)?")
ENGLISH_DATE = re.compile(
    r"(?:(?P<d1>\d{1,2})\s+)?(?P<mon>[A-Za-z]{3})[a-z]*\.?\s+(?:(?P<d2>\d{1,2})(?:st|nd|rd|th)?,?\s+)?(?P<y>(?:19|20)\d{2})"
    + TIME
)
TWO_DIGIT_YEAR = re.compile(r"(?P<y>\d{2})-(?P<m>\d{1,2})-(?P<d>\d{1,2})" + TIME)
LABEL = re.compile(
    r"^(?:本帖|文章|稿件)?(?:最后)?(?:发表|发布|更新|编辑|刊发|回复|时间|日期|上传|成文|印发)(?:于|时间|日期|在)?\s*:?\s*"
)


@lru_cache(maxsize=4096)
def parse_time(text: str, *, now: datetime, zone: ZoneInfo = BEIJING) -> datetime | None:
    """The UTC time a text states, None when it states none that is known here.

    A time without a zone is in `zone`. A date without a year is the last such day, at most one day after `now`.
    """
    spoken = _tidy(text)
    if not spoken or len(spoken) > 80:
        return None
    local = now.astimezone(zone)
    for read in (
        _epoch,
        _relative,
        _named_day,
        _full,
        _rfc,
        _day_month,
        _english,
        _short,
        _compact,
        _two_digit_year,
        _clock_only,
    ):
        found = read(spoken, local)
        if found is not None:
            return found.astimezone(UTC)
    return None


def find_time(text: str, *, now: datetime, zone: ZoneInfo = BEIJING) -> datetime | None:
    """The first full date (with its clock time where one follows) inside a longer text, UTC; None when there is none."""
    for match in FULL.finditer(_tidy(text)):
        found = _from_match(match, now.astimezone(zone))
        if found is not None:
            return found.astimezone(UTC)
    return None


def _tidy(text: str) -> str:
    spoken = unicodedata.normalize("NFKC", text).replace("\u200b", "").strip()
    spoken = re.sub(WEEKDAY, " ", spoken) if re.search(r"\d", spoken) else spoken
    spoken = re.sub(
        r"[零一二三四五六七八九十〇○两]+(?=[年月日号时点分秒周天个小]|小时)", lambda m: _number(m[0]), spoken
    )
    previous = None
    while previous != spoken:
        previous, spoken = spoken, LABEL.sub("", spoken).strip()
    return re.sub(r"\s+", " ", spoken)


def _number(characters: str) -> str:
    """Chinese numerals to digits: 二〇一六 is read digit by digit, 二十一 by its tens."""
    if "十" not in characters:
        return "".join(str(DIGITS[c]) for c in characters)
    tens, _, ones = characters.partition("十")
    if len(tens) > 1 or len(ones) > 1:
        return characters
    return str(DIGITS.get(tens, 1) * 10 + DIGITS.get(ones, 0))


def _epoch(text: str, local: datetime) -> datetime | None:
    if not re.fullmatch(r"\d{10}(\d{3})?(\.\d+)?", text):
        return None
    seconds = float(text) / (1000 if len(text.split(".", maxsplit=1)[0]) == 13 else 1)
    found = datetime.fromtimestamp(seconds, UTC)
    return found if found.year >= 2000 and found <= local + timedelta(days=1) else None


def _relative(text: str, local: datetime) -> datetime | None:
    if text in ("刚刚", "刚才", "just now", "现在"):
        return local
    match = AGO.fullmatch(text)
    if not match:
        return None
    size = SPANS[match["unit"]]
    count = {"半": 0.5, "几": 3.0}.get(match["n"]) or float(match["n"])
    return local - timedelta(seconds=size * (count + (0.5 if match["half"] else 0)))


def _named_day(text: str, local: datetime) -> datetime | None:
    match = DAY.fullmatch(text)
    if not match:
        return None
    day = local - timedelta(days=DAYS_AGO[match["day"]])
    return _built(local, (day.year, day.month, day.day), match)


def _full(text: str, local: datetime) -> datetime | None:
    match = FULL.match(text)
    if not match:
        return None
    rest = text[match.end() :]
    # What follows a full date may be the source's name, but no further digits: then it was another form.
    return _from_match(match, local) if not re.match(r"\s*[\d:]", rest) else None


def _from_match(match: re.Match[str], local: datetime) -> datetime | None:
    found = _built(local, (int(match["y"]), int(match["m"]), int(match["d"])), match)
    name = match.groupdict().get("zone")
    # On Chinese pages CST is China's standard time; "-23:59" behind a bare day is its clock, no zone.
    if found is None or not name or name == "CST" or match["h"] is None:
        return found
    if name in ("Z", "UTC", "GMT"):
        return found.replace(tzinfo=UTC)
    sign = -1 if name[0] == "-" else 1
    hours, minutes = int(name[1:3]), int(name[-2:])
    return found.replace(tzinfo=UTC) - sign * timedelta(hours=hours, minutes=minutes)


def _rfc(text: str, local: datetime) -> datetime | None:
    if not re.match(r"(?:[A-Za-z]{3},\s*)?\d{1,2} [A-Za-z]{3} \d{2,4} \d{1,2}:\d{2}", text):
        return None
    try:
        found = parsedate_to_datetime(re.sub(r"\bCST$", "+0800", text))
    except (ValueError, TypeError, IndexError):
        return None
    return found if found.tzinfo else found.replace(tzinfo=local.tzinfo)


def _day_month(text: str, local: datetime) -> datetime | None:
    """A day before its month, "13 十一月", as a board's English layout in a Chinese translation shows it."""
    match = DAY_MONTH.fullmatch(text)
    if not match:
        return None
    if match["y"]:
        return _built(local, (int(match["y"]), int(match["m"]), int(match["d"])), match)
    return _recent(local, match)


def _english(text: str, local: datetime) -> datetime | None:
    match = ENGLISH_DATE.fullmatch(text)
    if not match or match["mon"].lower() not in ENGLISH or not (match["d1"] or match["d2"]):
        return None
    return _built(local, (int(match["y"]), ENGLISH[match["mon"].lower()], int(match["d1"] or match["d2"])), match)


def _short(text: str, local: datetime) -> datetime | None:
    match = SHORT.fullmatch(text)
    return _recent(local, match) if match else None


def _compact(text: str, local: datetime) -> datetime | None:
    match = COMPACT.fullmatch(text)
    return _built(local, (int(match["y"]), int(match["m"]), int(match["d"])), match) if match else None


def _two_digit_year(text: str, local: datetime) -> datetime | None:
    match = TWO_DIGIT_YEAR.fullmatch(text)
    if not match or int(match["y"]) > local.year % 100 + 1:
        return None
    return _built(local, (2000 + int(match["y"]), int(match["m"]), int(match["d"])), match)


def _clock_only(text: str, local: datetime) -> datetime | None:
    match = ONLY_CLOCK.fullmatch(text)
    if not match or match["mi"] is None:
        return None
    found = _built(local, (local.year, local.month, local.day), match)
    return found - timedelta(days=1) if found and found > local + timedelta(minutes=10) else found


def _recent(local: datetime, match: re.Match[str]) -> datetime | None:
    """The last such day and month that is at most one day ahead; 29 February looks back to the last leap year."""
    for year in range(local.year + 1, local.year - 9, -1):
        found = _built(local, (year, int(match["m"]), int(match["d"])), match)
        if found is not None and found <= local + timedelta(days=1):
            return found
    return None


def _built(local: datetime, date: tuple[int, int, int], match: re.Match[str]) -> datetime | None:
    parts = match.groupdict()
    hour, minute, second = (int(parts.get(k) or 0) for k in ("h", "mi", "s"))
    late = parts.get("half") in ("下午", "傍晚", "晚上", "晚") or (parts.get("ampm") or "").lower() == "p"
    if late and hour < 12:
        hour += 12
    if (parts.get("ampm") or "").lower() == "a" and hour == 12:
        hour = 0
    day_after = hour == 24 and minute == 0
    try:
        built = datetime(*date, 0 if day_after else hour, minute, second, tzinfo=local.tzinfo)
    except ValueError:
        return None
    return built + timedelta(days=1) if day_after else built
