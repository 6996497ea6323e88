"""An official marine warning, as CAP 1.2 or as plain text, to one Bulletin; levels are copied, never computed."""

from nlp.bulletins.reading import bulletin_row, parse

__all__ = ["bulletin_row", "parse"]
