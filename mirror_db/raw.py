"""The raw records on disk: Zstandard frames, bounded when they are opened again."""

from functools import cache
from typing import Any

import zstandard

MAX_RAW_BYTES = 256 * 1024 * 1024  # more than any page that the transport lets through


@cache
def _compressor() -> Any:
    return zstandard.ZstdCompressor(level=3, write_content_size=True)


@cache
def _decompressor() -> Any:
    return zstandard.ZstdDecompressor()


def pack(body: bytes) -> bytes:
    """Compress one raw record."""
    return bytes(_compressor().compress(body))


def unpack(frame: bytes) -> bytes:
    """Give the bytes that `pack` was given."""
    return bytes(_decompressor().decompress(frame, max_output_size=MAX_RAW_BYTES))
