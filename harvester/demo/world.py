"""The three repositories together on one server, as they stand on one day."""

from collections.abc import Callable
from datetime import date, datetime
from functools import partial
from typing import NamedTuple

from harvester.demo import pages
from harvester.demo.manners import dspace, eprints, newcastle
from harvester.demo.model import Page, Repository
from harvester.demo.site import Site, by_path


class Told(NamedTuple):
    """One repository as the demo tells it to the harvester: `path` is where it says it stands."""

    id: str
    name: str
    path: str


REPOSITORIES = (
    Told("demo-newcastle", "In the manner of Newcastle (moved)", newcastle.OLD_PATH),
    Told("demo-eprints", "In the manner of EPrints", eprints.PATH),
    Told("demo-dspace", "In the manner of DSpace", dspace.PATH),
)


def repositories(root: str, today: date) -> tuple[Repository, ...]:
    """Give the three repositories as served at `root`, embargoes relative to `today`."""
    return tuple(manner.build(root, today) for manner in (newcastle, eprints, dspace))


def site(root: str, today: date, now: Callable[[], datetime]) -> Site:
    """Give the server's answers."""
    return Site(
        by_path(*repositories(root, today)),
        now,
        moved={newcastle.OLD_PATH: newcastle.PATH},
        pages=_pages(root, today),
    )


def _pages(root: str, today: date) -> dict[str, Callable[[], Page]]:
    printed = {newcastle: pages.newcastle, eprints: pages.eprints, dspace: pages.dspace}
    homes = dict.fromkeys(("/", "/newcastle/", "/eprints/", "/dspace/"), pages.home)
    return homes | {
        manner.landing(item): partial(show, item, root + manner.landing(item))
        for manner, show in printed.items()
        for item in manner.everything(today)
        if not item.deleted
    }


def newcastle_item() -> str:
    """Give the OAI identifier of the item whose page the project was shown first."""
    return newcastle.identifier_of(newcastle.PAIN)


def embargoed_item(today: date) -> str:
    """Give the OAI identifier of an item under CC BY-NC whose file is under embargo on that day."""
    return next(
        dspace.identifier_of(item)
        for item in dspace.everything(today)
        if not item.deleted
        and item.statement.is_cc_by_nc
        and item.statement.embargo_end is not None
        and item.statement.embargo_end > today
    )


def page_item(today: date) -> str:
    """Give the OAI identifier of an item whose record says nothing of rights, and whose page says it is open under CC BY-NC."""
    return next(
        newcastle.identifier_of(item)
        for item in newcastle.everything(today)
        if not item.deleted and not item.statement.is_open and item.statement.cc_by_nc_in_all
    )
