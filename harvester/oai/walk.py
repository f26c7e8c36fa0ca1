"""The walk along a list, as a pure function: what to do after each answer.

    Walk (where we stand) + Page (what came)  ->  More | Done | Again | Restart | Adapt | GiveUp

A list has ended only if the document is well formed, its list element was there, and the token is absent or empty
(design rules 1 to 4). `completeListSize` and `cursor` never stop a walk. Covers Q8 to Q18, Q22 and Q25.
"""

from typing import NamedTuple

from harvester.oai.page import CODES, OaiError, Page
from harvester.oai.types import Ask

_UNKNOWN = 4  # an unknown code ranks like badResumptionToken in `CODES`, where the gravest stands first
_PERMANENT = frozenset({"badVerb", "cannotDisseminateFormat", "noSetHierarchy", "badArgument", "idDoesNotExist"})


class Limits(NamedTuple):
    """How patient a walk is."""

    suspect_again: int = 1  # a suspicious answer is asked again so many times
    error_again: int = 2  # an unknown OAI error is asked again so many times (Q18)
    empty_pages: int = 20  # pages without a record in a row, each with a new token


class Walk(NamedTuple):
    """Where a walk stands: the next request and what was met on the way."""

    ask: Ask
    first: Ask
    tokens: tuple[frozenset[int], ...] = ()  # hashes of the tokens met, in bundles: a long list has ten thousands
    empty_pages: int = 0
    pages: int = 0  # of this walk, since it began or was taken up again
    again: int = 0
    tried: frozenset[str] = frozenset()  # adaptations tried in this walk
    doubts: tuple[str, ...] = ()  # why the list cannot count as proven


class More(NamedTuple):
    """The page stands; go on with `walk.ask`."""

    walk: Walk


class Done(NamedTuple):
    """The list is over. `tail_missing`: the server answered noRecordsMatch to a token, the count must prove the end (Q9)."""

    why: str
    doubts: tuple[str, ...] = ()
    empty: bool = False  # no record at all
    tail_missing: bool = False


class Again(NamedTuple):
    """The answer is suspicious: ask the same once more."""

    walk: Walk
    why: str


class Restart(NamedTuple):
    """The token is lost: ask the list again from its first page."""

    why: str


class Adapt(NamedTuple):
    """Ask in another form; what helps is remembered. `topic`: granularity, or a field of `Form`."""

    walk: Walk
    topic: str
    why: str


class GiveUp(NamedTuple):
    """The list ends unproven. `final`: asking again, or for less, cannot help."""

    why: str
    final: bool = False
    code: str | None = None


Step = More | Done | Again | Restart | Adapt | GiveUp


def begin(first: Ask, token: str | None = None) -> Walk:
    """Start at a list's first request, or at a token that the ledger kept."""
    ask = first if token is None else first._replace(token=token)
    return Walk(ask=ask, first=first)


def step(walk: Walk, page: Page, limits: Limits = Limits()) -> Step:  # noqa: B008 - immutable
    """Decide what follows a page that answered `walk.ask`."""
    if page.errors and page.is_empty:
        return _on_error(walk, page, limits)
    if not page.list_found or page.verb != walk.ask.verb:
        return _suspect(walk, limits, f"the answer holds no {walk.ask.verb} element")
    doubts = tuple(dict.fromkeys((*walk.doubts, *page.lost, *_said(page.errors))))
    walk = walk._replace(doubts=doubts)
    token = None if page.token is None else page.token.value
    if not token:
        return _at_end(walk, page, limits)
    return _at_token(walk, page, token, limits)


def _said(errors: tuple[OaiError, ...]) -> tuple[str, ...]:
    """Errors beside records: the records stand, the list is not believed to be whole (Q18)."""
    return tuple(f"the server says {error.code} beside its records" for error in errors)


def _at_end(walk: Walk, page: Page, limits: Limits) -> Step:
    if not page.is_empty:
        return Done("end of list", walk.doubts)
    # A transient empty page must not end a list (dpla/ingestion3#777): it is asked again before it is believed.
    if walk.again < limits.suspect_again:
        return Again(walk._replace(again=walk.again + 1), "the page holds no record and no token")
    return Done("end of list, its last page empty", walk.doubts, empty=walk.pages == 0 and walk.ask.token is None)


def _at_token(walk: Walk, page: Page, token: str, limits: Limits) -> Step:
    if token == walk.ask.token:
        return GiveUp("the server gave the same resumptionToken again")
    mark = hash(token)
    if any(mark in bundle for bundle in walk.tokens):
        return GiveUp("the server's resumptionTokens go in a circle")
    empty = 0 if not page.is_empty else walk.empty_pages + 1
    if empty > limits.empty_pages:
        return GiveUp(f"{empty} pages in a row hold no record")
    return More(
        walk._replace(
            ask=walk.first._replace(token=token),
            tokens=_bundled(walk.tokens, mark),
            empty_pages=empty,
            pages=walk.pages + 1,
            again=0,
        )
    )


def _bundled(tokens: tuple[frozenset[int], ...], mark: int) -> tuple[frozenset[int], ...]:
    """Put one more into the bundles, which double in size: one set would be copied whole for every page."""
    new = frozenset((mark,))
    while tokens and len(tokens[-1]) <= len(new):
        tokens, new = tokens[:-1], tokens[-1] | new
    return (*tokens, new)


def _on_error(walk: Walk, page: Page, limits: Limits) -> Step:
    error = min(page.errors, key=lambda e: CODES.index(e.code) if e.code in CODES else _UNKNOWN)
    said = f"{error.code}: {error.text}" if error.text else error.code
    match error.code:
        case "noRecordsMatch" if walk.ask.token is None:
            return _nothing(walk, limits)
        case "noRecordsMatch":
            return Done("no records match the token", walk.doubts, tail_missing=True)
        case "badResumptionToken":
            return _lost_token(walk, said)
        case "badArgument" if walk.ask.token is not None:
            return _adapt(walk, "token_with_prefix", said) or _lost_token(walk, said)
        case "badArgument" if walk.ask.from_ or walk.ask.until:
            return _adapt(walk, "granularity", said) or GiveUp(said, final=True, code=error.code)
        case code if code in _PERMANENT:
            return GiveUp(said, final=True, code=code)
    if walk.again < limits.error_again:
        return Again(walk._replace(again=walk.again + 1), said)
    return GiveUp(said, code=error.code)


def _nothing(walk: Walk, limits: Limits) -> Step:
    """Nothing in a window is an answer; nothing in the whole repository is asked again before it is believed."""
    is_whole = not walk.first.from_ and not walk.first.until
    if is_whole and walk.again < limits.suspect_again:
        return Again(walk._replace(again=walk.again + 1), "no records match a list of everything")
    return Done("no records match", walk.doubts, empty=True)


def _lost_token(walk: Walk, said: str) -> Step:
    """A token refused right after it was given may have been mangled on the way (Q14); else it has expired (Q11)."""
    if walk.ask.token is None:
        return GiveUp(said, code="badResumptionToken")
    if walk.pages == 1:
        return _adapt(walk, "token_verbatim", said) or _adapt(walk, "token_twice", said) or Restart(said)
    return Restart(said)


def _adapt(walk: Walk, topic: str, said: str) -> Adapt | None:
    if topic in walk.tried:
        return None
    return Adapt(walk._replace(tried=walk.tried | {topic}), topic, said)


def _suspect(walk: Walk, limits: Limits, why: str) -> Step:
    if walk.again < limits.suspect_again:
        return Again(walk._replace(again=walk.again + 1), why)
    return GiveUp(why)
