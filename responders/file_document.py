"""File a document: a person says whether it is marine, of which matter, in which voice and stance; the same value confirms."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from nlp import stance, voice
from nlp.lexicons import taxonomy
from responders.roles import Act, may_act
from store import audit, labels
from store.errors import NotAllowed, NotFound, StaleText
from store.models import DocumentRow, Label

OF_MARINE_ONLY = (Label.CATEGORY, Label.PART)


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """What a person says of a document; "" leaves a side as it is."""

    relevance: str = ""  # yes or no
    category: str = ""  # first level of data/taxonomy.yml
    part: str = ""  # second level, of that category
    voice: str = ""
    stance: str = ""
    claim: str = ""  # yes or no: whether it asserts something that an office should check

    def values(self) -> dict[str, str]:
        """The sides spoken of; a matter says that the document is marine."""
        said = {what: getattr(self, what) for what in self.__slots__ if getattr(self, what)}
        return {Label.RELEVANCE: Label.YES, **said} if self.category else said


def file_document(document_id: int, actor: User, filing: Filing, read_hash: str, *, now: datetime) -> list[Label]:
    """Keep what the person says as labels beside the machine's word; returns the labels that are new.

    `read_hash` is the `text_hash` of the wording that was read. Raises NotAllowed for a person without the right, for
    values that do not belong together and when nothing is said anew; StaleText when the text was edited; NotFound.
    """
    refusal = may_act(actor, Act.FILE_DOCUMENT) or what_is_wrong(filing)
    if refusal is not None:
        raise NotAllowed(refusal)
    with transaction.atomic():
        document = DocumentRow.objects.select_for_update().filter(pk=document_id).first()
        if document is None:
            raise NotFound(f"没有编号为 {document_id} 的文档。")
        if document.text_hash != read_hash:
            raise StaleText("这篇文档在您打开之后有了新的版本，请重新阅读后再判断。")
        given = labels.give(document, filing.values(), actor, now=now)
        if filing.relevance == Label.NO:
            labels.take_back(document, OF_MARINE_ONLY, now=now)
        if not given:
            raise NotAllowed("与已有的人工判断相同，没有改变。")
        if any(label.what == Label.RELEVANCE for label in given):
            document.is_tracked = False  # the next run places it, or takes it out of its topic
            document.save(update_fields=["is_tracked"])
        audit.append(actor, "file", "document", document.pk, _facts(given), now=now)
        return given


def what_is_wrong(filing: Filing) -> str | None:
    """Why these values cannot stand together, in Chinese, or None when they can."""
    parts = {category.name: {part.name for part in category.parts} for category in taxonomy()}
    known: Mapping[str, object] = {
        Label.RELEVANCE: (Label.YES, Label.NO),
        Label.CATEGORY: parts,
        Label.VOICE: voice.LABELS,
        Label.STANCE: stance.LABELS,
        Label.CLAIM: (Label.YES, Label.NO),
    }
    said = filing.values()
    if not said:
        return "请至少选择一项。"
    if any(what in known and value not in known[what] for what, value in said.items()):  # type: ignore[operator]
        return "所选的值不在选项之内，请重新选择。"
    if filing.relevance == Label.NO and (filing.category or filing.part):
        return "判断为不涉海的文档不能再选类别。"
    if filing.part and filing.part not in parts.get(filing.category, ()):
        return "细类不属于所选的类别，请一并选择类别和细类。"
    return None


def _facts(given: list[Label]) -> dict[str, object]:
    """For the audit: each side with the person's value and the machine's; no text."""
    values = {label.what: label.value for label in given}
    machine = {f"machine_{label.what}": label.machine_value for label in given if label.machine_value}
    return {**values, **machine, "model": given[0].model}
