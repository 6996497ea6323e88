"""Brings Chinese text into one normal form: width, script, invisible characters and white space; takes markup out."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import opencc

# Zero-width and direction marks, soft hyphens, byte-order marks, variation selectors and control characters:
# people and trackers put them into words, and no word list would match any more.
INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb]")  # fmt: skip
SPACE = re.compile(r"\s+")
ODD_SPACE = re.compile(r"[^\S \n]|  |\n\s| \n|^\s|\s\Z")
HAN = range(0x3400, 0xA000)
EMOTICON = re.compile(r"<img[^<>]*?alt=[\"']?(\[[^\[\]<>]{1,8}\])[^<>]*>")  # how microblog pages show [泪]
TAG = re.compile(r"</?(?:a|b|br|div|em|font|i|img\w*|li|p|span|strong|u|ul)(?=[\s/>=])[^<>]*>", re.ASCII)
NESTED = 3  # tags within tags that are removed one by one

URL = re.compile(r"(?:https?://|www\.)[\w./?%&=#:+~@-]+|(?<![\w.])t\.cn/\w+", re.ASCII)
REPOST = re.compile(r"//\s*@[^:\s/]{1,40}\s*:")
NAME = re.compile(r"@[\w\-·*]+")
HASHTAG = re.compile(r"#([^#\n]{1,60})#")


def normalise(text: str) -> str:
    """The normal form of a text: NFKC width, simplified script, no invisible characters, no HTML, white space folded.

    A run of white space becomes one space, or one line break where it holds one; an emoticon's image becomes its name
    in brackets. Normalising twice changes nothing.
    """
    visible = INVISIBLE.sub("", text)
    if not unicodedata.is_normalized("NFKC", visible):
        visible = INVISIBLE.sub("", unicodedata.normalize("NFKC", visible))
    if "<" in visible:
        visible = _without_tags(visible)
    simplified = visible if traditional().isdisjoint(visible) else _simplify(visible)
    return _fold(simplified) if ODD_SPACE.search(simplified) else simplified


def _without_tags(text: str) -> str:
    """What stood on both sides of a tag may make another: removed too, and where they nest deeper, every bracket."""
    for _ in range(NESTED):
        text = TAG.sub("", EMOTICON.sub(r"\1", text))
    return text.replace("<", "") if TAG.search(text) else text


def without_markup(text: str) -> str:
    """The normal form without links, @names and repost marks "//@name:"; #topic# keeps its words.

    The words of every link of a repost chain stay; `own_words` gives those of the last writer alone.
    """
    return plain_form(normalise(text))


def plain_form(text: str) -> str:
    """`without_markup` of a text that is in normal form already."""
    plain = text
    if "." in plain or "/" in plain:
        plain = REPOST.sub(" ", URL.sub(" ", plain))
    if "@" in plain:
        plain = NAME.sub(" ", plain)
    if "#" in plain:
        plain = HASHTAG.sub(r" \1 ", plain)
    return text if plain == text else _fold(plain)


def own_words(text: str) -> str:
    """What the last writer of a repost chain "comment//@A:original" says; the whole text where there is no chain."""
    return without_markup(REPOST.split(normalise(text), maxsplit=1)[0])


def _fold(text: str) -> str:
    return SPACE.sub(lambda run: "\n" if "\n" in run.group() else " ", text).strip()


@lru_cache(maxsize=1)
def _converter() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@lru_cache(maxsize=1)
def traditional() -> frozenset[str]:
    """Characters that have a simplified form: only a text that holds one is worth converting."""
    han = [chr(code) for code in HAN]
    return frozenset(
        old for old, new in zip(han, _converter().convert("\n".join(han)).split("\n"), strict=True) if old != new
    )


def _simplify(text: str) -> str:
    """Converted until it stands still, since a converted word may complete a phrase that converts again."""
    for _ in range(4):
        converted = _converter().convert(text)
        if converted == text:
            break
        text = converted
    return text


def storable(text: str) -> str:
    """The text as any file and database can hold it: NUL goes, halves of surrogate pairs (cut emoji in JSON) become U+FFFD."""
    whole = text.replace("\x00", "")
    return whole if whole.isascii() else whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
