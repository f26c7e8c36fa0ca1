"""The raw records on disk: Zstandard frames, bounded when they are opened again."""

import threading
from typing import Any

import zstandard

MAX_RAW_BYTES = 256 * 1024 * 1024  # more than any page that the transport lets through


class _Tools(threading.local):
    """One compressor and one decompressor per thread: shared ones crash the process."""

    def __init__(self) -> None:
        self.compressor: Any = zstandard.ZstdCompressor(level=3, write_content_size=True)
        self.decompressor: Any = zstandard.ZstdDecompressor()


_TOOLS = _Tools()


def pack(body: bytes) -> bytes:
    """Compress one raw record; safe for threads."""
    return bytes(_TOOLS.compressor.compress(body))


def unpack(frame: bytes) -> bytes:
    """Give the bytes that `pack` was given."""
    return bytes(_TOOLS.decompressor.decompress(frame, max_output_size=MAX_RAW_BYTES))
