"""Why the machine judged a document as it did, worked out when its page is opened: the words that spoke, from the models in use."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path

from flows.annotate import text_of
from flows.desk_models import models_in_use
from nlp import department
from nlp.annotate import judges
from nlp.models import LinearModel
from nlp.reading import batch, read
from nlp.spoken import LABELLED, LONGEST, Spoken, Told, speakers, spoken
from store.documents import rows_by_url
from store.errors import ModelRefused
from store.models import AnnotationRow, DocumentRow


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A department of the city whose matter a text looks like, with the words that tell."""

    department: str
    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Behind:
    """What stands behind a document's judgements; `note` says in Chinese why words are missing or from another model, "" else."""

    words: dict[str, Spoken] = field(default_factory=dict)  # by judgement: relevance, category, …, claim_risk
    elsewhere: Elsewhere | None = None
    note: str = ""


NEVER_JUDGED = Behind()
EDITED = Behind(note="原文在标注之后改过，下次汇总重新标注后给出用词。")
REFUSED = Behind(note="模型文件没有通过校验，暂时给不出用词；请告诉管理员。")
OLDER = "标注时用的是较早的模型，所列用词按现在的模型给出。"
LONG = f"文字较长，所列用词只出自前 {LONGEST} 字。"


def behind(document: DocumentRow) -> Behind:
    """The words behind each judgement on this document; about 30 ms once the models are loaded."""
    judged: AnnotationRow | None = getattr(document, "annotation", None)
    if judged is None:
        return NEVER_JUDGED
    if judged.text_hash != document.text_hash:
        return EDITED
    try:
        folder = models_in_use()
        version = judges(folder)
        models, departments = _loaded(folder, version)
    except ModelRefused:
        return REFUSED
    text = text_of(document, rows_by_url([document.reply_to]).get(document.reply_to) if document.reply_to else None)
    labels = {name: getattr(judged, name) for name in LABELLED}
    told = Told(labels=labels, relevance=judged.relevance, reasons=judged.reasons)
    elsewhere = (
        None if judged.relevant or judged.voice not in department.ASKING else _elsewhere(departments, text.wording())
    )
    notes = [OLDER] * (judged.model != version) + [LONG] * (len(text.wording()) > LONGEST)
    return Behind(spoken(models, text, told), elsewhere, "".join(notes))


def _elsewhere(model: LinearModel, wording: str) -> Elsewhere | None:
    reading = read(wording)
    (name,) = department.named(model, batch([reading]), [reading])
    return Elsewhere(name, tuple(department.telling_words(reading.plain, name))) if name else None


@lru_cache(maxsize=1)
def _loaded(folder: Path, version: str) -> tuple[dict[str, LinearModel], LinearModel]:  # noqa: ARG001 (a new version is loaded anew)
    return speakers(folder), department.trained(folder)
