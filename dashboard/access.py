"""Who may see and do what on the desk: the roles are asked on the server for every request."""

from __future__ import annotations

from collections.abc import Callable
from functools import update_wrapper
from typing import Concatenate, ParamSpec

from django.contrib.auth.models import User
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase

from responders.roles import Act, Role, allows, roles_of

P = ParamSpec("P")
EXPORTERS = frozenset(Role) - {Role.READER}


class DeskRequest(HttpRequest):
    """A request of someone who is signed in."""

    user: User


View = Callable[Concatenate[DeskRequest, P], HttpResponseBase]


def roles(user: User) -> frozenset[Role]:
    """The person's roles, asked of the database once a request."""
    if not hasattr(user, "desk_roles"):
        user.desk_roles = roles_of(user)  # type: ignore[attr-defined]
    found: frozenset[Role] = user.desk_roles  # type: ignore[attr-defined]
    return found


def can(user: User, act: Act) -> bool:
    """Whether the person's roles allow an act."""
    return allows(roles(user), act)


def only_for(act: Act) -> Callable[[View[P]], View[P]]:
    """A view for those whose role allows the act; others get 403 with the reason in Chinese."""

    def decorate(view: View[P]) -> View[P]:
        def guarded(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
            if not can(request.user, act):
                raise PermissionDenied(f"您的岗位不能{act.word}。")
            return view(request, *args, **kwargs)

        update_wrapper(guarded, view)
        return guarded

    return decorate
