"""A provider that misbehaves on purpose, one composable fault for every quirk of the catalogue (Q1 to Q62), for tests only.

    from tests.faults import serve, library, harvest, held, last, poison_record

    with serve(library(25), [last("repeat"), poison_record("oai:lib:7")]) as server:
        report = harvest(server, db)
        assert faithful(db, server) or report.outcome in {"partial", "failed"}

What there is:

- `library(n)` makes a repository of n plain records; `serve(repository, faults, flavour=..., clock=...)` serves one over
  HTTP until the block ends: `base_url`, `log` (a `Logged` per request: verb, params, status, instant, cookies and headers),
  `most_at_once`, `clock`, and `truth()`: title by identifier, None for a deleted one - what an honest mirror must hold.
- Facts change with the server's methods, and `truth()` with them: `edit`, `delete`, `undelete`, `add`, `vanish`, `move`,
  `drop_set`, `restamp`, `rename`. `happens(before_call, event)` makes one come true between two requests.
- Lies are faults: they change what is sent and never the truth. Each is made by a function named as in the catalogue;
  `fault.only(verb=..., page=..., calls=..., times=...)` narrows one. `SWITCHES` lists them all with their numbers.
- `FLAVOURS` bundles faults in the manner of a platform: strict, eprints, aspnet, dspace, zenodo, ojs, datacite, doab,
  dnb, hostile.
- The clock is virtual: it moves a second with every request, and by what the harvester sleeps. `harvest(server, db)` runs
  the real job over real HTTP on that clock, so that an hour of back-off takes no time; `held(db)` reads the mirror in the
  form of `truth()`, and `faithful(db, server)` compares the two.

The fixture `provider` (tests/conftest.py) is `serve` without the block: `server = provider(library(25), [html200()])`.
"""

from tests.faults import content, dates, lists, sets, wire, xml
from tests.faults.clock import VirtualClock
from tests.faults.content import *  # noqa: F403 - the switches are this package's vocabulary
from tests.faults.dates import *  # noqa: F403
from tests.faults.fault import SWITCHES, Fault, Moment, a_fault
from tests.faults.flavours import FLAVOURS
from tests.faults.harvesting import faithful, harvest, held
from tests.faults.library import LIBRARY, library
from tests.faults.lists import *  # noqa: F403
from tests.faults.serving import Logged, Provider, serve
from tests.faults.sets import *  # noqa: F403
from tests.faults.wire import *  # noqa: F403
from tests.faults.xml import *  # noqa: F403

__all__ = [
    "FLAVOURS",
    "LIBRARY",
    "SWITCHES",
    "Fault",
    "Logged",
    "Moment",
    "Provider",
    "VirtualClock",
    "a_fault",
    "faithful",
    "harvest",
    "held",
    "library",
    "serve",
    *(name for module in (content, dates, lists, sets, wire, xml) for name in module.__all__),
]
