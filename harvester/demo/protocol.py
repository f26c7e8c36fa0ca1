"""The protocol as a pure function: arguments in, an answer as a value out (OAI-PMH 2.0 sections 3 and 4).

arguments -> verb and argument check -> Identify | formats | sets | GetRecord | a page of a list -> Answer
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from harvester.demo.model import Record, Repository
from harvester.demo.selecting import BadDate, matching, window
from harvester.demo.tokens import Place, Selection

Params = Sequence[tuple[str, str]]

_LIST = (("metadataPrefix",), ("from", "until", "set"), "resumptionToken")
_ARGUMENTS: dict[str, tuple[tuple[str, ...], tuple[str, ...], str | None]] = {  # required, optional, exclusive
    "Identify": ((), (), None),
    "ListMetadataFormats": ((), ("identifier",), None),
    "ListSets": ((), (), "resumptionToken"),
    "GetRecord": (("identifier", "metadataPrefix"), (), None),
    "ListIdentifiers": _LIST,
    "ListRecords": _LIST,
}


class ProtocolError(NamedTuple):
    """One error element: a code of section 3.6 and a sentence."""

    code: str
    text: str


class NextToken(NamedTuple):
    """The resumptionToken element of a page; an empty value closes the list."""

    value: str
    cursor: str
    complete_list_size: str
    lifetime_s: int | None


class Answer(NamedTuple):
    """What a request is answered with. Errors set: nothing else counts."""

    repository: Repository
    now: datetime
    params: tuple[tuple[str, str], ...]
    verb: str | None
    errors: tuple[ProtocolError, ...] = ()
    records: tuple[Record, ...] = ()
    prefix: str = ""
    token: NextToken | None = None


class _Refused(Exception):
    """The request cannot be answered."""

    def __init__(self, code: str, text: str) -> None:
        super().__init__(text)
        self.error = ProtocolError(code, text)


def answer(repository: Repository, params: Params, now: datetime) -> Answer:
    """Give the answer to a request's arguments, which may come in any order; never raises."""
    pairs = tuple(params)
    try:
        verb = _verb(pairs)
        arguments = _arguments(verb, pairs)
        blank = Answer(repository, now, pairs, verb)
        match verb:
            case "GetRecord":
                return _get_record(blank, arguments)
            case "ListMetadataFormats":
                return _formats(blank, arguments)
            case "ListSets":
                return _sets(blank, arguments)
            case "ListRecords" | "ListIdentifiers":
                return _page(blank, _place(repository, arguments, now))
        return blank
    except _Refused as refused:
        return Answer(repository, now, pairs, None, (refused.error,))


def _verb(params: Params) -> str:
    verbs = [value for name, value in params if name == "verb"]
    if len(verbs) != 1:
        raise _Refused("badVerb", "The request has no verb." if not verbs else "The verb is repeated.")
    if verbs[0] not in _ARGUMENTS:
        raise _Refused("badVerb", f"{verbs[0]!r} is no verb of OAI-PMH 2.0.")
    return verbs[0]


def _arguments(verb: str, params: Params) -> dict[str, str]:
    required, optional, exclusive = _ARGUMENTS[verb]
    given = [(name, value) for name, value in params if name != "verb"]
    arguments = dict(given)
    if len(arguments) != len(given):
        raise _Refused("badArgument", "An argument is repeated.")
    illegal = sorted(set(arguments) - {*required, *optional, exclusive})
    if illegal:
        raise _Refused("badArgument", f"{verb} takes no argument {illegal[0]!r}.")
    if exclusive in arguments:
        if len(arguments) > 1:
            raise _Refused("badArgument", f"{exclusive} is exclusive: it stands alone beside the verb.")
        return arguments
    missing = [name for name in required if not arguments.get(name)]
    if missing:
        raise _Refused("badArgument", f"{verb} needs the argument {missing[0]!r}.")
    return arguments


def _get_record(blank: Answer, arguments: dict[str, str]) -> Answer:
    record = _find(blank.repository, arguments["identifier"])
    prefix = arguments["metadataPrefix"]
    if not record.deleted and prefix not in record.metadata:
        raise _Refused("cannotDisseminateFormat", f"The item cannot be had as {prefix!r}.")
    _known_format(blank.repository, prefix)
    return blank._replace(records=(record,), prefix=prefix)


def _find(repository: Repository, identifier: str) -> Record:
    for record in repository.records:
        if record.identifier == identifier and not _hidden(repository, record):
            return record
    raise _Refused("idDoesNotExist", f"There is no item {identifier!r}.")


def _hidden(repository: Repository, record: Record) -> bool:
    """A repository that keeps no trace of deletions does not know the item any more (section 2.5.1)."""
    return record.deleted and repository.deleted_record == "no"


def _formats(blank: Answer, arguments: dict[str, str]) -> Answer:
    if "identifier" not in arguments:
        return blank
    record = _find(blank.repository, arguments["identifier"])
    if not record.metadata:
        raise _Refused("noMetadataFormats", "The item can be had in no format.")
    return blank._replace(records=(record,))


def _sets(blank: Answer, arguments: dict[str, str]) -> Answer:
    if not blank.repository.sets:
        raise _Refused("noSetHierarchy", "This repository has no sets.")
    if arguments:
        raise _Refused("badResumptionToken", "The list of sets comes in one piece.")
    return blank


def _place(repository: Repository, arguments: dict[str, str], now: datetime) -> Place:
    token = arguments.get("resumptionToken")
    if token is None:
        names = ("metadataPrefix", "from", "until", "set")
        prefix, *others = (arguments.get(name) for name in names)
        return Place(Selection(prefix or "", *others), 0)
    place = repository.tokens.read(token, now)
    if place is None:
        raise _Refused("badResumptionToken", "The resumptionToken is unknown here or has expired.")
    return place


def _known_format(repository: Repository, prefix: str) -> None:
    if prefix not in {one.prefix for one in repository.formats}:
        raise _Refused("cannotDisseminateFormat", f"There is no metadata format {prefix!r}.")


def _page(blank: Answer, place: Place) -> Answer:
    repository, selection = blank.repository, place.selection
    _known_format(repository, selection.prefix)
    try:
        span = window(repository.granularity, selection.from_, selection.until)
    except BadDate as bad:
        raise _Refused("badArgument", str(bad)) from bad
    if selection.set is not None and not repository.sets:
        raise _Refused("noSetHierarchy", "This repository has no sets.")
    found = matching(repository, selection, span)
    skipped = repository.tokens.skip(place.offset, [record.identifier for record in found])
    records = found[skipped : skipped + repository.page_size]
    if not records:
        raise _Refused("noRecordsMatch", "No record matches the arguments.")
    token = _next_token(blank, place, records, seen=skipped, size=len(found))
    return blank._replace(records=records, prefix=selection.prefix, token=token)


def _next_token(blank: Answer, place: Place, records: tuple[Record, ...], *, seen: int, size: int) -> NextToken | None:
    more = seen + len(records) < size
    if not more and not seen:
        return None  # a list of one page needs no token (section 3.5)
    tokens = blank.repository.tokens
    if not more:
        return NextToken("", str(seen), str(size), None)
    offset = tokens.next_offset(place.offset, [record.identifier for record in records])
    value = tokens.write(Place(place.selection, offset), blank.now)
    return NextToken(value, str(seen), str(size), tokens.lifetime_s)
