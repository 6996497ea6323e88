"""A robots.txt to what it allows and how often it wants to be asked (RFC 9309, with Crawl-delay and Request-rate)."""

from __future__ import annotations

from dataclasses import dataclass

from protego import Protego

LONGEST_READ = 512 * 1024  # bytes; RFC 9309 2.5 asks for at least 500 KiB


@dataclass(frozen=True, slots=True)
class Rules:
    """One site's rules; `agent` is the name we are addressed by in them."""

    rules: Protego
    agent: str

    def allows(self, url: str) -> bool:
        """Whether an address may be asked for."""
        return bool(self.rules.can_fetch(url, self.agent))

    @property
    def pause_seconds(self) -> float:
        """Seconds wanted between two requests, 0 where nothing is said: the longer of Crawl-delay and Request-rate."""
        delay = float(self.rules.crawl_delay(self.agent) or 0)
        rate = self.rules.request_rate(self.agent)
        return max(delay, rate.seconds / rate.requests if rate and rate.requests else 0.0, 0.0)


def read_robots(body: bytes, *, user_agent: str) -> Rules:
    """The rules in a robots.txt of which no more than LONGEST_READ bytes are read; an empty one allows everything."""
    text = body[:LONGEST_READ].decode("utf-8-sig", errors="ignore").replace("\x00", "")
    return Rules(Protego.parse(text), user_agent.partition("/")[0].strip() or user_agent)
