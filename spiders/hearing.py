"""What every spider hears: each thing through the privacy gate to the spool, and everything odd named and set aside."""

from __future__ import annotations

from scrapy import Request, Spider

from spiders.aside import Aside, Kept
from spiders.cursor import Cursor, mark_of
from spiders.gallery import Gallery
from spiders.heard import Heard
from spiders.job import Job
from spiders.outcome import Tally
from spiders.parse.feed import Feed
from spiders.privacy import Gate
from spiders.revisit import is_missing
from spiders.saved import Saved
from spiders.spool import Writer
from store.stages import Engagement, HarvestState


class Hearer(Spider):
    """A spider with all that one run of one source hears and notes; how it asks is the Listener's.

    Kinds say by `tell`, `hear` and `count` what they found, by `took`, `leave_out` and `unreadable` what an answer was like.
    """

    name = "hearer"

    def __init__(self, *, job: Job) -> None:
        super().__init__(name=job.source.slug)
        self.source, self.now = job.source, job.now
        self.cursor = Cursor.from_json(job.cursor)
        self.tally = Tally()
        self.out = Writer(job.spool)
        self.gate = Gate(job.secret.read_text(encoding="ascii").strip().encode(), job.limits.author_key_days)
        self.aside = Aside(job.archive.parent if job.archive else None)
        self.sightings: dict[str, Engagement] = {}
        self.holds: dict[str, str] = {}  # address of a page to the URL of the first thing it held
        self.reading: Kept | None = None  # the answer under the parser's eyes
        self.gallery = Gallery(ask=self._ask_beside, release=self._hand_over)

    def tell(self, heard: Heard, *wording: object) -> None:
        """Hear what is new or reads otherwise than before; of the rest only the public counts are handed over.

        `wording` is what makes it another wording: title, text, time of the edit.
        """
        if self.cursor.says_new(heard.url, mark_of(*wording)):
            self.hear(heard)
        else:
            self.count(heard)

    def count(self, heard: Heard) -> None:
        """Hand over the public counts of a known thing that reads as before."""
        self._holds(heard)
        if heard.engagement != Engagement():
            self.sightings[heard.url] = heard.engagement

    def hear(self, heard: Heard) -> None:
        """Hand one thing through the privacy gate to the spool, after its pictures where the source wants them.

        One that the gate cannot take is set aside with its answer.
        """
        self._holds(heard)
        if self.source.images and heard.images:
            self.gallery.take(heard)
        else:
            self._hand_over(heard)

    def _holds(self, heard: Heard) -> None:
        if self.reading:
            self.holds.setdefault(self.reading.saved.asked, heard.url)

    def took(self, feed: Feed, saved: Saved, *, is_front: bool = True) -> None:
        """Note what a feed held and what was wrong with it; the validators of its first page join the cursor."""
        if feed.trouble and not (is_front and self.tally.front_troubles):
            state = HarvestState.TRUNCATED if feed.is_cut else HarvestState.PARTIAL
            self.tally.trouble(state, f"{feed.trouble}（{saved.asked}）", front=is_front)
        self.tally.listed += len(feed.items)
        self.leave_out(feed.skipped)
        if is_front:
            self.cursor.front(saved, now=self.now)

    def leave_out(self, reasons: tuple[str, ...]) -> None:
        """Note odd records that are skipped; the answer that holds them is set aside."""
        self.tally.skipped += len(reasons)
        if reasons and self.reading and not is_missing(self.reading.saved):
            self.aside.put(self.reading, f"{len(reasons)} 条记录无法读取：{reasons[0]}")
        for reason in reasons:
            self.logger.warning("source=%s skipped: %s", self.source.slug, reason)

    def unreadable(self, saved: Saved, *, is_front: bool, what: str) -> None:
        """Note a page that answered well but holds nothing we can read."""
        self.tally.trouble(HarvestState.PARSE_FAILED, f"{what}（{saved.asked or saved.url}）", front=is_front)
        if self.reading:
            self.aside.put(self.reading, what)

    def keep_holds(self) -> None:
        """Let the cursor know of each page what it held: a page that is gone later takes that along."""
        for url, held in self.holds.items():
            if url != held and url in self.cursor.pages:
                self.cursor.pages[url].held = held

    def _hand_over(self, heard: Heard) -> None:
        try:
            entry = self.gate.entry(heard, self.source, now=self.now)
        except Exception as error:  # noqa: BLE001 - an odd thing costs only itself, and nothing passes the gate unmasked
            self.leave_out((f"隐私过滤出错 {type(error).__name__}",))
            return
        self.tally.entries += 1
        self.out.add(entry)

    def _ask_beside(self, request: Request) -> None:
        self.crawler.engine.crawl(request)
