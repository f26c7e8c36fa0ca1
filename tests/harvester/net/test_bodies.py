"""Content encodings: right ones, wrong labels, broken streams, bombs (Q31, Q32)."""

import gzip
import tracemalloc
import zlib
from collections.abc import Callable

import brotli
import pytest
import zstandard

from harvester.net.bodies import BadBody, decode

GZIP_HEADER = b"\x1f\x8b\x08\0\0\0\0\0\0\xff"
TEXT = b"<?xml version='1.0'?><OAI-PMH>" + b"record " * 5000 + b"</OAI-PMH>"
BOUND = 1_000_000


def _raw_deflate(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-15)
    return packer.compress(data) + packer.flush()


@pytest.mark.parametrize(
    ("pack", "label"),
    [
        (lambda data: data, None),
        (lambda data: data, "identity"),
        (lambda data: data, "utf-8"),
        (gzip.compress, "gzip"),
        (gzip.compress, " X-GZIP "),
        (lambda data: gzip.compress(data[:999]) + gzip.compress(data[999:]), "gzip"),
        (lambda data: gzip.compress(data) + b"\0\0\0", "gzip"),
        (lambda data: gzip.compress(data) + b"\xff" * 9, "gzip"),  # read as a size, it is one of gigabytes
        (lambda data: gzip.compress(data, 0), "gzip"),  # too large to be undone at once
        (zlib.compress, "deflate"),
        (_raw_deflate, "deflate"),
        (brotli.compress, "br"),
        (zstandard.compress, "zstd"),
        (lambda data: zstandard.compress(data[:999]) + zstandard.compress(data[999:]), "zstd"),
        (lambda data: brotli.compress(gzip.compress(data)), "gzip, br"),
    ],
)
def test_what_is_labelled_rightly_is_undone_without_a_note(pack: Callable[[bytes], bytes], label: str | None) -> None:
    """gzip in one member or several, both kinds of deflate, brotli, zstd, and several encodings in a row."""
    assert decode(pack(TEXT), label, BOUND) == (TEXT, ())


@pytest.mark.parametrize(
    ("body", "label", "codes"),
    [
        (gzip.compress(TEXT), None, ["encoding_unlabelled"]),
        (zstandard.compress(TEXT), None, ["encoding_unlabelled"]),
        (gzip.compress(gzip.compress(TEXT)), "gzip", ["encoding_unlabelled"]),
        (gzip.compress(gzip.compress(TEXT)), None, ["encoding_unlabelled", "encoding_unlabelled"]),
        (TEXT, "gzip", ["encoding_wrong"]),
        (TEXT, "deflate", ["encoding_wrong"]),
        (TEXT, "br", ["encoding_wrong"]),
        (TEXT, "zstd", ["encoding_wrong"]),
    ],
    ids=range(8),
)
def test_q31_wrong_and_missing_labels_are_seen_through_and_noted(
    body: bytes, label: str | None, codes: list[str]
) -> None:
    """The bytes say what they are."""
    text, notes = decode(body, label, BOUND)
    assert (text, [code for code, _ in notes]) == (TEXT, codes)


@pytest.mark.parametrize(
    ("body", "label", "truncated"),
    [
        (gzip.compress(TEXT)[:-20], "gzip", True),
        (gzip.compress(TEXT)[:-4], "gzip", True),
        (gzip.compress(TEXT)[:1], "gzip", None),
        (GZIP_HEADER + b"\x07" * 40, "gzip", False),
        (gzip.compress(TEXT)[:-8] + b"\0" * 8, "gzip", False),
        (zlib.compress(TEXT)[:-20], "deflate", True),
        (b"\x99 nothing of the kind", "deflate", False),
        (brotli.compress(TEXT)[:-20], "br", True),
        (b"\xff\xff nothing of the kind", "br", False),
        (zstandard.compress(TEXT)[:-2], "zstd", True),
        (zstandard.compress(TEXT)[:4] + b"\xff" * 40, "zstd", False),
    ],
    ids=range(11),
)
def test_q32_a_broken_stream_is_refused_and_a_short_one_told_apart(
    body: bytes, label: str, truncated: bool | None
) -> None:
    """Nothing that failed its own check is handed on as a body."""
    if truncated is None:
        assert decode(body, label, BOUND)[0] == body
        return
    with pytest.raises(BadBody) as caught:
        decode(body, label, BOUND)
    assert (caught.value.truncated, caught.value.too_large) == (truncated, False)


def test_members_alike_are_all_undone() -> None:
    """Each by itself looks like the whole: size and checksum are those of the last."""
    member = gzip.compress(b"<a/>")
    assert decode(member * 3, "gzip", BOUND) == (b"<a/>" * 3, ())


@pytest.mark.parametrize("pack", [gzip.compress, zlib.compress, brotli.compress, zstandard.compress])
def test_a_bomb_goes_off_in_a_few_megabytes(pack: Callable[[bytes], bytes]) -> None:
    """60 MB from some bytes are refused at the bound, and never held in memory."""
    label = {"compress": "deflate"}.get(pack.__name__, "deflate")
    label = {gzip.compress: "gzip", brotli.compress: "br", zstandard.compress: "zstd"}.get(pack, label)
    bomb = pack(b"\0" * 60_000_000)
    tracemalloc.start()
    with pytest.raises(BadBody) as caught:
        decode(bomb, label, BOUND)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert caught.value.too_large
    assert peak < 6_000_000
