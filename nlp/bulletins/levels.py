"""Finds the levels a bulletin states, for the whole and by area; colours of tide marks and of earlier bulletins are not levels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from nlp.bulletins.facts import any_of, facts
from store.errors import BadInput
from store.stages import Level

AreaLevels = dict[str, Level | None]

_NUMBER = rf"(?P<number>{any_of([n for words in facts().levels.values() for n in words.numbers])})级"
_COLOUR = r"(?P<colour>[红橙黄蓝])色?(?!.?警戒)"
_LEVEL = re.compile(rf"{_NUMBER}|{_COLOUR}")
_PRODUCT = re.compile(r"警报|预警(?!级别|中心)")
_BECOMES = re.compile(any_of(facts().message_words.becomes))
_WINDOW = 14  # characters before 警报 in which its level stands: 风暴潮Ⅲ级（黄色）警报
_HAZARD = any_of([name for words in facts().hazards.values() for name in words.names])
_STATES = re.compile(
    rf"^(?P<areas>.*?)的?(?:{_HAZARD})?(?:预警|警报)级别(?P<each>分别)?(?:均|都|仍|也|维持|保持|继续)*(?:为|是|:|在)?\s*"
    rf"(?P<level>(?:低于|未达到?)?(?:[红橙黄蓝]色|{_NUMBER.replace('?P<number>', '?:')}|无|解除).*)$"
)
_ALSO = re.compile(r"^(?P<areas>.+?)(?P<each>分别)?(?:均|都|仍|也)*(?:为|:)\s*(?P<level>(?:低于)?[红橙黄蓝]色.*)$")
_LINE = re.compile(r"^(?P<areas>\S{1,30}?)(?:\s*[:为]\s*|\s+)(?P<level>(?:低于)?[红橙黄蓝]色)(?:预警|警报)?$")
_LEAD = re.compile(r"^(?:[\d一二三四五六七八九十]+[.、)]|\W|其中|以上|上述|预计|当前|目前|各)+")
_COUNT = re.compile(r"等?(?:[一二两三四五六七八九十\d]+)个?(?:市|地|县|区|岸段|站|省)$")
_AND = re.compile(r"、|/|以及|(?<=.)及|(?<=.)和(?!平)|(?<=.)与")
_SUFFIX = re.compile(r"(?:近岸海域|近海海域|近岸|近海|海域|沿海|沿岸)$")
_SAME = re.compile(r"^(?P<which>该|上述|以上|这一|此)?(?P<sea>近岸海域|近海海域|近岸|近海|海域|岸段)?$")
_WHEN = re.compile(r"^.*(?:时段|期间|夜间|傍晚|上午|下午|今天|明天)")
_PART = re.compile(r"^[东南西北中]+部")
_SUBJECT = re.compile(r"^(?P<areas>.+?)(?:将|已|可能|有)*(?:出现|有|受|达到|维持)")


def headline_level(title: str) -> Level | None:
    """The level a title or issuing sentence gives the warning; after "升级为" and the like only what follows counts.

    Raises BadInput when number and colour contradict each other: nobody may choose between them but the issuer.
    """
    parts = _BECOMES.split(title)
    text = parts[-1]
    stated = [level for match in _PRODUCT.finditer(text) if (level := _level_beside(text, match))]
    if not stated and len(parts) > 1:
        stated = [level for level in [_one_level(text[:_WINDOW])] if level]
    return facts().highest(stated)


def area_levels(text: str) -> AreaLevels:
    """Levels by area as the sentences state them, else as the table's last column does; None: stated to have none."""
    found: AreaLevels = {}
    for area, level in _stated_by_area(text):
        found[area] = facts().highest([x for x in (found.get(area), level) if x])
    return found or _from_table(text)


def area_names(phrases: str) -> list[str]:
    """The places of a phrase such as 宁波、台州和温州三市沿海, each with the suffix they share; the word 岸段 is left off.

    Several phrases, one a line, share nothing.
    """
    return [name for phrase in phrases.split("\n") for name in _names_of(phrase)]


def _names_of(phrase: str) -> list[str]:
    phrase = _LEAD.sub("", phrase.strip())
    phrase = _COUNT.sub("", phrase.removesuffix("岸段").strip())
    names = [name.strip() for name in _AND.split(phrase) if name.strip()]
    shared = _SUFFIX.search(names[-1]) if len(names) > 1 else None
    if shared:
        names = [name if _SUFFIX.search(name) else name + shared[0] for name in names]
    return _with_their_coast([name.removesuffix("岸段") for name in names])


def _with_their_coast(names: Sequence[str]) -> list[str]:
    """浙江中部、北部近岸海域: the second is 浙江's too."""
    full: list[str] = []
    for name in names:
        coast = re.match(r"^(.+?)[东南西北中]+部", full[-1]) if full and _PART.match(name) else None
        full.append(coast[1] + name if coast else name)
    return full


