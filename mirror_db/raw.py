"""The raw records on disk: Zstandard frames, small by what a repository's records have in common, bounded when opened again.

    the first records of a repository -> plain frames, and a dictionary is trained on them -> the others name it in their frames

A dictionary (64 kB) makes a record of 2 kB half as large as a frame of its own does, and is quicker.
"""

import sqlite3
import threading
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

import zstandard

from mirror_db.connection import transaction
from mirror_db.entries import Batch, Entry, Raw
from mirror_db.made import MadeEntries

MAX_RAW_BYTES = 256 * 1024 * 1024  # more than any page that the transport lets through
LEVEL = 3
SAMPLES = 400  # live records on which a dictionary is trained: 1,000 make it no better
MAX_SAMPLE_BYTES = 16_384  # of one record: a few huge ones must not fill the memory
DICTIONARY_BYTES = 65_536
_TRAINING = {
    "d": 8,
    "f": 18,
    "k": 2000,
    "accel": 10,
}  # frames as small as those of a search for k, in a fifth of its time
_FIRST_ID = 32_768  # lower numbers are reserved by the format
_MAGIC = b"\x28\xb5\x2f\xfd"


class _Tools(threading.local):
    """One compressor and one decompressor per thread: shared ones crash the process."""

    def __init__(self) -> None:
        self.compressor: Any = _plain()
        self.decompressor: Any = zstandard.ZstdDecompressor()


def _plain() -> Any:
    return zstandard.ZstdCompressor(level=LEVEL, write_content_size=True)


_TOOLS = _Tools()


def pack(body: bytes) -> bytes:
    """Compress one raw record without a dictionary; safe for threads."""
    return bytes(_TOOLS.compressor.compress(body))


def unpack(frame: bytes) -> bytes:
    """Give the bytes that `pack` was given."""
    return bytes(_TOOLS.decompressor.decompress(frame, max_output_size=MAX_RAW_BYTES))


class Opener:
    """Opens frames of one mirror, those that name a dictionary too; use it in one thread."""

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._tools: dict[int, Any] = {}

    def unpack(self, frame: bytes) -> bytes:
        """Give the bytes of a raw record. Raises KeyError when its dictionary is not in the mirror."""
        number = zstandard.get_frame_parameters(frame).dict_id
        if not number:
            return unpack(frame)
        if number not in self._tools:
            row = self._conn.execute("SELECT body FROM dictionaries WHERE id = ?", (number,)).fetchone()
            if row is None:
                raise KeyError(f"the mirror has no dictionary {number}")
            self._tools[number] = zstandard.ZstdDecompressor(dict_data=zstandard.ZstdCompressionDict(row[0]))
        return bytes(self._tools[number].decompress(frame, max_output_size=MAX_RAW_BYTES))


class Packer:
    """Compresses what goes into one mirror; trains a dictionary for a repository once enough of its records have come.

    Not safe for threads: the writer's calls take turns.
    """

    def __init__(self, conn: sqlite3.Connection) -> None:
        self._conn = conn
        self._tools: dict[tuple[str, str], Any] = {}
        self._samples: dict[tuple[str, str], list[bytes]] = {}
        self._dictionaries: dict[tuple[str, str], bytes] = {}

    def dictionary(self, repository: str, prefix: str) -> bytes | None:
        """Give the dictionary that records of this repository are compressed with, None as long as there is none."""
        key = (repository, prefix)
        if key not in self._tools:
            self._begin(key)
        return self._dictionaries.get(key)

    def packed(self, batch: Batch, *, now: str) -> Batch:
        """Give the batch with its raw records compressed; frames stay as they are. May write a dictionary."""
        key = (batch.repository, batch.prefix)
        compress = (self._tools.get(key) or self._begin(key)).compress
        packed = batch._replace(entries=_all_packed(batch.entries, compress))
        if key in self._samples:
            self._learn(key, batch, now)
        return packed

    def _begin(self, key: tuple[str, str]) -> Any:
        row = self._conn.execute("SELECT body FROM dictionaries WHERE repository = ? AND prefix = ?", key).fetchone()
        if row is None:
            self._samples[key] = []
            self._tools[key] = _plain()
        else:
            self._use(key, bytes(row[0]))
        return self._tools[key]

    def _learn(self, key: tuple[str, str], batch: Batch, now: str) -> None:
        samples = self._samples[key]
        samples += [raw.body[:MAX_SAMPLE_BYTES] for raw in _raws(batch.entries) if raw.body]
        if len(samples) < SAMPLES:
            return
        del self._samples[key]
        with suppress(zstandard.ZstdError):  # samples that have nothing in common
            self._use(key, self._trained(key, samples, now))

    def _use(self, key: tuple[str, str], dictionary: bytes) -> None:
        self._dictionaries[key] = dictionary
        self._tools[key] = compressor(dictionary)

    def _trained(self, key: tuple[str, str], samples: Sequence[bytes], now: str) -> bytes:
        """Train and keep a dictionary: it is on the disk before the first frame that needs it."""
        with transaction(self._conn):
            newest = self._conn.execute("SELECT coalesce(max(id), ?) FROM dictionaries", (_FIRST_ID,)).fetchone()[0]
            body = zstandard.train_dictionary(DICTIONARY_BYTES, [*samples], dict_id=newest + 1, **_TRAINING).as_bytes()
            self._conn.execute(
                "INSERT INTO dictionaries (id, repository, prefix, body, made_at) VALUES (?, ?, ?, ?, ?)",
                (newest + 1, *key, body, now),
            )
        return bytes(body)


def compressor(dictionary: bytes) -> Any:
    """Make a compressor with a dictionary; it is not safe for threads."""
    data = zstandard.ZstdCompressionDict(dictionary)
    data.precompute_compress(level=LEVEL)
    return zstandard.ZstdCompressor(level=LEVEL, dict_data=data, write_content_size=True)


def _raws(entries: Sequence[Entry]) -> list[Raw]:
    return entries.made.raw if isinstance(entries, MadeEntries) else [entry.raw for entry in entries]


def _all_packed(entries: Sequence[Entry], compress: Any) -> Sequence[Entry]:
    given = _raws(entries)
    packed = [_packed(raw, compress) for raw in given]
    if all(new is old for new, old in zip(packed, given, strict=True)):
        return entries
    if isinstance(entries, MadeEntries):
        return entries.with_raw(packed)
    return tuple(Entry(entry.record, raw, entry.rows) for entry, raw in zip(entries, packed, strict=True))


def _packed(raw: Raw, compress: Any) -> Raw:
    body, tombstone = raw.body, raw.tombstone
    if body is not None and not body.startswith(_MAGIC):
        return Raw(*raw[:4], compress(body), *raw[5:])
    if tombstone is not None and not tombstone.startswith(_MAGIC):
        return Raw(*raw[:5], compress(tombstone), *raw[6:])
    return raw
