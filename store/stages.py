"""The pipe's values, one frozen type a stage: Entry -> Document -> Annotation -> Topic / Claim -> Case -> Draft -> Release.

Pure data: nothing here knows Django, Prefect, the network or the clock. All times are timezone-aware UTC.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class SourceKind(StrEnum):
    """How a source speaks; one spider a kind."""

    FEED = "feed"
    NEWS = "news"
    MASTODON = "mastodon"
    DISCUZ = "discuz"
    BOARD = "board"
    DISCOURSE = "discourse"
    NODEBB = "nodebb"
    TIEBA = "tieba"
    MESSAGES = "messages"
    CAP = "cap"
    BULLETIN = "bulletin"
    SITEMAP = "sitemap"
    WORDPRESS = "wordpress"
    WEIBO = "weibo"
    IMAP = "imap"
    FILES = "files"


# Kinds whose articles an editorial office answers for; a reply below an article is its reader's.
NEWSROOMS = (SourceKind.NEWS, SourceKind.FEED, SourceKind.SITEMAP, SourceKind.WORDPRESS)


class HarvestState(StrEnum):
    """The one named end of every run of every source; an empty success does not exist."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    NOTHING_NEW = "nothing_new"
    EMPTY = "empty"
    PARTIAL = "partial"
    TRUNCATED = "truncated"
    PARSE_FAILED = "parse_failed"
    BLOCKED = "blocked"
    LOGIN_WALL = "login_wall"
    ROBOTS_DENIED = "robots_denied"
    TIMED_OUT = "timed_out"
    UNREACHABLE = "unreachable"
    FAILED = "failed"

    @property
    def is_good(self) -> bool:
        """Whether the source was heard: it answered and what it said was read."""
        return self in (HarvestState.OK, HarvestState.NOT_MODIFIED, HarvestState.NOTHING_NEW)


class ChangeKind(StrEnum):
    """How a topic changed: another came into it, it was split off from another, or documents of another moved over."""

    MERGED = "merged"
    SPLIT = "split"
    MOVED = "moved"


class Hazard(StrEnum):
    """The marine hazards of the warning plans (domain 2.1)."""

    STORM_SURGE = "风暴潮"
    WAVE = "海浪"
    SEA_ICE = "海冰"
    TSUNAMI = "海啸"


class Level(StrEnum):
    """A warning's colour exactly as its issuer published it; never computed here (条例 art. 22)."""

    RED = "红色"
    ORANGE = "橙色"
    YELLOW = "黄色"
    BLUE = "蓝色"


class MessageType(StrEnum):
    """What a bulletin does to the ones before it, in CAP's words."""

    ALERT = "Alert"
    UPDATE = "Update"
    CANCEL = "Cancel"


