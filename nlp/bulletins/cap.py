"""A CAP 1.2 message to a Bulletin; read without entities, required elements and value lists checked (CAP 1.2, section 3.2)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from datetime import UTC, datetime
from xml.etree.ElementTree import Element, ParseError  # types only; parsing is defusedxml's

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

from nlp.bulletins.facts import facts
from nlp.bulletins.levels import headline_level
from store.errors import BadInput
from store.stages import Bulletin, Hazard, Level, MessageType

NAMESPACES = ("urn:oasis:names:tc:emergency:cap:1.2", "urn:oasis:names:tc:emergency:cap:1.1")
STATUSES = ("Actual", "Exercise", "System", "Test", "Draft")
SCOPES = ("Public", "Restricted", "Private")
REQUIRED_IN_INFO = ("category", "event", "urgency", "severity", "certainty")
_TIME = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d[+-]\d\d:\d\d")
_NOT_IN_IDENTIFIER = re.compile(r"[\s,<&]")


def parse_cap(xml: str, *, url: str = "") -> Bulletin:
    """The bulletin a CAP message states; raises BadInput naming the element that is missing, unknown or malformed."""
    alert = _Reader(_root(xml), "alert")
    message_type = _message_type(alert)
    infos = _infos(alert)
    first = infos[0]
    lifted = message_type is MessageType.CANCEL
    areas = [pair for info in infos for pair in _areas(info)]
    stated = [level for info in infos if (level := _level(info))] + [level for _, level in areas if level]
    return Bulletin(
        issuer=_issuer(alert, first),
        number=unicodedata.normalize("NFKC", _parameter(first, "number")),
        hazard=_hazard(infos),
        message_type=message_type,
        level=None if lifted else facts().highest(stated),
        areas=tuple((area, None if lifted else level) for area, level in dict(areas).items()),
        issued_at=_time(alert, "sent"),
        onset=_optional_time(first, "onset"),
        expires=_optional_time(first, "expires"),
        headline=first.text("headline") or first.need("event"),
        text=first.text("description"),
        instruction=first.text("instruction"),
        references=_references(alert),
        identifier=_identifier(alert, "identifier"),
        url=url,
        status=alert.one_of("status", STATUSES),
    )


class _Reader:
    """One element with its namespace; every question names the element in its error."""

    def __init__(self, element: Element, path: str) -> None:
        self.element, self.path = element, path
        self.space = element.tag.partition("}")[0] + "}" if element.tag.startswith("{") else ""

    def text(self, name: str) -> str:
        return (self.element.findtext(f"{self.space}{name}") or "").strip()

    def need(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise BadInput(f"CAP: required element {self.path}/{name} is missing or empty")
        return value

    def one_of(self, name: str, allowed: tuple[str, ...]) -> str:
        value = self.need(name)
        if value not in allowed:
            raise BadInput(f"CAP: {self.path}/{name} is {value[:40]!r}, expected one of {', '.join(allowed)}")
        return value

    def all(self, name: str) -> Iterator[_Reader]:
        for child in self.element.findall(f"{self.space}{name}"):
            yield _Reader(child, f"{self.path}/{name}")


def _root(xml: str) -> Element:
    try:
        root: Element = fromstring(xml, forbid_dtd=True)
    except DefusedXmlException as error:
        raise BadInput(
            "CAP: the message holds a DTD or entities, which are never read; ask the sender for plain CAP"
        ) from error
    except (ParseError, ValueError) as error:
        raise BadInput(f"CAP: not well-formed XML ({error}); give the whole message as it was published") from error
    space, _, name = root.tag.removeprefix("{").rpartition("}")
    if name != "alert" or space not in NAMESPACES:
        raise BadInput(f"CAP: the root element is {root.tag[:80]!r}, expected alert of {NAMESPACES[0]}")
    return root


def _message_type(alert: _Reader) -> MessageType:
    value = alert.need("msgType")
    try:
        return MessageType(value)
    except ValueError as error:
        known = ", ".join(MessageType)
        raise BadInput(f"CAP: alert/msgType is {value[:40]!r}; only {known} carry a warning") from error


def _infos(alert: _Reader) -> list[_Reader]:
    """The info blocks of one language, Chinese before others; several are one warning for several areas."""
    _identifier(alert, "sender")
    if alert.one_of("scope", SCOPES) != "Public":
        raise BadInput(f"CAP: alert/scope is {alert.text('scope')}: only public messages may be relayed")
    infos = list(alert.all("info"))
    if not infos:
        raise BadInput("CAP: required element alert/info is missing; without it nobody can tell which hazard is meant")
    for info in infos:
        for name in REQUIRED_IN_INFO:
            info.need(name)
    language = next(
        (i.text("language") for i in infos if i.text("language").lower().startswith("zh")), infos[0].text("language")
    )
    return [info for info in infos if info.text("language") == language]


def _identifier(alert: _Reader, name: str) -> str:
    value = alert.need(name)
    if _NOT_IN_IDENTIFIER.search(value):
        raise BadInput(f"CAP: alert/{name} {value[:60]!r} holds a space, comma, < or &, which CAP forbids")
    return value


def _issuer(alert: _Reader, info: _Reader) -> str:
    issuer = info.text("senderName") or alert.text("source")
    if not issuer:
        raise BadInput("CAP: alert/info/senderName is missing; a warning is relayed only with its issuer's name")
    return issuer


def _hazard(infos: list[_Reader]) -> Hazard:
    found = {hazard for info in infos if (hazard := _hazard_of(info))}
    if len(found) > 1:
        raise BadInput(
            f"CAP: the info blocks name several hazards ({'、'.join(sorted(found))}); one message, one hazard"
        )
    if not found:
        event = infos[0].need("event")
        raise BadInput(f"CAP: alert/info/event {event[:60]!r} is not a marine hazard ({'、'.join(Hazard)})")
    return found.pop()


def _hazard_of(info: _Reader) -> Hazard | None:
    named = facts().hazard_named(unicodedata.normalize("NFKC", info.need("event")))
    if named:
        return named[0]
    codes = (facts().hazard_coded(code.text("value")) for code in info.all("eventCode"))
    return next((hazard for hazard in codes if hazard), None)


def _parameters(info: _Reader) -> dict[str, str]:
    pairs = {p.text("valueName"): p.text("value") for p in info.all("parameter")}
    return {name: unicodedata.normalize("NFKC", value) for name, value in pairs.items() if name}


def _parameter(info: _Reader, name: str) -> str:
    return _parameters(info).get(name, "")


def _level(info: _Reader) -> Level | None:
    """The level parameter, else the headline's colour; never the severity."""
    if stated := _parameter(info, "level"):
        return _read_level("level", stated)
    return headline_level(unicodedata.normalize("NFKC", info.text("headline")))


