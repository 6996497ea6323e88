"""A response as Scrapy received it, to the Saved that parsers read."""

from __future__ import annotations

from scrapy.http import Response

from spiders.saved import Saved


def received(response: Response, encoding: str) -> Saved:
    """The response with what was first asked for; `encoding` overrides what the site declares, "" believes it.

    Its request carries `asked` in its meta.
    """
    headers = {k.decode("latin-1").lower(): b",".join(v).decode("latin-1") for k, v in response.headers.items()}
    return Saved(
        url=response.url,
        body=response.body,
        status=response.status,
        headers=headers,
        asked=response.meta["asked"],
        encoding=encoding,
        is_cut="dataloss" in response.flags,
    )
