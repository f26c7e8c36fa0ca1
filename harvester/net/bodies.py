"""Content encodings undone by what the bytes are, not only by what the label says, and never beyond a bound (Q31, Q32)."""

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

_GZIP = b"\x1f\x8b"
_ZSTD = b"\x28\xb5\x2f\xfd"
_STEP = 262_144


class BadBody(Exception):
    """The body cannot be decoded; `too_large` when only its size is wrong."""

    def __init__(self, detail: str, *, too_large: bool = False, truncated: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.too_large = too_large
        self.truncated = truncated


def decode(body: bytes, label: str | None, max_bytes: int) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """Give the decoded body and notes of what was odd. Raises `BadBody`."""
    notes: list[tuple[str, str]] = []
    names = [name.strip().lower() for name in (label or "").split(",") if name.strip()]
    for name in reversed(names):
        body = _undo(body, name, max_bytes, notes)
    for _ in range(2):
        kind = "gzip" if body.startswith(_GZIP) else "zstd" if body.startswith(_ZSTD) else None
        if kind is None:
            break
        notes.append(("encoding_unlabelled", f"{kind} {'more than once' if names else 'without a label'}"))
        body = _undo(body, kind, max_bytes, notes)
    return body, tuple(notes)


def _undo(body: bytes, name: str, max_bytes: int, notes: list[tuple[str, str]]) -> bytes:
    if name in {"gzip", "x-gzip"}:
        if not body.startswith(_GZIP):
            notes.append(("encoding_wrong", "labelled gzip, but it is not"))
            return body
        return _gunzip(body, max_bytes)
    if name == "deflate":
        return _inflate(body, max_bytes, notes)
    if name == "zstd":
        return _unzstd(body, max_bytes) if body.startswith(_ZSTD) else body
    if name == "br":
        raise BadBody("encoded with brotli, which was not asked for")
    return body


def _gunzip(body: bytes, max_bytes: int) -> bytes:
    parts: list[bytes] = []
    size = 0
    while body.startswith(_GZIP):
        decoder = zlib.decompressobj(31)
        for part in _pieces(decoder, body):
            size += len(part)
            if size > max_bytes:
                raise BadBody(f"more than {max_bytes} bytes when unpacked", too_large=True)
            parts.append(part)
        if not decoder.eof:
            raise BadBody("the gzip stream breaks off", truncated=True)
        body = decoder.unused_data
    return b"".join(parts)


def _pieces(decoder: Any, body: bytes) -> Iterator[bytes]:
    try:
        yield decoder.decompress(body, _STEP)
        while decoder.unconsumed_tail:
            yield decoder.decompress(decoder.unconsumed_tail, _STEP)
    except zlib.error as error:
        raise BadBody(f"broken compression: {error}") from error


def _inflate(body: bytes, max_bytes: int, notes: list[tuple[str, str]]) -> bytes:
    """Deflate comes with and without its zlib wrapper."""
    for bits in (15, -15):
        decoder = zlib.decompressobj(bits)
        try:
            return _bounded(_pieces(decoder, body), max_bytes)
        except BadBody as error:
            if error.too_large:
                raise
    if body.lstrip().startswith(b"<"):
        notes.append(("encoding_wrong", "labelled deflate, but it is not"))
        return body
    raise BadBody("broken deflate stream")


def _unzstd(body: bytes, max_bytes: int) -> bytes:
    import zstandard

    try:
        with zstandard.ZstdDecompressor(max_window_size=1 << 27).stream_reader(body, read_across_frames=True) as reader:
            return _bounded(iter(lambda: reader.read(_STEP), b""), max_bytes)
    except zstandard.ZstdError as error:
        raise BadBody(f"broken compression: {error}") from error


def _bounded(parts: Iterable[bytes], max_bytes: int) -> bytes:
    kept: list[bytes] = []
    size = 0
    for part in parts:
        size += len(part)
        if size > max_bytes:
            raise BadBody(f"more than {max_bytes} bytes when unpacked", too_large=True)
        kept.append(part)
    return b"".join(kept)
