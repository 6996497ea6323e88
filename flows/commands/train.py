"""`chaoxin train`: models that learn from the desk, taken only when they judge no worse than those in use."""

from __future__ import annotations

import click

from store.boot import migrate
from store.errors import BadInput
from store.settings import settings


@click.command()
@click.option(
    "--allow-regression", "allow", metavar="REASON", help="Take the models although a figure fell; goes into the card."
)
@click.option("--restore", is_flag=True, help="Put the models in use before in use again; train nothing.")
@click.option("--processes", default=2, show_default=True, type=click.IntRange(1), help="Tasks measured at once.")
def train(*, allow: str | None, restore: bool, processes: int) -> None:
    """Train from the corpus, the public sets and the desk's labels; ends with 1 when a figure fell."""
    if allow is not None and not allow.strip():
        raise BadInput("--allow-regression needs a reason: it goes into the card of the models")
    migrate()
    if restore:
        _restore()
    else:
        _train(allow.strip() if allow else "", processes)


def _train(allow: str, processes: int) -> None:
    from flows.train import Order, retrain
    from store.clock import clock
    from store.labels import training_rows

    now = clock()
    order = Order(
        desk=list(training_rows()),
        evaluation=settings().evaluation_data,
        today=now.date(),
        allow=allow,
        processes=processes,
    )
    version, card = retrain(order, say=lambda line: click.echo(line, err=True))
    _record("train", version, {"desk_labels": card.desk_labels, "reason": card.allowed})
    click.echo(f"models {version} are in use; {card.desk_labels} labels of {card.desk_documents} documents of the desk")
    _tell_what_waits()


def _restore() -> None:
    from flows.desk_models import restore

    version = restore()
    _record("restore_models", version or "shipped", {})
    click.echo(f"models {version} are in use again" if version else "the models of data/models are in use again")
    _tell_what_waits()


def _tell_what_waits() -> None:
    from flows.rejudge import waiting

    if number := waiting():
        click.echo(f"{number} stored documents wait to be judged anew: nightlies do it, `chaoxin rejudge` does it now")


def _record(verb: str, version: str, detail: dict[str, object]) -> None:
    from django.db import transaction

    from store import audit
    from store.clock import clock

    with transaction.atomic():
        audit.append(None, verb, "models", version, detail, now=clock())