def _read_level(name: str, stated: str) -> Level | None:
    if stated in facts().no_level:
        return None
    level = facts().level_of(stated)
    if level is None:
        colours = "、".join(facts().levels)
        raise BadInput(f"CAP: parameter {name!r} is {stated[:40]!r}, expected {colours} or one of {facts().no_level}")
    return level


def _areas(info: _Reader) -> list[tuple[str, Level | None]]:
    """Levels by area where parameters `level:AREA` state them, else each area with its info block's level."""
    descriptions = [area.need("areaDesc") for area in info.all("area")]
    named = {
        name.partition(":")[2].strip(): value for name, value in _parameters(info).items() if name.startswith("level:")
    }
    if named:
        return [(area, _read_level(f"level:{area}", value)) for area, value in named.items()]
    return [(area, _level(info)) for area in descriptions]


def _references(alert: _Reader) -> tuple[str, ...]:
    """The identifiers out of the "sender,identifier,sent" triples."""
    identifiers = []
    for triple in alert.text("references").split():
        parts = triple.split(",")
        if len(parts) != 3 or not all(parts):
            raise BadInput(f"CAP: alert/references holds {triple[:80]!r}, expected triples sender,identifier,sent")
        identifiers.append(parts[1])
    return tuple(identifiers)


def _time(reader: _Reader, name: str) -> datetime:
    value = reader.need(name)
    if not _TIME.fullmatch(value):
        raise BadInput(
            f"CAP: {reader.path}/{name} is {value[:40]!r}, expected a time with its offset, as 2026-01-21T20:00:00+08:00"
        )
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except ValueError as error:
        raise BadInput(f"CAP: {reader.path}/{name} {value!r} is no date of the calendar") from error


def _optional_time(reader: _Reader, name: str) -> datetime | None:
    return _time(reader, name) if reader.text(name) else None
