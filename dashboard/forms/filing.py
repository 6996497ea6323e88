"""What a person says of a document: every side optional, the standing word or the machine's chosen beforehand."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from dashboard import labels
from nlp.lexicons import taxonomy
from responders.file_document import Filing
from store.models import Label

OPEN = ("", "不改")
YES_NO = {"relevance": ("涉海", "不涉海"), "claim": ("是，须核实", "不是")}


class FilingForm(forms.Form):
    """One field a side of responders/file_document.py; the category and its part are one choice."""

    relevance = forms.ChoiceField(label="是否涉海", required=False)
    matter = forms.ChoiceField(label="类别", required=False)
    voice = forms.ChoiceField(label="语气", required=False, choices=[OPEN, *labels.VOICE.items()])
    stance = forms.ChoiceField(label="立场", required=False, choices=[OPEN, *labels.STANCE.items()])
    claim = forms.ChoiceField(label="是不是要核实的说法", required=False)

    def __init__(self, data: Any = None, *, standing: Mapping[str, Label] | None = None) -> None:
        standing = standing or {}
        initial = {what: label.value for what, label in standing.items()}
        initial["matter"] = f"{initial.get('category', '')}/{initial.get('part', '')}".rstrip("/")
        super().__init__(data, initial=initial)
        for name, (yes, no) in YES_NO.items():
            self.fields[name].choices = [OPEN, (Label.YES, yes), (Label.NO, no)]  # type: ignore[attr-defined]
        self.fields["matter"].choices = _matters()  # type: ignore[attr-defined]

    def filing(self) -> Filing:
        """What was chosen; values that are no choice are handed on as typed and refused by the verb."""
        typed = {name: str(self.data.get(name, "")) for name in self.fields}
        category, _, part = typed.pop("matter").partition("/")
        return Filing(category=category, part=part, **typed)


def _matters() -> list[tuple[str, Any]]:
    """First-level matters, each with its parts below it."""
    groups = [
        (
            category.name,
            [(category.name, category.name), *((f"{category.name}/{p.name}", p.name) for p in category.parts)],
        )
        for category in taxonomy()
    ]
    return [OPEN, *groups]
