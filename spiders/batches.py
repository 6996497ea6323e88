"""Which sources share a spider process: those of one host together, the rest spread evenly."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence

from spiders.rhythm import Rhythm
from spiders.sources import Source


def hosts_of(sources: Sequence[Source]) -> dict[str, str]:
    """A name of the host by slug, the same for all sources that ask one host, articles on further hosts included."""
    leader: dict[str, str] = {}

    def first(host: str) -> str:
        while leader.setdefault(host, host) != host:
            host = leader[host]
        return host

    for source in sources:
        for host in source.hosts:
            one, other = sorted((first(source.host), first(host)))
            leader[other] = one
    return {source.slug: first(source.host) for source in sources}


def batches(sources: Sequence[Source], by: Rhythm) -> list[list[Source]]:
    """The sources in batches of about equal size, each for one process, those of one host next to each other.

    Sources that may reach private addresses have processes of their own, for a process resolves names in one way only. Equal
    input gives equal batches.
    """
    found: list[list[Source]] = []
    for private in (False, True):
        chosen = sorted((s for s in sources if s.allow_private is private), key=lambda s: s.slug)
        found += _spread(chosen, by)
    return found


def _spread(sources: Sequence[Source], by: Rhythm) -> list[list[Source]]:
    names = hosts_of(sources)
    hosts: defaultdict[str, list[Source]] = defaultdict(list)
    for source in sources:
        hosts[names[source.slug]].append(source)
    wanted = min(by.children, len(sources) // by.least_a_child)
    count = min(len(hosts), max(1, wanted, -(-len(sources) // by.most_a_child)))
    made: list[list[Source]] = [[] for _ in range(count)]
    for host in sorted(hosts, key=lambda host: (-len(hosts[host]), host)):
        min(made, key=len).extend(hosts[host])
    return made
