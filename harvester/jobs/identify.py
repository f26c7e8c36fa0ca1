"""Asking a repository who it is, without a mirror: for `add` and `config check --probe`."""

from dataclasses import replace
from typing import NamedTuple

from harvester.config import Settings
from harvester.engine.asking import Got, Trouble, ask_page
from harvester.engine.types import Ended, Interrupted, Ports
from harvester.jobs.door import open_door, sleeper
from harvester.jobs.harvest import rules_of
from harvester.oai.facts import IdentifyFacts, formats_of, identify_facts
from harvester.oai.types import Ask, Form
from harvester.source import Source
from harvester.stopping import Stopping
from mirror_db.store import utc_now

PATIENCE = 2  # attempts at one request: a person waits for the answer


class Identified(NamedTuple):
    """What a repository says of itself, or why nothing could be learnt (`facts` is None)."""

    source: Source
    facts: IdentifyFacts | None
    moved_to: str | None = None  # the base URL it answers from for good
    prefixes: tuple[str, ...] = ()  # metadata formats offered; empty when it does not say
    why: str = ""


def identify(settings: Settings, source: Source) -> Identified:
    """Ask Identify and ListMetadataFormats; whatever the server does comes back as a value."""
    stopping = Stopping()
    quick = replace(source, manners=replace(source.manners, max_attempts=PATIENCE))
    rules = replace(rules_of(settings), content_attempts=PATIENCE, retry_wait_s=0.5)
    with open_door(quick, stopping) as door:
        ports = Ports(door.fetch, utc_now, sleeper(stopping), stopping.is_set)
        form = Form(identity=bool(source.manners.identity_encoding))
        try:
            got = ask_page(_ask("Identify"), form, ports, rules)
            if isinstance(got, Trouble):
                return Identified(source, None, why=got.why)
            formats = ask_page(_ask("ListMetadataFormats"), form, ports, rules)
        except (Ended, Interrupted) as end:
            return Identified(source, None, why=str(end))
    facts = identify_facts(got.page)
    if facts is None:
        return Identified(source, None, why="the answer to Identify holds no Identify element")
    prefixes = tuple(one.prefix for one in formats_of(formats.page)) if isinstance(formats, Got) else ()
    return Identified(source, facts, got.reply.moved_to, prefixes)


def _ask(verb: str) -> Ask:
    return Ask(verb, None, None, None, None, None, None)
