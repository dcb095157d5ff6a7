"""How each behaviour of the hostile origin ends: the tables that the tests go through."""

import behaviours  # noqa: F401 - what is in it is known by name once it is imported
import sloppy  # noqa: F401
from hostile import PAGE
from scrapy.exceptions import DownloadFailedError, DownloadTimeoutError, ResponseDataLossError

COMPLETE = (
    "plain", "reason", "no-reason", "latin-1", "folded", "colonless", "bare-newlines", "empty",
    "byte-by-byte", "chunks", "chunk-extensions-and-trailers", "gzip-body", "brotli-body",
    "zstd-body", "lying-gzip", "no-content", "not-modified", "not-found", "until-closed",
    "gzip-in-chunks", "empty-in-chunks", "empty-header-value", "nul-in-a-header",
    "http-1-0-kept-alive", "closed-without-length", "multiple-choices",
    "not-modified-and-chunked", "server-error",
)  # fmt: skip

RESCUED = {
    # what Twisted refuses or might, and browsers read: the page in it
    **dict.fromkeys((
        "padded-chunk-sizes", "padded-chunks-in-pieces", "odd-chunk-extensions",
        "bare-newlines-in-chunks", "identity-coding", "chunked-said-twice", "length-and-chunks",
        "length-said-twice", "length-with-a-unit", "blanks-before-colons", "names-that-are-none",
        "odd-blanks-in-the-status", "glued-reason", "says-http-2", "lower-case-http",
        "long-header-line",
    ), PAGE),
    "many-padded-chunks": PAGE * 200,
}  # fmt: skip

CUT = {
    # the origin's way of ending early: what it is taken for, and why the fetch failed
    "short-body": ("disconnect", ResponseDataLossError),
    "cut-chunks": ("disconnect", ResponseDataLossError),
    "cut-in-a-size-line": ("disconnect", ResponseDataLossError),
    "cut-in-trailers": ("disconnect", ResponseDataLossError),
    "cut-head": ("unspecified", DownloadFailedError),
    "reset-midway": ("disconnect", ResponseDataLossError),
    "no-http": ("unspecified", DownloadFailedError),
    "slow": ("time", DownloadTimeoutError),
    "slow-head": ("time", DownloadTimeoutError),
    "slow-chunk": ("time", DownloadTimeoutError),
    # and what is refused for what it says
    "no-size": ("disconnect", ResponseDataLossError),
    "unended-chunk": ("disconnect", ResponseDataLossError),
    "gzip-coding": ("unspecified", DownloadFailedError),
    "conflicting-lengths": ("unspecified", DownloadFailedError),
    "newlines-before-the-head": ("unspecified", DownloadFailedError),
    "no-status": ("unspecified", DownloadFailedError),
}

SILENT = {
    "not-a-byte": DownloadFailedError,
    "reset-at-once": DownloadFailedError,
    "never": DownloadTimeoutError,
}

ELSEWHERE = {
    "redirect", "interim", "interim-in-pieces", "two-interims-at-once", "huge",
    "huge-and-endless", "endless-head", "endless-trailers", "framing-without-end",
    "too-much", "stale",
}  # fmt: skip
