"""What can be wrong with a mirror file: one class per cause, each message says what, where and what to do.

MirrorError
|- NotAMirror        some other SQLite file, or no SQLite file at all
|- NewerMirror       made by a later version of oai-mirror
|- DamagedMirror     SQLite cannot read it
|- ReadOnlyMirror    the file or its folder cannot be written
|- MirrorMissing     a reader found no file
|- MirrorBusy        another program kept it locked
|- DiskFull          no room left: nothing of the page was written
`- Held              another harvest holds the repository
"""

from pathlib import Path


class MirrorError(Exception):
    """A fault of the mirror file at `path`; `str()` is one line for a person."""

    def __init__(self, path: Path | str, message: str) -> None:
        super().__init__(f"{path}: {message}")
        self.path = Path(path)


class NotAMirror(MirrorError):
    """The file is something else and was left untouched."""


class NewerMirror(MirrorError):
    """The file was made by a newer version and was left untouched."""


class DamagedMirror(MirrorError):
    """The file is damaged and was left untouched."""


class ReadOnlyMirror(MirrorError):
    """The file or its folder cannot be written."""


class MirrorMissing(MirrorError):
    """There is no file to read."""


class MirrorBusy(MirrorError):
    """Another program held a lock for too long."""


class DiskFull(MirrorError):
    """The disk is full; the transaction was rolled back."""


class Held(MirrorError):
    """Another process holds the lease of a repository."""

    def __init__(self, path: Path | str, repository: str, holder: str, since: str) -> None:
        super().__init__(
            path, f"{repository} is being harvested by {holder} since {since}; try again when it has ended"
        )
        self.repository = repository
        self.holder = holder
        self.since = since
