"""What every page shows: the present time, the standing emergency, the sample mark, the navigation."""

from __future__ import annotations

from dataclasses import dataclass

from django.contrib.auth.models import User
from django.http import HttpRequest

from dashboard.access import can, roles
from dashboard.words import today
from responders.roles import Act
from store.clock import clock
from store.models import Emergency
from store.settings import settings


@dataclass(frozen=True, slots=True)
class Place:
    """An entry of the navigation."""

    path: str
    name: str
    here: bool


PLACES = (
    ("/", "总览"),
    ("/queue/", "稿件"),
    ("/cases/", "事项"),
    ("/claims/", "待核实"),
    ("/topics/", "话题"),
    ("/documents/", "文档"),
    ("/bulletins/", "预警"),
    ("/sources/", "来源"),
    ("/emergency/", "应急"),
    ("/brief/", "日报"),
)


def house(request: HttpRequest) -> dict[str, object]:
    """Values for the frame of every page; for those who are not signed in only the time and the marks."""
    now = clock()
    user = getattr(request, "user", None)
    frame: dict[str, object] = {
        "now": now,
        "today_words": today(now),
        "sample": settings().sample,
        "bureau": settings().bureau,
    }
    if not isinstance(user, User):
        return frame
    return frame | {
        "emergency": Emergency.objects.filter(standing=True).first(),
        "places": [Place(path, name, _is_here(path, request.path)) for path, name in places(user)],
        "may_invite": can(user, Act.INVITE),
        "my_roles": "、".join(role.word for role in sorted(roles(user))) or "未分配岗位",
    }


def places(user: User) -> tuple[tuple[str, str], ...]:
    """The pages this person may open, in the order of the navigation."""
    offers = (("/offers/", "判断"),) if can(user, Act.FILE_DOCUMENT) else ()
    audit = (("/audit/", "留痕"),) if can(user, Act.READ_AUDIT) else ()
    people = (("/people/", "人员"),) if can(user, Act.INVITE) else ()
    return (*PLACES, *offers, *audit, *people)


def _is_here(path: str, present: str) -> bool:
    if path == "/queue/" and present.startswith("/drafts/"):
        return True
    return present == path if path == "/" else present.startswith(path)
