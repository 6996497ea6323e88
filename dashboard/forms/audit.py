"""The filters of the audit list."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django import forms

from dashboard.words import BEIJING

Choices = list[tuple[Any, str]]


class AuditFilters(forms.Form):
    """Who, what, on which kind of thing, when; everything is optional."""

    actor = forms.ChoiceField(label="人员", required=False)
    verb = forms.ChoiceField(label="动作", required=False)
    object_type = forms.ChoiceField(label="对象", required=False)
    object_id = forms.CharField(label="编号", required=False, max_length=80)
    day = forms.DateField(
        label="日期", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, data: Any, *, people: Choices, verbs: Choices, kinds: Choices) -> None:
        super().__init__(data)
        for name, choices in (("actor", people), ("verb", verbs), ("object_type", kinds)):
            self.fields[name].choices = [("", "全部"), *choices]  # type: ignore[attr-defined]

    def exact(self) -> dict[str, object]:
        """The filters as a queryset's keywords; a value that cannot be read is left out."""
        self.is_valid()
        typed = self.cleaned_data
        found = {name: typed[name] for name in ("actor", "verb", "object_type", "object_id") if typed.get(name)}
        if day := typed.get("day"):
            start = datetime.combine(day, time(), BEIJING)
            found |= {"at__gte": start, "at__lt": start + timedelta(days=1)}
        return found
