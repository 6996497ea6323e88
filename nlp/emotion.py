"""The feeling of a text: happy, neutral or negative (anger, sorrow, fear and surprise together)."""

from __future__ import annotations

from nlp.models import Recipe

LABELS = ("happy", "neutral", "negative")
RECIPE = Recipe("emotion", LABELS, 0.2, least=3, speech_scale=0.1, ratio=True, staged=True)
