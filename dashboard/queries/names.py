"""Names of sources and cues, by their keys."""

from __future__ import annotations

from functools import lru_cache

from nlp.word_files import read_yaml
from store.models import SourceState
from store.settings import DATA


def source_names() -> dict[str, str]:
    """Slug to title; one query."""
    return dict(SourceState.objects.values_list("slug", "title"))


@lru_cache(maxsize=1)
def cue_labels() -> dict[str, str]:
    """Key to Chinese label of the claim cues."""
    cues = read_yaml(DATA / "lexicons" / "claim_cues.yml")
    return {key: str(cue["label"]) for key, cue in cues.items()}
