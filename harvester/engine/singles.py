"""Records asked one by one, where a page that holds them cannot be had (Q33): ListIdentifiers tells which, GetRecord brings them.

failing list -> its identifiers -> those not yet met -> few: GetRecord each, what fails goes to quarantine | many: cut between them
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

from harvester.engine.asking import Got, Trouble, TroubleKind, ask_page
from harvester.engine.audit import trusts_no_size
from harvester.engine.cutting import Window, around
from harvester.engine.keeping import answered_at, expected
from harvester.engine.pages import missing_record, read_page
from harvester.engine.run import ListEnd, Run
from harvester.engine.types import Ended, Outcome
from harvester.oai.dates import to_granularity
from harvester.oai.types import Ask, Form
from harvester.oai.walk import Done, More, Step, begin, step
from mirror_db.entries import Batch
from mirror_db.ledger import List

MAX_IDENTIFIERS = 50_000  # of one broken list, held in memory


@dataclass(slots=True)
class Singles:
    """What ListIdentifiers told of a broken list: datestamps by identifier; None: it breaks too, or grows too long."""

    window: Window | None = None
    stamps: dict[str, str] | None = None
    at: str | None = None  # when it was asked
    missing: list[tuple[str, str]] = field(default_factory=list)  # (datestamp, identifier) of the list looked at last

    def covers(self, row: List) -> bool:
        """Tell whether the identifiers known are those of this window too."""
        if self.window is None:
            return False
        low = self.window.from_ is None or (row.from_ is not None and row.from_ >= self.window.from_)
        return low and (self.window.until is None or (row.until is not None and row.until <= self.window.until))

    def is_broken(self, row: List) -> bool:
        """Tell whether the identifiers of this window are known not to be had."""
        return self.stamps is None and self.covers(row)

    def parts(self, run: Run, row: List) -> tuple[Window, ...]:
        """Cut a list between its missing records: two windows with half of them each; nothing where they share a datestamp."""
        stamps = [to_granularity(stamp, run.facts.granularity, end=False) for stamp, _ in self.missing if stamp]
        later = [stamp for stamp in stamps[len(stamps) // 2 :] if stamp > stamps[0]]
        return around(Window(row.from_, row.until), later[0], run.facts.granularity) if later else ()


def ask_missing(run: Run, row: List, end: ListEnd, singles: Singles, *, left: Callable[[], int]) -> int | None:
    """Ask for the records of a broken list one by one where they are few, or cannot be told apart by their datestamps.

    At most `left()` of them; gives how many are left over, or None where they are better asked in windows, or not known.
    Raises `Ended` when the server is away.
    """
    singles.missing = []
    if row.verb != "ListRecords":
        return None
    if not singles.covers(row):
        singles.window = Window(row.from_, row.until)
        singles.stamps, singles.at = _identifiers(run, row, end.form)
    if singles.stamps is None:
        return None
    met = run.store.met(root_of(run, row))
    inside = [(stamp, name) for name, stamp in singles.stamps.items() if name not in met and _is_inside(stamp, row)]
    singles.missing = sorted(inside)
    if len(inside) > run.job.rules.few_records and singles.parts(run, row):
        return None
    most = max(0, left())
    for _, identifier in singles.missing[:most]:
        fetch_record(run, row.prefix, identifier, end.form, number=row.id, at=singles.at)
    return max(0, len(inside) - most)


def root_of(run: Run, row: List) -> int:
    """Give the number of the list of which this is a window, or its own."""
    while row.parent is not None:
        row = run.store.list(row.parent)
    return row.id


def _is_inside(stamp: str, row: List) -> bool:
    """A datestamp that cannot be read may be inside any window."""
    if not stamp:
        return True
    low = row.from_ is None or stamp[: len(row.from_)] >= row.from_[: len(stamp)]
    return low and (row.until is None or stamp[: len(row.until)] <= row.until[: len(stamp)])


def named_pages(run: Run, row: List, form: Form) -> Iterator[tuple[Got, Step]]:
    """Ask ListIdentifiers for a list, once a page: yields each answer and what it means for the walk.

    Ends behind the last page, or where a page cannot be had.
    """
    walk = begin(Ask("ListIdentifiers", row.prefix, row.set, row.from_, row.until))
    while True:
        run.pulse()
        got = ask_page(walk.ask, form, run.ports, run.job.rules, attempts=1)
        if isinstance(got, Trouble):
            return
        run.spent.named = max(run.spent.named, len(got.page.items))
        move = step(walk, got.page, run.job.rules.walk)
        yield got, move
        if not isinstance(move, More):
            return
        walk = move.walk


def _identifiers(run: Run, row: List, form: Form) -> tuple[dict[str, str] | None, str | None]:
    """Give the datestamps by identifier that ListIdentifiers lists, or None where that list breaks too, or is short; and when."""
    found: dict[str, str] = {}
    announced = 0
    at: str | None = None
    for got, move in named_pages(run, row, form):
        at = at or answered_at(got, run.ports.now())
        found |= {item.identifier: item.datestamp or "" for item in got.page.items if item.identifier}
        announced = expected(got.page) or announced
        match move:
            case Done(_, (), _, False):
                return (found if len(found) >= announced or trusts_no_size(run) else None), at
            case _ if len(found) > MAX_IDENTIFIERS:
                break
    return None, None


def _asked_for(run: Run, prefix: str, identifier: str, form: Form) -> Got | Trouble:
    run.pulse()
    return ask_page(Ask("GetRecord", prefix, identifier=identifier), form, run.ports, run.job.rules, attempts=1)


def _denies(got: Got | Trouble) -> bool:
    return isinstance(got, Got) and any(error.code == "idDoesNotExist" for error in got.page.errors)


def fetch_record(
    run: Run,
    prefix: str,
    identifier: str,
    form: Form,
    *,
    number: int | None = None,
    at: str | None = None,
    is_listed: bool = False,
) -> bool:
    """Ask for one record and commit it, or its quarantine row; `number` is the list that it belongs to, named `at` that time.

    A server that lists a record (`is_listed`, or a `number`) is not believed when it says that there is none.
    Tells whether the server delivered it, or said that it is gone. Raises `Ended` when the server is away.
    """
    got = _asked_for(run, prefix, identifier, form)
    if isinstance(got, Trouble) and got.kind is TroubleKind.SERVER:
        raise Ended(Outcome.FAILED, got.why)
    desk = run.desk(prefix, identifiers=[identifier])
    place = f"GetRecord {identifier}"
    progress = None if number is None else run.no_page(number, at)
    if isinstance(got, Got) and any(item.identifier == identifier for item in got.page.items):
        known = run.store.known(run.repository, prefix, [identifier])
        run.store.commit(read_page(got.page, desk, known, place=place, progress=progress))
        return True
    is_denied = _denies(got)
    if is_denied and not is_listed and number is None:
        run.store.resolve(run.repository, prefix, [identifier])
        return True
    why = got.why if isinstance(got, Trouble) else _errors(got)
    missing = missing_record(identifier, desk, place=place, detail=why, is_denied=is_denied)
    run.store.commit(Batch(run.repository, run.number, prefix, quarantined=(missing,), progress=progress))
    return False


def is_denied(run: Run, prefix: str, identifier: str, form: Form) -> bool:
    """Ask for a record and tell whether the server says that there is none."""
    return _denies(_asked_for(run, prefix, identifier, form))


def is_given(run: Run, prefix: str, identifier: str, form: Form) -> bool | None:
    """Ask for a record and tell whether the server gives it, alive and in what is harvested of it; None: it answers nobody."""
    got = _asked_for(run, prefix, identifier, form)
    if isinstance(got, Trouble):
        return None if got.kind is TroubleKind.SERVER else False
    return any(
        item.identifier == identifier and not item.deleted and _is_wanted(run, item.sets) for item in got.page.items
    )


def _is_wanted(run: Run, sets: Sequence[str]) -> bool:
    """A record of a set is one of all sets above it, too (protocol section 2.7)."""
    wanted = run.job.source.sets
    return not wanted or any(one == spec or one.startswith(f"{spec}:") for one in sets for spec in wanted)


def _errors(got: Got) -> str:
    said = "; ".join(f"{error.code}: {error.text}" for error in got.page.errors)
    return said or "the answer holds another record than the one asked for"
