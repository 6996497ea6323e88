"""Cuts a text into its sentences and takes off what news and posts put before the first: datelines, tags, calls to repost."""

from __future__ import annotations

import re

from nlp.normalise import HASHTAG, NAME, REPOST, URL

SENTENCE = re.compile(r"[^。!?！？\n]+[。!?！？]*[”」』\"]?")
DATELINE = re.compile(
    r"^\s*(?:据?[^\s,，。:：]{2,12}(?:讯|报道|消息)[,，:：]?|本网讯|本报讯)\s*(?:[(（][^)）]{2,20}[)）])?[\s,，:：]*"
)


def sentences(text: str) -> list[str]:
    """The sentences in order, as written, each with its closing mark; links, @names and datelines are left out."""
    plain = NAME.sub("", REPOST.sub("\n", URL.sub("", text)))
    return [
        s for line in plain.splitlines() for found in SENTENCE.findall(DATELINE.sub("", line)) if (s := found.strip())
    ]


def without_tags(sentence: str) -> str:
    """The sentence without #topics#."""
    return HASHTAG.sub("", sentence).strip()
