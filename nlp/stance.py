"""What a text thinks of the measure, project or office it speaks of: favour, against, none."""

from __future__ import annotations

from nlp.models import Recipe

LABELS = ("favour", "against", "none")
RECIPE = Recipe("stance", LABELS, 3.0, text_scale=3.0, speech_scale=0.5)