def _level_beside(text: str, product: re.Match[str]) -> Level | None:
    """The level written right before 警报 or in the brackets right after it."""
    before = re.split(r"[,。;、:]|警报|预警", text[max(0, product.start() - _WINDOW) : product.start()])[-1]
    after = re.match(r"(?:信号)?\(([^()]{1,12})\)", text[product.end() :])
    return _one_level(before + (f" {after[1]}" if after else ""))


def _one_level(text: str) -> Level | None:
    numbers: list[Level | None] = []
    colours: list[Level | None] = []
    for match in _LEVEL.finditer(text):
        level = facts().level_of(match["number"] or match["colour"])
        (numbers if match["number"] else colours).append(level)
    if numbers and colours and not set(numbers) & set(colours):
        raise BadInput(
            f"the bulletin contradicts itself: {text.strip()!r} names {numbers[0]} and {colours[0]}; ask its issuer"
        )
    return facts().highest([level for level in colours or numbers if level])


def _stated_by_area(text: str) -> Iterator[tuple[str, Level | None]]:
    under_heading = False
    for line in (raw.strip() for raw in text.splitlines()):
        if re.search(r"级别\s*[:]?$", line) and len(line) < 25:
            under_heading = True
            continue
        listed = _LINE.match(_LEAD.sub("", line)) if under_heading else None
        if listed:
            yield from _pairs(listed["areas"], listed["level"], each=False)
            continue
        under_heading = under_heading and bool(_STATES.match(line))
        for sentence in re.split(r"[。;]", line):
            yield from _of_sentence(sentence)


def _of_sentence(sentence: str) -> Iterator[tuple[str, Level | None]]:
    subjects: list[str] = []
    stating = False
    for clause in (raw.strip() for raw in sentence.split(",")):
        match = _STATES.match(clause) or (_ALSO.match(clause) if stating else None)
        if match:
            stating = True
            yield from _pairs(_resolved(match["areas"], subjects), match["level"], each=bool(match["each"]))
        elif there := _SUBJECT.match(clause):
            subjects.append(_LEAD.sub("", there["areas"]))


def _resolved(areas: str, subjects: Sequence[str]) -> str:
    """该海域, 近岸海域 and the like stand for the place the sentence spoke of last, 上述海域 for all it spoke of."""
    areas = areas.strip()
    same = _SAME.match(areas)
    if not same or not subjects:
        return areas
    if same["which"] in ("上述", "以上"):
        return "\n".join(subjects)
    sea = same["sea"] or ""
    is_named = sea in ("", "海域", "岸段") or sea in subjects[-1]
    return subjects[-1] if is_named or areas != sea else subjects[-1] + sea


def _pairs(areas: str, level: str, *, each: bool) -> Iterator[tuple[str, Level | None]]:
    names = area_names(areas)
    levels = [_area_level(part) for part in re.split(r"[、和,]", level)] if each else []
    if each and len(levels) == len(names):
        yield from zip(names, levels, strict=True)
    elif each:
        raise BadInput(
            f"the bulletin names {len(names)} areas and {len(levels)} levels in one list: {areas[:40]}分别为{level[:40]}"
        )
    else:
        stated = _area_level(level)
        yield from ((name, stated) for name in names)


def _area_level(words: str) -> Level | None:
    words = words.strip().rstrip("。;")
    if any(words.startswith(none) for none in facts().no_level):
        return None
    return _one_level(words)


def _from_table(text: str) -> AreaLevels:
    """The highest level of each first column in a table whose header ends with 级别."""
    found: AreaLevels = {}
    in_table = False
    for line in text.splitlines():
        cells = line.split()
        if len(cells) >= 3 and cells[-1].endswith("级别"):
            in_table = True
        elif in_table and len(cells) >= 3 and _is_level_word(cells[-1]):
            found[cells[0]] = facts().highest([x for x in (found.get(cells[0]), _area_level(cells[-1])) if x])
        else:
            in_table = False
    return found


def _is_level_word(word: str) -> bool:
    return word in facts().no_level or facts().level_of(word) is not None


def places_of(sentences: Sequence[str]) -> list[str]:
    """Where a text without levels by area says the hazard will be: the subject of its first forecast sentence."""
    for sentence in sentences:
        if "预计" not in sentence:
            continue
        for clause in sentence.split("预计", 1)[1].split(","):
            match = re.match(
                r"^(?P<areas>[^\d]*?(?:沿海|沿岸|海域|渤海|黄海|东海|南海|海峡|[湾海岸]))(?:将|仍|浮冰|风暴|高潮|增水|浪高|有)",
                clause.strip(),
            )
            if match:
                return area_names(_WHEN.sub("", match["areas"]))
    return []
