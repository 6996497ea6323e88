"""In which voice a text speaks: a question, a complaint, a report to the authority, news and so on."""

from __future__ import annotations

from nlp.models import Recipe

LABELS = ("question", "complaint", "report", "suggestion", "praise", "news", "official", "chat")
RECIPE = Recipe("voice", LABELS, 3.0, text_scale=3.0, speech_scale=0.5)
