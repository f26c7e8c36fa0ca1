"""Content encodings undone by what the bytes are, not only by what the label says, and never beyond a bound (Q31, Q32)."""

import zlib
from collections.abc import Callable, Generator, Iterable, Iterator
from io import BytesIO

_GZIP = b"\x1f\x8b"
_MEMBER = b"\x1f\x8b\x08"  # how a member of gzip begins
_ZSTD = b"\x28\xb5\x2f\xfd"
_STEP = 262_144
_ZSTD_WINDOW = 1 << 27
_MOST_INFLATED = 1032  # bytes that one byte of deflate can become at the most
_LIKELY_INFLATED = 64  # times that XML becomes larger, at the most that room is made for ahead

Notes = list[tuple[str, str]]


class BadBody(Exception):
    """The body cannot be decoded: `too_large` when only its size is wrong, `truncated` when only its end is missing."""

    def __init__(self, detail: str, *, too_large: bool = False, truncated: bool = False) -> None:
        super().__init__(detail)
        self.detail = detail
        self.too_large = too_large
        self.truncated = truncated


def decode(body: bytes, label: str | None, max_bytes: int) -> tuple[bytes, tuple[tuple[str, str], ...]]:
    """Give the decoded body and notes of what was odd. Raises `BadBody`."""
    notes: Notes = []
    names = [name.strip().lower() for name in (label or "").split(",") if name.strip()]
    for name in reversed(names):
        undo = _UNDO.get(name)
        body = undo(body, max_bytes, notes) if undo else body
    for _ in range(2):
        kind = "gzip" if body.startswith(_GZIP) else "zstd" if body.startswith(_ZSTD) else None
        if kind is None:
            break
        notes.append(("encoding_unlabelled", f"{kind} {'more than once' if names else 'without a label'}"))
        body = _UNDO[kind](body, max_bytes, notes)
    return body, tuple(notes)


def _gunzip(body: bytes, max_bytes: int, notes: Notes) -> bytes:
    """Undo gzip: one member or several; what stands behind the last is dropped, as gzip itself does."""
    if not body.startswith(_GZIP):
        return _unencoded(body, "gzip", notes)
    text = _at_once(body) if len(body) * _MOST_INFLATED <= max_bytes else None
    return _bounded(_members(body), max_bytes) if text is None else text


def _at_once(body: bytes) -> bytes | None:
    """Undo gzip in one call, into room for as many bytes as the end of the body states; None where it must be looked at more closely.

    For a body of one member that cannot become too large. Gathering the text in pieces takes half as long again: each piece
    is new memory that the system has to clear.
    """
    if body.find(_MEMBER, len(_MEMBER)) >= 0:
        return None  # perhaps another one, or the same bytes by chance: once in 300 pages of 52 kB
    stated = int.from_bytes(body[-4:], "little")
    try:
        return zlib.decompress(body, 31, max(1, min(stated, _LIKELY_INFLATED * len(body))))
    except zlib.error:
        return None


def _members(body: bytes) -> Iterator[bytes]:
    at = 0
    while body.startswith(_GZIP, at):
        at = yield from _inflated(body, at, 31)


def _inflate(body: bytes, max_bytes: int, notes: Notes) -> bytes:
    """Undo deflate, which comes with and without its zlib wrapper."""
    broken = BadBody("broken deflate stream")
    for bits in (15, -15):
        try:
            return _bounded(_inflated(body, 0, bits), max_bytes)
        except BadBody as error:
            if error.too_large:
                raise
            broken = error if error.truncated else broken
    if body.lstrip().startswith(b"<"):
        return _unencoded(body, "deflate", notes)
    raise broken


def _inflated(body: bytes, start: int, bits: int) -> Generator[bytes, None, int]:
    """Yield what one zlib stream holds and return where it ends. It is fed in slices: handed the whole, zlib would
    copy what is left of it at every step."""
    decoder = zlib.decompressobj(bits)
    view = memoryview(body)
    for at in range(start, len(body), _STEP):
        piece: bytes | memoryview = view[at : at + _STEP]
        try:
            while piece and not decoder.eof:
                yield decoder.decompress(piece, _STEP)
                piece = decoder.unconsumed_tail
        except zlib.error as error:
            raise BadBody(f"broken compression: {error}") from error
        if decoder.eof:
            return min(len(body), at + _STEP) - len(decoder.unused_data)
    raise BadBody("the compressed stream breaks off", truncated=True)


def _unzstd(body: bytes, max_bytes: int, notes: Notes) -> bytes:
    import zstandard

    if not body.startswith(_ZSTD):
        return _unencoded(body, "zstd", notes)
    try:
        stated = zstandard.get_frame_parameters(body).content_size
        reader = zstandard.ZstdDecompressor(max_window_size=_ZSTD_WINDOW).stream_reader(body, read_across_frames=True)
        with reader:
            text = _bounded(iter(lambda: reader.read(_STEP), b""), max_bytes)
    except zstandard.ZstdError as error:
        raise BadBody(f"broken compression: {error}") from error
    if stated != zstandard.CONTENTSIZE_UNKNOWN and len(text) < stated:
        raise BadBody("the compressed stream breaks off", truncated=True)  # the reader itself ends quietly
    return text


def _unbrotli(body: bytes, max_bytes: int, notes: Notes) -> bytes:
    """Undo brotli; it has no mark of its own, so a label on plain text is found out by trying."""
    import brotli

    try:
        return _bounded(_unbrotlied(brotli.Decompressor(), body), max_bytes)
    except brotli.error as error:
        if body.lstrip().startswith(b"<"):
            return _unencoded(body, "br", notes)
        raise BadBody(f"broken compression: {error}") from error


def _unbrotlied(decoder, body: bytes) -> Iterator[bytes]:  # type: ignore[no-untyped-def]
    yield decoder.process(body, output_buffer_limit=_STEP)
    while not decoder.is_finished():
        piece = decoder.process(b"", output_buffer_limit=_STEP)
        if not piece and decoder.can_accept_more_data():
            raise BadBody("the compressed stream breaks off", truncated=True)
        yield piece


def _unencoded(body: bytes, label: str, notes: Notes) -> bytes:
    notes.append(("encoding_wrong", f"labelled {label}, but it is not"))
    return body


def _bounded(parts: Iterable[bytes], max_bytes: int) -> bytes:
    kept = BytesIO()
    for part in parts:
        kept.write(part)
        if kept.tell() > max_bytes:
            raise BadBody(f"more than {max_bytes} bytes when unpacked", too_large=True)
    return kept.getvalue()


_UNDO: dict[str, Callable[[bytes, int, Notes], bytes]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "zstd": _unzstd,
    "br": _unbrotli,
}
