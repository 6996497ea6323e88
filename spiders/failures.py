"""A request that brought no answer to the state and the Chinese words that say why."""

from __future__ import annotations

from twisted.python.failure import Failure

from spiders.refusal import RequestRefusedError
from store.stages import HarvestState

NO_HOST = "域名无法解析，或指向内网而未获允许（allow_private）"  # the resolver gives both the same error
CERTIFICATE = "安全证书无法验证（过期、自签或与域名不符）"
# Names of an error's classes, to what they mean.
NAMES: dict[frozenset[str], tuple[HarvestState, str]] = {
    frozenset({"TimeoutError", "DownloadTimeoutError", "TCPTimedOutError", "UserTimeoutError"}): (
        HarvestState.TIMED_OUT,
        "等待回答超时",
    ),
    frozenset({"ConnectionRefusedError", "DownloadConnectionRefusedError"}): (HarvestState.UNREACHABLE, "连接被拒绝"),
    frozenset({"DNSLookupError", "CannotResolveHostError"}): (HarvestState.UNREACHABLE, NO_HOST),
    frozenset({"CancelledError", "DownloadCancelledError"}): (HarvestState.TRUNCATED, "回答过大，已停止接收"),
    frozenset({"ValueError"}): (HarvestState.UNREACHABLE, "转到了无法使用的地址"),
    # `error` is the name of zlib's and brotli's.
    frozenset({"BadGzipFile", "ZstdError", "EOFError", "error"}): (HarvestState.TRUNCATED, "压缩的内容已损坏"),
}
# Words in the reasons that Twisted lists for a failed response, the surest first.
REASONS = (
    ("max redirections", HarvestState.UNREACHABLE, "重定向次数过多"),
    ("during decompression", HarvestState.TRUNCATED, "压缩的回答展开后过大，没有展开完"),
    ("certificate verify failed", HarvestState.UNREACHABLE, CERTIFICATE),
    ("VerificationError", HarvestState.UNREACHABLE, CERTIFICATE),
    ("HeaderFlood", HarvestState.TRUNCATED, "回答的头部没完没了，已停止接收"),
    ("MalformedChunked", HarvestState.TRUNCATED, "分块传输出错，正文不完整"),
    ("ConnectionLost", HarvestState.UNREACHABLE, "连接被对方中断"),
    ("ConnectionDone", HarvestState.UNREACHABLE, "连接被对方中断"),
    ("SSL", HarvestState.UNREACHABLE, "加密连接失败"),
)


def why(failure: Failure) -> tuple[HarvestState, str]:
    """The state and the words of a request that failed; an error never met is shown by its name."""
    error = failure.value
    assert error is not None
    if isinstance(error, RequestRefusedError):
        return error.state, error.detail
    names = {cls.__name__ for cls in type(error).__mro__}
    known = next((told for those, told in NAMES.items() if those & names), None)
    if known:
        return known
    reasons = _reasons(error)
    said = next(((state, words) for word, state, words in REASONS if word in reasons), None)
    return said or (HarvestState.UNREACHABLE, f"连接失败（{type(error).__name__}）")


def is_for_good(error: Exception) -> bool:
    """Whether asking once more in the same run would end the same way."""
    return any(word in _reasons(error) for word, *_ in REASONS[:5])


def _reasons(error: BaseException) -> str:
    """The names and words of an error and of what it was made from."""
    told: list[str] = []
    waiting: list[BaseException | None] = [error]
    while waiting and len(told) < 20:
        found = waiting.pop(0)
        if found is None:
            continue
        told.append(f"{type(found).__name__} {found}")
        waiting += [found.__cause__, *(r.value for r in getattr(found, "reasons", []) if hasattr(r, "value"))]
    return " ".join(told)
