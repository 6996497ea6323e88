"""What the desk is asked to judge today, read from the store for the pure choice of responders/offers.py."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import F, Q

from dashboard.words import BEIJING
from nlp.relevance import THRESHOLD
from responders.offers import Candidate, Offer, OfferParameters, choose, offer_parameters
from store.models import AnnotationRow, DocumentRow, Label

MOST = 3000  # newest annotated documents looked at


@dataclass(frozen=True, slots=True)
class Asked:
    """An offer with the document it is about."""

    offer: Offer
    document: DocumentRow


def offers(now: datetime) -> list[Offer]:
    """Today's offers that nobody has answered yet; two queries."""
    parameters = offer_parameters()
    return choose(_candidates(now, parameters), parameters, judged_today=_judged_today(now))


def asked(now: datetime) -> list[Asked]:
    """The same with their documents and annotations."""
    chosen = offers(now)
    rows = DocumentRow.objects.select_related("annotation").in_bulk([offer.document for offer in chosen])
    return [Asked(offer, rows[offer.document]) for offer in chosen if offer.document in rows]


def _candidates(now: datetime, parameters: OfferParameters) -> Iterable[Candidate]:
    since = now - timedelta(days=parameters.days)
    own = Q(document__duplicate_of=None, document__official=False, text_hash=F("document__text_hash"))
    doubtful = Q(relevant=True) | Q(relevance__gte=THRESHOLD - parameters.relevance_margin)
    rows = AnnotationRow.objects.filter(own, doubtful, document__published_at__gte=since).exclude(document__text="")
    newest = rows.order_by("-document__published_at", "document_id")
    judged: dict[int, set[str]] = defaultdict(set)
    of_this_wording = Label.objects.filter(replaced_at=None, text_hash=F("document__text_hash"))
    standing = of_this_wording.filter(document__published_at__gte=since)
    for pk, what in standing.values_list("document_id", "what"):
        judged[pk].add(what)
    topic = "document__membership__topic_id"
    columns = ("document_id", topic, "relevant", "relevance", "categories", "claim_risk")
    for row in newest.values(*columns)[:MOST]:
        document = row["document_id"]
        yield Candidate(
            document=document,
            matter=f"topic:{row[topic]}" if row[topic] else f"document:{document}",
            relevant=row["relevant"],
            relevance=row["relevance"],
            categories=row["categories"],
            claim_risk=row["claim_risk"],
            judged=frozenset(judged[document]),
        )


def _judged_today(now: datetime) -> int:
    """Documents on which the desk has spoken since midnight in Beijing."""
    midnight = datetime.combine(now.astimezone(BEIJING).date(), time(), BEIJING)
    return Label.objects.filter(given_at__gte=midnight).values("document").distinct().count()
