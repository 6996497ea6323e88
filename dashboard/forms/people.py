"""Signing in, joining by an invitation, inviting."""

from __future__ import annotations

from django import forms
from django.contrib.auth.forms import UsernameField

from responders.roles import Role


class SignIn(forms.Form):
    """User name and password."""

    username = UsernameField(label="用户名", max_length=150)
    password = forms.CharField(
        label="密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "current-password"})
    )


class Join(forms.Form):
    """A new account's name and password, the password typed twice."""

    username = UsernameField(
        label="用户名", max_length=150, help_text="建议使用姓名全拼，例如 zhangsan；建立后不能修改。"
    )
    password = forms.CharField(
        label="密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )
    again = forms.CharField(
        label="再输入一次密码", strip=False, widget=forms.PasswordInput(attrs={"autocomplete": "new-password"})
    )

    def clean(self) -> dict[str, object]:
        """Both passwords equal; the other rules are the invitation's own."""
        data: dict[str, object] = super().clean() or {}
        if data.get("again") and data.get("password") != data["again"]:
            self.add_error("again", "两次输入的密码不一致。")
        return data


class Invite(forms.Form):
    """Which role the invited person gets."""

    role = forms.ChoiceField(label="岗位", choices=[(role.value, role.word) for role in Role])
