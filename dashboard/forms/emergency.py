"""Declaring an emergency."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms


class Declare(forms.Form):
    """Title, reason, drill or not, and the sources to be asked more often."""

    title = forms.CharField(label="名称", max_length=200, help_text="例如：1月22日风暴潮橙色警报应急")
    reason = forms.CharField(
        label="理由", widget=forms.Textarea(attrs={"rows": 3}), help_text="写明依据的预警编号或上级通知。"
    )
    drill = forms.BooleanField(label="这是演练", required=False, help_text="启动后不能更改；演练的稿件不会对外发布。")
    sources = forms.MultipleChoiceField(
        label="加密抓取的来源",
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text="勾选的来源与预警监测改为分钟级。",
    )

    def __init__(self, data: Any = None, *, names: Mapping[str, str]) -> None:
        super().__init__(data)
        self.fields["sources"].choices = list(names.items())  # type: ignore[attr-defined]
