"""A picture to its difference hash: 64 bits that stay nearly the same when it is scaled, recompressed or slightly changed."""

from __future__ import annotations

import io
import struct
import zlib

MOST_PIXELS = 25_000_000  # declared by the file; larger ones are not decoded
FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "BMP")
FEWEST_EDGES = 4  # bits of either kind; a picture of one colour is like every other
WIDTH, HEIGHT = 9, 8


def difference_hash(body: bytes) -> str:
    """16 hex digits, "" for what is no picture, too large, or plain.

    The method is Krawetz's dHash (2013): grey, scaled to 9 x 8, a bit for each pixel darker than its right neighbour.
    """
    from PIL import Image

    try:
        with Image.open(io.BytesIO(body), formats=FORMATS) as picture:
            if picture.width * picture.height > MOST_PIXELS:
                return ""
            picture.draft("L", (8 * WIDTH, 8 * HEIGHT))  # JPEG is decoded at an eighth of its size
            grey = picture.convert("L").resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS)
    except (OSError, ValueError, SyntaxError, EOFError, struct.error, zlib.error, Image.DecompressionBombError):
        return ""
    values = grey.tobytes()
    bits = 0
    for row in range(HEIGHT):
        for column in range(WIDTH - 1):
            place = row * WIDTH + column
            bits = bits << 1 | (values[place] < values[place + 1])
    edges = bits.bit_count()
    return f"{bits:016x}" if FEWEST_EDGES <= edges <= 64 - FEWEST_EDGES else ""
