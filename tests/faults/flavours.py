"""Bundles of faults and ways in the manner of a platform."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from harvester.demo.model import DAY, Repository
from harvester.demo.tokens import DspaceTokens, EprintsTokens
from tests.faults import content, dates, lists, sets, wire, xml
from tests.faults.fault import Fault


def _as_it_is(repository: Repository) -> Repository:
    return repository


@dataclass(frozen=True)
class Flavour:
    """What a platform changes in a repository, and the faults it brings; made anew for every server."""

    repository: Callable[[Repository], Repository] = _as_it_is
    faults: Callable[[], list[Fault]] = list


def _ways(**changes: object) -> Callable[[Repository], Repository]:
    return lambda repository: replace(repository, **changes)  # type: ignore[arg-type]


FLAVOURS: dict[str, Flavour] = {
    "strict": Flavour(),
    "eprints": Flavour(
        _ways(tokens=EprintsTokens()),
        lambda: [lists.cursor("id"), lists.expiration("past"), sets.bare_tombstones(), content.empty_sets()],
    ),
    "aspnet": Flavour(
        _ways(granularity=DAY),
        lambda: [wire.redirect("301"), wire.server_header("Microsoft-IIS/10.0"), xml.junk_prefix("bom")],
    ),
    "dspace": Flavour(
        _ways(tokens=DspaceTokens(), deleted_record="transient"),
        lambda: [lists.last("absent")],
    ),
    "zenodo": Flavour(faults=lambda: [wire.oai_error_status(422), lists.expire_tokens_after(3)]),
    "ojs": Flavour(faults=lambda: [wire.session_tokens(), dates.datestamp("now"), xml.junk_prefix("blank")]),
    "datacite": Flavour(faults=lambda: [lists.cursor("const"), wire.flaky(0.2), lists.dup_between_pages()]),
    "doab": Flavour(faults=lambda: [wire.retry_after("86400", status=429).only(page=2)]),
    "dnb": Flavour(faults=lambda: [wire.max_window_records(12)]),
    "hostile": Flavour(
        faults=lambda: [xml.billion_laughs().only(page=2), wire.trickle(200, 0.01).only(page=1), content.nested_oai()]
    ),
}
