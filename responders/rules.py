"""Reads the answering room's facts (deadlines, holidays, case rules, negative list), strictly: an unknown key fails."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.errors import BadSettings
from store.settings import DATA


class Strict(BaseModel):
    """A record of a data file: every key known, nothing changed after reading."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Facts = TypeVar("Facts", bound=Strict)


class Unit(StrEnum):
    """What a deadline's amount counts."""

    HOURS = "hours"
    WORKING_DAYS = "working_days"


class MetBy(StrEnum):
    """What stops a clock."""

    RELEASE = "release"
    HAND = "hand"


class DeadlineRule(Strict):
    """One version of one clock; the head of data/deadlines.yml explains the fields."""

    key: str
    title: str
    amount: int = Field(gt=0)
    unit: Unit
    met_by: MetBy
    effective_from: date
    article: str
    verified: bool
    note: str = ""

    @property
    def citation(self) -> str:
        """The article as shown to an officer, marked when nobody has verified it."""
        return self.article if self.verified else f"{self.article}（未核实）"


class DeadlineBook(Strict):
    """data/deadlines.yml."""

    deadlines: tuple[DeadlineRule, ...]

    def in_force(self, key: str, on: date) -> DeadlineRule | None:
        """The version of a rule that applies on a day; None before its first. Raises BadSettings for an unknown key."""
        versions = [rule for rule in self.deadlines if rule.key == key]
        if not versions:
            raise BadSettings(f"data/deadlines.yml: no deadline has the key {key!r} that data/case_rules.yml names")
        return max(
            (rule for rule in versions if rule.effective_from <= on), key=lambda rule: rule.effective_from, default=None
        )


class HolidayYear(Strict):
    """One year's public holidays and the weekend days worked in exchange."""

    year: int
    source: str
    verified: bool
    free: tuple[date, ...]
    worked: tuple[date, ...]


class HolidayBook(Strict):
    """data/holidays.yml; a year that it lacks has weekends only."""

    years: tuple[HolidayYear, ...]

    def is_working_day(self, day: date) -> bool:
        """Whether offices work on this day."""
        for year in self.years:
            if day in year.free:
                return False
            if day in year.worked:
                return True
        return day.weekday() < 5

    def knows(self, year: int) -> bool:
        """Whether the year's holidays are listed and verified."""
        return any(each.year == year and each.verified and each.source for each in self.years)


def read(path: Path, kind: type[Facts]) -> Facts:
    """One data file as its type; raises BadSettings naming the file and each key that is wrong."""
    try:
        return kind.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except yaml.YAMLError as error:
        raise BadSettings(f"{path.name}: not readable as YAML: {error}") from error
    except ValidationError as error:
        lines = [f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors()]
        raise BadSettings(f"{path.name}: mend these keys:\n  " + "\n  ".join(lines)) from error


@lru_cache(maxsize=1)
def deadline_book() -> DeadlineBook:
    """The deadlines in data/deadlines.yml."""
    return read(DATA / "deadlines.yml", DeadlineBook)


@lru_cache(maxsize=1)
def holiday_book() -> HolidayBook:
    """The holidays in data/holidays.yml."""
    return read(DATA / "holidays.yml", HolidayBook)