@dataclass(frozen=True, slots=True, kw_only=True)
class Engagement:
    """Public counts as the platform showed them; None where it shows none."""

    reposts: int | None = None
    replies: int | None = None
    likes: int | None = None
    views: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Image:
    """A picture inside an article; `hash` is its difference hash, 16 hex digits, "" where the picture was not fetched."""

    url: str  # canonical
    alt: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One thing a source said, after the privacy gate: authors are keys, personal marks are masked."""

    source: str  # slug of the source file
    kind: SourceKind
    url: str  # canonical form; identity of the document
    title: str  # "" for posts; a reply carries its thread's title
    text: str  # plain text, paragraphs parted by "\n"
    published_at: datetime | None  # None: the page states no time
    fetched_at: datetime
    author_key: str = ""  # HMAC-SHA256 hex, "" when unknown
    publisher: str = ""  # named outlet or official account, kept in clear
    reply_to: str = ""  # canonical URL of what it answers
    official: bool = False
    raw: str = ""  # the message as published, where a stage needs it whole (CAP XML)
    engagement: Engagement = Engagement()
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sighting:
    """A known thing met again unchanged, with the public counts it shows now."""

    url: str  # canonical, as its entry's
    engagement: Engagement


@dataclass(frozen=True, slots=True, kw_only=True)
class Unread:
    """An answer, or one thing in it, that could not be read and was set aside."""

    url: str
    reason: str  # Chinese
    kept: str = ""  # path of the answer as it came, under the folder of raw answers; "" where none is kept


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """How one run of one source ended, with the entries it brought and the cursor they cover."""

    source: str
    state: HarvestState
    message: str  # in Chinese, one sentence: what happened and what to do
    entries: tuple[Entry, ...] = ()
    cursor: Mapping[str, object] = field(default_factory=dict)  # JSON; stored with the entries it covers
    started_at: datetime
    finished_at: datetime
    requests: int = 0
    bytes_received: int = 0
    skipped: int = 0  # odd records left out, each logged
    listed: int = 0  # things the source showed, known ones included
    sightings: tuple[Sighting, ...] = ()
    vanished: tuple[str, ...] = ()  # URLs of documents, or heads of threads, that the site has taken away
    unread: tuple[Unread, ...] = ()

    @property
    def is_quiet(self) -> bool:
        """Whether the run brought nothing to store but how it ended and where to go on."""
        return not (self.entries or self.sightings or self.vanished or self.unread)

    unreadable: int = 0  # pages that answered well and held nothing readable


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A stored entry as the language stages read it."""

    id: int
    source: str
    kind: SourceKind
    url: str
    title: str
    text: str
    published_at: datetime  # falls back to first seen
    official: bool = False
    reply_to: str = ""
    publisher: str = ""
    duplicate_of: int | None = None
    engagement: Engagement = Engagement()
    images: tuple[Image, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A place named in a text, resolved to the gazetteer."""

    name: str  # as the gazetteer spells it
    within: str = ""  # the district or city it lies in
    longitude: float | None = None  # degrees east
    latitude: float | None = None  # degrees north


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeMention:
    """A time named in a text as a half-open UTC interval."""

    text: str
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Cue:
    """A mark in a text that makes an officer want to check it, with the words that show it."""

    name: str  # key in data/lexicons/claim_cues.yml
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyTag:
    """One of the six matters that offices must collect (国办发〔2016〕80号), with why the text belongs to it."""

    key: str  # key in data/lexicons/policy_tags.yml
    reason: str  # Chinese


@dataclass(frozen=True, slots=True, kw_only=True)
class Annotation:
    """What one text says, by lexicon and model; every score lies in 0..1."""

    relevant: bool
    relevance: float
    category: str  # first level of data/taxonomy.yml, "" when not relevant
    categories: tuple[str, ...] = ()
    parts: tuple[str, ...] = ()  # second level, "海洋灾害/风暴潮", of the categories whose words show one
    keywords: tuple[str, ...] = ()  # what it is about, the most telling first
    tags: tuple[PolicyTag, ...] = ()
    stance: str = "none"  # favour | against | none
    emotion: str = "neutral"  # happy | neutral | negative
    voice: str = "chat"  # question complaint report suggestion praise news official chat
    department: str = ""  # whose matter a message looks like that is none of the sea; "" when not sure
    claim_risk: float = 0.0
    cues: tuple[Cue, ...] = ()
    places: tuple[Place, ...] = ()
    times: tuple[TimeMention, ...] = ()
    tokens: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()  # Chinese, why relevant or not
    model: str = ""  # version of the models and lexicons that judged


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatPart:
    """One addend of a heat score, shown to the officer."""

    name: str  # Chinese label
    value: float  # points added
    detail: str  # Chinese, the numbers behind it


@dataclass(frozen=True, slots=True, kw_only=True)
class Heat:
    """How hot a topic is against its own past, 0..100, with its parts."""

    score: float
    parts: tuple[HeatPart, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Bulletin:
    """An official warning as published, relayed and never issued (条例 art. 22, 25)."""

    issuer: str
    number: str  # the issuer's own number, "" when it states none
    hazard: Hazard
    message_type: MessageType
    level: Level | None  # highest level stated; None: none stated or lifted
    areas: tuple[tuple[str, Level | None], ...]  # (area, level as published)
    issued_at: datetime
    onset: datetime | None
    expires: datetime | None
    headline: str
    text: str
    instruction: str = ""
    references: tuple[str, ...] = ()  # identifiers or numbers of the bulletins it changes
    identifier: str = ""  # CAP identifier, "" for plain text
    url: str = ""
    status: str = "Actual"  # CAP status; Exercise and Test never become live drafts
