"""The house's tables, one module a concept."""

from store.models.answers import KnownAnswer
from store.models.audit import AuditRow
from store.models.bulletins import BulletinRow, Emergency, Incident
from store.models.cases import Case, Deadline
from store.models.claims import Claim, ClaimEvidence
from store.models.documents import AnnotationRow, DocumentRow, DocumentVersion, EngagementPoint
from store.models.drafts import Draft, DraftEvidence, DraftVersion, Release
from store.models.labels import Label, Placement
from store.models.people import Invitation
from store.models.quarantine import QuarantineRow
from store.models.sources import SourceEdit, SourceOutage, SourceRun, SourceState
from store.models.topics import Topic, TopicChange, TopicMember, TopicPoint

__all__ = [
    "AnnotationRow",
    "AuditRow",
    "BulletinRow",
    "Case",
    "Claim",
    "ClaimEvidence",
    "Deadline",
    "DocumentRow",
    "DocumentVersion",
    "Draft",
    "DraftEvidence",
    "DraftVersion",
    "Emergency",
    "EngagementPoint",
    "Incident",
    "Invitation",
    "KnownAnswer",
    "Label",
    "Placement",
    "QuarantineRow",
    "Release",
    "SourceEdit",
    "SourceOutage",
    "SourceRun",
    "SourceState",
    "Topic",
    "TopicChange",
    "TopicMember",
    "TopicPoint",
]
