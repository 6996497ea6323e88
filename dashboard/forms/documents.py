"""The filters of the list of documents."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms

from dashboard import labels
from dashboard.queries.documents import Filter

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


class Filters(forms.Form):
    """One field a filter; everything is optional."""

    q = forms.CharField(label="包含词语", required=False, max_length=100)
    source = forms.ChoiceField(label="来源", required=False)
    kind = forms.ChoiceField(label="类型", required=False, choices=[("", "全部"), *labels.KIND.items()])
    category = forms.ChoiceField(label="类别", required=False)
    relevant = forms.ChoiceField(
        label="是否涉海", required=False, choices=[("yes", "涉海"), ("no", "不涉海"), ("all", "全部")]
    )
    stance = forms.ChoiceField(label="立场", required=False, choices=[("", "全部"), *labels.STANCE.items()])
    tag = forms.ChoiceField(label="报送分类", required=False, choices=[("", "全部"), *labels.POLICY_TAG.items()])
    start = forms.DateField(label="自", required=False, widget=DATE)
    end = forms.DateField(label="至", required=False, widget=DATE)
    duplicates = forms.BooleanField(label="也显示相同内容", required=False)

    def __init__(self, data: Any, *, sources: dict[str, str], categories: Iterable[str]) -> None:
        super().__init__(data)
        self.fields["source"].choices = [("", "全部"), *sources.items()]  # type: ignore[attr-defined]
        self.fields["category"].choices = [("", "全部"), *((c, c) for c in categories)]  # type: ignore[attr-defined]

    def wanted(self) -> Filter:
        """The filter; a value that cannot be read is left out, the form shows why."""
        self.is_valid()
        values = dict(self.cleaned_data)
        values["relevant"] = values.get("relevant") or "yes"
        return Filter(**values)
