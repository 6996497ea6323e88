"""Brings Chinese text into one normal form: width, script, invisible characters and white space; takes markup out."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

import opencc

# Zero-width and direction marks, soft hyphens, byte-order marks, variation selectors, skin tones and control characters:
# people and trackers put them into words, and no word list would match any more.
INVISIBLE = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U0001f3fb-\U0001f3ff]")  # fmt: skip
SPACE = re.compile(r"\s+")
ODD_SPACE = re.compile(r"[^\S \n]|  |\n\s| \n|^\s|\s\Z")
HAN = range(0x3400, 0xA000)
EMOTICON = re.compile(r"<img[^<>]*?alt=[\"']?(\[[^\[\]<>]{1,8}\])[^<>]*>")  # how microblog pages show [泪]
TAG = re.compile(r"</?(?:a|b|br|div|em|font|i|img[a-z]*|li|p|span|strong|u|ul)(?=[\s/>=])[^<>]*>")
NESTED = 3  # tags within tags that are removed one by one

URL = re.compile(r"(?:https?://|www\.)[\w./?%&=#:+~@-]+|(?<![\w.])t\.cn/\w+", re.ASCII)
REPOST = re.compile(r"//\s*@[^:\s/]{1,40}\s*:")
REPLY = re.compile(r"回复\s*@[^:\s/]{1,40}\s*:")
NAME = re.compile(r"@[\w\-·*]+")
HASHTAG = re.compile(r"#([^#\n]{1,60})#")
HASH = re.compile(r"#(?=[^\W\d_])")  # #topic without a closing mark, as Mastodon and short-video sites write it
LEFT_BY_SITES = re.compile(
    r"O?网页链接|L[^\s,。!?]{1,20}的微博(?:视频|直播)|查看(?:图片|原图)|(?:展开|收起)全文[cd]?|\[超话\]"
)
MARKUP = re.compile(r"[@#]|//|t\.cn|www\.|网页链接|的微博[视直]|查看[图原]|[开起]全文|\[超话")

# Faces made of signs, after NFKC. Those with a plain sense become a named mark, as microblogs write theirs, so that one list
# of moods knows both; a run of faces is one mark, the first one's. A face inside a word or a link (a=_=b) is none.
FACES = {
    "[泪]": r"\(?(?:T[_.]T|TAT|QAQ|Q[_.]Q|QwQ|;_;|ToT)\)?",
    "[嘻嘻]": r"\(?\*?(?:\^[_.oO▽ω-]?\^+|≧[▽ω]≦|o\(∩_∩\)o|∩_∩)\*?\)?",
    "[委屈]": r"\(?>_+<\)?",
    "[汗]": r"\(?(?:=_=|-_-|=\.=)\|*\)?",
    "[怒]": r"\(╯°□°\)?╯(?:\( ?┻━+┻)?",
}
FACE = re.compile("|".join(f"({pattern})" for pattern in FACES.values()))
FACE_RUN = re.compile(rf"(?<![A-Za-z0-9/?&])(?:{'|'.join(FACES.values())})+(?![A-Za-z0-9/&])")
PERHAPS_FACE = re.compile(r"[_^≧╯]|TAT|QAQ|QwQ|ToT|[TQ=]\.[TQ=]")
NAMED_TWICE = re.compile(r"\[([\u4e00-\u9fff]{1,6})R\]")  # Xiaohongshu writes [微笑R] for [微笑]


def normalise(text: str) -> str:
    """The normal form of a text: NFKC width, simplified script, no invisible characters, no HTML, faces named, spaces folded.

    A run of white space becomes one space, or one line break where it holds one. Emoji stay, without skin tone; marks such
    as [微笑] stay, T_T and the image of such a face become [泪]. Normalising twice changes nothing. A text that needs nothing costs about 3 µs.
    """
    visible = INVISIBLE.sub("", text)
    if not unicodedata.is_normalized("NFKC", visible):
        visible = INVISIBLE.sub("", unicodedata.normalize("NFKC", visible))
    if "<" in visible:
        visible = _without_tags(visible)
    simplified = visible if traditional().isdisjoint(visible) else _simplify(visible)
    if ODD_SPACE.search(simplified):
        simplified = _fold(simplified)
    return _name_faces(simplified) if may_hold_face(simplified) else simplified


def may_hold_face(text: str) -> bool:
    """Whether a look for faces made of signs is worth its cost."""
    return "R]" in text or PERHAPS_FACE.search(text) is not None


def _without_tags(text: str) -> str:
    """What stood on both sides of a tag may make another: removed too, and where they nest deeper, every bracket."""
    for _ in range(NESTED):
        text = TAG.sub("", EMOTICON.sub(r"\1", text))
    return text.replace("<", "") if TAG.search(text) else text


def without_markup(text: str) -> str:
    """The normal form without links, @names, what sites leave behind (网页链接), "回复@name:" and repost marks "//@name:".

    #topic# keeps its words.
    The words of every link of a repost chain stay; `own_words` gives those of the last writer alone.
    """
    return plain_form(normalise(text))


def plain_form(text: str) -> str:
    """`without_markup` of a text that is in normal form already."""
    if not MARKUP.search(text):
        return text
    plain = NAME.sub(" ", REPLY.sub(" ", REPOST.sub(" ", URL.sub(" ", text))))
    return normalise(HASH.sub(" ", HASHTAG.sub(r" \1 ", LEFT_BY_SITES.sub(" ", plain))))


def own_words(text: str) -> str:
    """What the last writer of a repost chain "comment//@A:original" says; the whole text where there is no chain."""
    return without_markup(REPOST.split(normalise(text), maxsplit=1)[0])


def _name_faces(text: str) -> str:
    return FACE_RUN.sub(lambda run: _mark(run.group()), NAMED_TWICE.sub(r"[\1]", text))


def _mark(run: str) -> str:
    face = FACE.match(run)
    return list(FACES)[face.lastindex - 1] if face and face.lastindex else run


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
    """Converted until it stands still, since a converted word may complete a phrase that converts again.

    The converter takes whole characters only: half an emoji beside a traditional character becomes U+FFFD.
    """
    text = storable(text)
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
