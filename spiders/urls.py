"""The one normal form of an address: what makes two URLs the same document."""

from __future__ import annotations

import re
from urllib.parse import quote, unquote_to_bytes, urljoin, urlsplit, urlunsplit

DEFAULT_PORTS = {"http": "80", "https": "443"}
# Parameters that say where a reader came from, never which document it is.
TRACKING = re.compile(
    r"(utm_\w+|spm|scm|from|from_source|fromuid|share\w*|isappinstalled|nsukey|wfr|fbclid|gclid|mc_[ce]id"
    r"|weibo_id|wx_\w+|weixin\w*|timestamp|_t|phpsessid|jsessionid|extra|highlight|mobile)",
    re.IGNORECASE,
)
# Fragments that name a document: a floor of a thread, a comment below an article, an entry of a feed without links.
KEPT_FRAGMENT = re.compile(r"(pid\d+|comment-\d+|entry-[0-9a-f]{16})")
SAFE_IN_PATH = "/!$&'()*+,;=:@-._~"
SAFE_IN_QUERY = "!$'()*,;:@/?-._~"


def canonical(url: str, *, base: str = "") -> str:
    """The normal form, absolute against `base`: idempotent, ASCII only, "" for what is no http(s) address."""
    try:
        parts = urlsplit(urljoin(base, _tidy(url)))
        host, port = parts.hostname or "", parts.port
    except ValueError:  # a bracket or port that is none
        return ""
    scheme = parts.scheme.lower()
    if scheme not in DEFAULT_PORTS or not host:
        return ""
    try:
        host = _host(host)
    except UnicodeError:
        return ""
    netloc = host if port is None or str(port) == DEFAULT_PORTS[scheme] else f"{host}:{port}"
    path = _encoded(parts.path, SAFE_IN_PATH)
    path = re.sub(r";jsessionid=[^/]*", "", path, flags=re.IGNORECASE).rstrip("/") or "/"
    fragment = parts.fragment if KEPT_FRAGMENT.fullmatch(parts.fragment) else ""
    return urlunsplit((scheme, netloc, path, _query(parts.query), fragment))


def joined(base: str, url: str) -> str:
    """A link as written, absolute against `base`; "" for one that is no address at all."""
    try:
        return urljoin(base, url.strip())
    except ValueError:
        return ""


def _tidy(url: str) -> str:
    return re.sub(r"[\t\r\n]", "", url).strip()


def _host(host: str) -> str:
    host = host.rstrip(".").lower()
    if ":" in host:
        return f"[{host}]"
    host = host if host.isascii() else host.encode("idna").decode("ascii")
    if not re.fullmatch(r"[a-z0-9._-]+", host):
        raise UnicodeError(host)
    return host


def _query(query: str) -> str:
    pairs = [pair.partition("=") for pair in query.split("&") if pair]
    kept = [
        (_encoded(name, SAFE_IN_QUERY), equals, _encoded(value, SAFE_IN_QUERY))
        for name, equals, value in pairs
        if not TRACKING.fullmatch(name)
    ]
    return "&".join(name + equals + value for name, equals, value in sorted(kept))


def _encoded(text: str, safe: str) -> str:
    """Percent-encoding in one form: UTF-8, upper case, unreserved characters plain; reserved ones stay as written."""
    pieces = re.split(r"((?:%[0-9A-Fa-f]{2})+)", text)
    return "".join(_decoded(p) if i % 2 else quote(p, safe=safe, errors="replace") for i, p in enumerate(pieces))


def _decoded(escapes: str) -> str:
    # An escaped reserved character (%2F) differs from a plain one, so only unreserved ones are unescaped.
    return quote(unquote_to_bytes(escapes), safe="-._~")
