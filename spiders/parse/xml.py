"""XML from strangers: no document type, so no entities, no outside files and nothing that swells."""

from __future__ import annotations

import re

DOCTYPE = re.compile(r"<!DOCTYPE\s", re.IGNORECASE)
PROLOGUE = re.compile(r"\s*(?:<\?.*?\?>\s*|<!--.*?-->\s*)*", re.DOTALL)
QUOTED = {'"', "'"}


def without_doctype(text: str) -> str:
    """The document without its document type declaration, internal subset and all.

    What it declares is left unexpanded where it is used: a reference to an unknown entity is as good as text.
    """
    start = PROLOGUE.match(text)
    at = start.end() if start else 0
    if not DOCTYPE.match(text, at):
        return text
    return text[:at] + text[_end(text, at) :]


def _end(text: str, at: int) -> int:
    """The place behind a declaration's closing bracket, quotes, comments and subset observed; the text's end where it has none."""
    depth, quote = 0, ""
    while at < len(text):
        char = text[at]
        if quote:
            quote = "" if char == quote else quote
        elif text.startswith("<!--", at):
            closed = text.find("-->", at)
            at = len(text) if closed < 0 else closed + 2
        elif char in QUOTED:
            quote = char
        elif char in "<[":
            depth += 1
        elif char in ">]":
            depth -= 1
            if depth == 0:
                return at + 1
        at += 1
    return len(text)
