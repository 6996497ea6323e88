"""Sources as the desk lists them: how each stands and why, what it brought, what is usual; those to look at first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from flows.health import histories
from responders.source_edits import InForce, in_force
from spiders.health import Matter, Standing, Verdict, judge
from spiders.usual import BEIJING, Band, Day, History, Silence, days, expected_band, health_rules, parse_yield, silence
from store.models import SourceState

OFF = Verdict(Standing.UNRUN, Matter.NONE, "来源文件里写着未启用")
ORDER = (*(standing.value for standing in Standing), "off")
FILTERS = {  # ?show= to the standings it lists
    "watch": ("out", "watch"),
    "heard": ("heard",),
    "idle": ("unrun", "paused", "off"),
}
DAYS_SHOWN = 28


@dataclass(frozen=True, slots=True)
class Line:
    """One source: its row (unsaved where it never ran), its file with the desk's changes, its past and the verdict."""

    state: SourceState
    known: InForce | None
    history: History
    verdict: Verdict
    now: datetime

    @property
    def standing(self) -> str:
        """How it stands, or "off" where it is not switched on."""
        is_off = self.known is not None and not self.known.source.on
        return "off" if is_off else self.verdict.standing.value

    @property
    def reason(self) -> str:
        """Why it stands so, Chinese."""
        return OFF.reason if self.standing == "off" else self.verdict.reason

    @property
    def days(self) -> list[Day]:
        """What each day brought, oldest first."""
        return days(self.history.runs)

    @property
    def newest_day(self) -> Day | None:
        """The last day on which it ran."""
        return self.days[-1] if self.history.runs else None

    @property
    def band(self) -> Band | None:
        """What that day was expected to bring, None while too little is known."""
        past = self.days
        return expected_band(past, past[-1].date, health_rules()) if past else None

    @property
    def silence(self) -> Silence | None:
        """How long it has brought nothing new."""
        return silence(self.history, health_rules(), now=self.now)

    @property
    def readable(self) -> float | None:
        """The share of what it took up that could be read, 0..1."""
        return parse_yield(self.history.runs, health_rules())

    @property
    def next_due_at(self) -> datetime | None:
        """When it is heard next, where the schedule says so."""
        due: datetime | None = getattr(self.state, "next_due_at", None)
        return due if self.standing not in ("off", "paused") else None

    @property
    def cadence_seconds(self) -> int:
        """How often it is heard by its file."""
        return int(self.known.source.cadence.total_seconds()) if self.known else self.state.cadence_seconds


def lines(*, now: datetime) -> list[Line]:
    """Every source that has a file or ever ran, those to look at first, then by title; four queries."""
    files = in_force()
    rows = {row.slug: row for row in SourceState.objects.defer("cursor")}
    past = histories(now=now)
    found = [line_of(slug, rows.get(slug), files.get(slug), past.get(slug), now=now) for slug in {**files, **rows}]
    return sorted(found, key=lambda line: (ORDER.index(line.standing), line.state.title, line.state.slug))


def line(slug: str, *, now: datetime) -> Line | None:
    """One source, None where it has neither file nor row."""
    known = in_force().get(slug)
    row = SourceState.objects.filter(pk=slug).first()
    if known is None and row is None:
        return None
    return line_of(slug, row, known, histories(now=now, slug=slug).get(slug), now=now)


def line_of(
    slug: str, row: SourceState | None, known: InForce | None, history: History | None, *, now: datetime
) -> Line:
    """A source put together from what there is of it."""
    past = history or History()
    return Line(row or _unrun(slug, known), known, past, judge(past, health_rules(), now=now), now)


def shown(found: Sequence[Line], which: str) -> list[Line]:
    """The lines of one filter; all of them for an unknown one."""
    return [line for line in found if which not in FILTERS or line.standing in FILTERS[which]]


def last_days(found: Line) -> list[tuple[Day, Band | None]]:
    """Each of the last four weeks' days with what was usual for it, those without a run as unheard."""
    past = found.days
    known = {day.date: day for day in past}
    today = found.now.astimezone(BEIJING).date()
    wanted = [today - timedelta(days=back) for back in range(DAYS_SHOWN - 1, -1, -1)]
    shown_days = [known.get(date, Day(date, 0, is_heard=False)) for date in wanted]
    return [(day, expected_band(past, day.date, health_rules())) for day in shown_days]


def _unrun(slug: str, known: InForce | None) -> SourceState:
    """A source that never ran, as a row that is not stored."""
    assert known is not None, "a source has a row or a file"
    source = known.source
    seconds = int(source.cadence.total_seconds())
    return SourceState(slug=slug, title=source.title, kind=source.kind.value, cadence_seconds=seconds)
