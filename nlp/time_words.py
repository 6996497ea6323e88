"""The words by which Chinese text names times, and the patterns that find them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import timedelta, timezone

BEIJING = timezone(timedelta(hours=8))
DIGITS = {character: value for value, character in enumerate("〇一二三四五六七八九")} | {"零": 0, "两": 2, "○": 0}
DAYS = {
    "大前天": -3,
    "前天": -2,
    "前日": -2,
    "前晚": -2,
    "昨天": -1,
    "昨日": -1,
    "昨晚": -1,
    "昨夜": -1,
    "昨早": -1,
    "昨": -1,
}
DAYS |= {"今天": 0, "今日": 0, "今晚": 0, "今夜": 0, "今早": 0, "今晨": 0, "当天": 0, "今": 0, "当晚": 0}
DAYS |= {
    "明天": 1,
    "明日": 1,
    "明晚": 1,
    "明夜": 1,
    "明早": 1,
    "明晨": 1,
    "明": 1,
    "次日": 1,
    "翌日": 1,
    "后天": 2,
    "后日": 2,
    "大后天": 3,
}
PARTS = {  # hours from the day's midnight; above 24 lies the next day
    "凌晨": (0, 6), "后半夜": (24, 30), "下半夜": (24, 30), "上半夜": (20, 24), "前半夜": (20, 24), "半夜": (23, 29),
    "清晨": (5, 8), "早晨": (5, 9), "早上": (5, 9), "早间": (5, 9), "早": (5, 9), "晨": (5, 8), "上午": (8, 12),
    "中午": (11, 13), "正午": (11, 13), "午间": (11, 13), "下午": (12, 18), "午后": (12, 18), "傍晚": (17, 20),
    "晚上": (18, 24), "晚间": (18, 24), "晚": (18, 24), "夜间": (20, 32), "夜里": (20, 32), "夜晚": (20, 32), "深夜": (22, 26),
    "入夜": (18, 24), "夜": (20, 32), "白天": (8, 20), "前半天": (8, 12), "后半天": (12, 18), "零点": (0, 1),
}  # fmt: skip
WEEKDAYS = {character: number for number, character in enumerate("一二三四五六")} | {"日": 6, "天": 6, "末": 5}
TEN_DAYS = {
    "上旬": (1, 11),
    "中旬": (11, 21),
    "下旬": (21, 0),
    "初": (1, 6),
    "中": (11, 21),
    "底": (26, 0),
    "末": (26, 0),
}
UNITS = {
    "分钟": timedelta(minutes=1),
    "小时": timedelta(hours=1),
    "个小时": timedelta(hours=1),
    "钟头": timedelta(hours=1),
}
UNITS |= {"个钟头": timedelta(hours=1), "天": timedelta(days=1), "日": timedelta(days=1), "周": timedelta(days=7)}
UNITS |= {"个星期": timedelta(days=7), "星期": timedelta(days=7), "个月": timedelta(days=30), "年": timedelta(days=365)}


def _any(words: Iterable[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


N = r"(?:\d{1,2}|[一二三四五六七八九十两〇零]{1,3})"
PART = _any([word for word in PARTS if len(word) > 1])
RANGE = r"(?:-|~|至|到|—{1,2})"
ON_DAY = rf"(?:{PART}|[早晚夜](?![报会饭餐点班市宵]|高峰|自习))"  # 21日晚
AT_CLOCK = rf"(?:{PART}|[早晚](?=(?:\d{{1,2}}|[一二三四五六七八九十两]{{1,3}})[点时:]))"  # 晚8点
DAY = "|".join(
    [
        rf"(?P<day_word>{_any([word for word in DAYS if len(word) > 1])}|[今明昨](?=凌晨|上午|下午|傍晚|中午|夜间))",
        r"(?P<iso>\d{4}[-/.]\d{1,2}[-/.]\d{1,2})(?!\d)",
        rf"(?P<year>\d{{4}}|[一二三四五六七八九〇零○]{{4}})年(?:(?P<year_month>{N})月(?:份|(?P<year_day>{N})[日号]|(?P<year_part>[上中下]旬|初|底|末))?)?",
        rf"(?P<month>{N})月(?:(?P<month_day>{N})(?:[日号]|(?={RANGE}\d{{1,2}}[日号]))|(?P<month_part>[上中下]旬|初(?![一二三四五六七八九十])|底|末)|份)",
        rf"(?P<day_bare>\d{{1,2}})(?={RANGE}\d{{1,2}}[日号](?!均))",
        rf"(?<!第)(?P<day>{N})(?:日(?!均|常|本|益|元)|号(?=[凌清早上下中晚夜白到至起前之,。;、!? ]|$))",
        r"(?P<week>上上|上|下|本|这)?(?:个)?(?:周|星期|礼拜)(?P<weekday>[一二三四五六日天末])(?!期|边|围|年|周)",
        r"(?P<short>(?<![\d.-])\d{1,2}-\d{1,2})(?= \d{1,2}:\d{2})",
    ]
)
CLOCK = (
    rf"(?P<hour>{N})(?:时|点(?!建议|意见|左?右?都|要求|问题|理由|[一二三四五六七八九]倍|儿|[赞评名档位]|方向))(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<minute>{N})分?(?!钟|米))?(?:钟|整)?"
    r"|(?P<hh>[0-2]?\d):(?P<mm>[0-5]\d)(?::[0-5]\d)?(?![\d:])"
)
FIRST = r"(?=[\d一二三四五六七八九十两〇零○今明昨前后大次翌当上下本这周星礼凌清早晨中正午傍晚夜深入白半])"  # spares most positions
# A lunar date is no date of the calendar, and what happens every day or week has no one time.
NOT_AFTER = "(?<![\\d.廿卅十百每])(?<!农历)(?<!阴历)(?<!旧历)(?<!正月)(?<!腊月)(?<!每天)(?<!每日)(?<!每晚)(?<!每周)"
POINT = re.compile(
    rf"{FIRST}{NOT_AFTER}(?:(?:{DAY})[ T]?(?P<part>{ON_DAY})?(?:[ ]?(?:{CLOCK}))?|(?P<part_alone>{AT_CLOCK})?(?:[ ]?(?:{CLOCK.replace('?P<', '?P<c_')}))|(?P<part_only>{PART}))"
)
RELATIVE = re.compile(
    rf"(?P<number>\d{{1,3}}|[一二三四五六七八九十两半]{{1,3}}|几)(?P<unit>{_any(list(UNITS))})(?:以|之)?(?P<way>前(?!期|后)|后|内)"
)
AHEAD = re.compile(
    rf"(?P<way>未来|今后|过去|近|最近)(?P<number>\d{{1,3}}|[一二三四五六七八九十两]{{1,3}})(?P<unit>{_any(list(UNITS))})"
)
JUST_NOW = re.compile("刚刚|刚才")
YEARS = re.compile(
    r"(?P<year>[今去前明]年)(?:(?P<month>[一二三四五六七八九十\d]{1,2})月(?:份)?(?!\d|[一二三四五六七八九十]))?"
)
WEEKS = re.compile(r"(?P<way>上上|上|本|这|下下|下)(?:一)?(?:个)?(?:周|星期|礼拜)(?![一二三四五六日天末几期边围岁年])")
MONTHS = re.compile(r"(?P<way>上|本|这|下)(?:个)?月(?P<part>[上中下]旬|初(?![一二三四五六七八九十])|底|末)?")
STEPS = {"上上": -2, "上": -1, "本": 0, "这": 0, "下": 1, "下下": 2}
JOINT = re.compile(r"\s?(?:到|至|~|—{1,2}|-|－|起至|开始到)\s?")
YEAR_NAMED = re.compile(r"年|\d{4}[-/.]")
WORTH = re.compile(r"[日号月点时年周前后今明昨天晚夜晨刚:]|星期|礼拜|未来|过去|\d{4}[-/.]\d")


VAGUE = re.compile("[一二三四五六七八九两]{2}")  # 两三, 七八: about so many


def number(written: str) -> int:
    """A number under a hundred in digits or Chinese; 0 for the empty string, 99 for 两三 and the like, which name none."""
    if not written:
        return 0
    if written.isdigit() and written.isascii():
        return int(written)
    if VAGUE.fullmatch(written):
        return 99
    if "十" not in written:
        return int("".join(str(DIGITS[character]) for character in written))
    tens, ones = written.split("十", 1)
    return (DIGITS[tens] if tens else 1) * 10 + (DIGITS[ones] if ones else 0)
