"""Passing over, unparsed, the records that the mirror holds byte for byte; one look-up per page serves parsing and keeping."""

from collections.abc import Mapping, Sequence

from harvester.engine.run import Run
from harvester.oai.page import NotOai, Page, parse
from harvester.oai.skim import skim
from mirror_db.entries import Known
from mirror_db.ledger import List

PAUSE = 10  # pages parsed whole after one on which too little was known


class Skimmer:
    """The parser and the look-up of one list's pages."""

    def __init__(self, run: Run, row: List) -> None:
        self._run = run
        self._prefix = row.prefix
        self._is_new = run.fresh and not run.is_beside(row.prefix)
        self._is_worth_it = row.verb == "ListRecords" and not self._is_new
        self._pause = 0
        self._asked: set[str] = set()
        self._found: dict[str, Known] = {}

    def parse(self, body: bytes, *, charset: str | None = None) -> Page | NotOai:
        """Read an answer, without what is known where that is worth it."""
        if self._is_worth_it and self._pause <= 0:
            page = skim(body, self.known)
            if page is not None:
                return page
            self._pause = PAUSE
        self._pause -= 1
        return parse(body, charset=charset)

    def known(self, identifiers: Sequence[str]) -> Mapping[str, Known]:
        """Give what the mirror holds of these identifiers; what was told of a page once stays so until it is forgotten."""
        if self._is_new:
            return {}
        new = [one for one in identifiers if one not in self._asked]
        if new:
            self._asked.update(new)
            self._found.update(self._run.store.known(self._run.repository, self._prefix, new))
        return self._found

    def forget(self) -> None:
        """Forget the page: the next one may list the same records again."""
        self._asked, self._found = set(), {}
