"""Sets, deletions, and facts that come true between two requests: Q6, Q19 to Q22, Q47, Q48, and EPrints' sticky filter."""

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from harvester.demo.model import Repository
from harvester.demo.protocol import Answer
from harvester.demo.selecting import is_in
from tests.faults.fault import Fault, Moment, Refuse, a_fault, quirk

if TYPE_CHECKING:
    from tests.faults.serving import Provider

__all__ = [
    "bare_tombstones",
    "bulk_restamp",
    "deleted",
    "drop_set",
    "happens",
    "move_set",
    "mutate_between_pages",
    "no_sets",
    "rename_ids",
    "sticky_filter",
    "vanish",
]


@quirk("Q6")
def happens(before_page: int, event: "Callable[[Provider], None]") -> Fault:
    """The event comes true once, just before a page of a list is answered."""
    done: list[bool] = []

    def hook(moment: Moment) -> None:
        if moment.page == before_page and not done:
            done.append(True)
            event(moment.server)

    return a_fault(call=hook)


@quirk("Q6")
def mutate_between_pages(*identifiers: str, before_page: int = 2) -> Fault:
    """Records change while the list is paged, and move behind the cursor."""

    def change(server: "Provider") -> None:
        for identifier in identifiers:
            server.edit(identifier, f"Changed {identifier}")

    return happens(before_page, change)


@quirk("Q19")
def deleted(policy: str) -> Fault:
    """Identify states this policy; with `no`, deleted records are not shown."""
    return a_fault(verbs=(), repository=lambda moment, repository: replace(repository, deleted_record=policy))


@quirk("Q19")
def vanish(*identifiers: str, before_page: int = 1) -> Fault:
    """Records are gone without a trace."""
    return happens(before_page, lambda server: server.vanish(*identifiers))


@quirk("Q20")
def move_set(identifier: str, *sets: str, before_page: int = 1) -> Fault:
    """A record leaves its sets for others."""
    return happens(before_page, lambda server: server.move(identifier, *sets))


@quirk("Q21")
def drop_set(spec: str, before_page: int = 1) -> Fault:
    """A set is gone."""
    return happens(before_page, lambda server: server.drop_set(spec))


@quirk("Q22")
def no_sets(how: str = "noSetHierarchy") -> Fault:
    """ListSets is refused (`noSetHierarchy` or `badResumptionToken`), or empty (`empty`)."""

    def none(moment: Moment, repository: Repository) -> Answer | None:
        if moment.verb != "ListSets":
            return None
        if how != "empty":
            raise Refuse(how)
        return Answer(replace(repository, sets=()), moment.server.clock.now(), moment.pairs, "ListSets")

    return a_fault(verbs=("ListSets",), respond=none)


@quirk("Q47")
def bulk_restamp(before_page: int = 1) -> Fault:
    """After an upgrade every record is stamped as changed."""
    return happens(before_page, lambda server: server.restamp())


@quirk("Q48")
def rename_ids(old: str, new: str, before_page: int = 1) -> Fault:
    """After a migration every identifier is another."""
    return happens(before_page, lambda server: server.rename(old, new))


@quirk("EPrints")
def sticky_filter(every: int = 3) -> Fault:
    """A request for a set leaves its filter in one of the server's processes, which answers every so manieth call."""
    left: list[str] = []

    def filtered(moment: Moment, repository: Repository) -> Repository:
        spec = moment.params.get("set")
        if spec:
            left[:] = [spec]
        if not left or spec or moment.number % every:
            return repository
        return replace(repository, records=tuple(r for r in repository.records if is_in(r.sets, left[0])))

    return a_fault(repository=filtered)


@quirk("EPrints")
def bare_tombstones() -> Fault:
    """Deleted headers carry no setSpec (cgi/oai2, make_header)."""

    def strip(moment: Moment, got: Answer) -> Answer:
        return got._replace(records=tuple(r._replace(sets=()) if r.deleted else r for r in got.records))

    return a_fault(verbs=(), answer=strip)
