"""Faults of arguments, tokens and the ends of lists: Q1 to Q4, Q7, Q9 to Q18, Q23, Q24."""

from datetime import datetime, timedelta
from urllib.parse import unquote_plus

from harvester.demo.model import Record
from harvester.demo.protocol import Answer, NextToken, ProtocolError
from tests.faults.fault import Fault, Moment, Refuse, a_fault, quirk, with_token

__all__ = [
    "cursor",
    "double_decode",
    "dup_between_pages",
    "empty_window",
    "errors",
    "expiration",
    "expire_tokens_after",
    "last",
    "live_and_deleted",
    "mixed_granularity_error",
    "nrm_on_token",
    "reject_day",
    "reject_seconds",
    "same_token",
    "short_list",
    "single_use_tokens",
    "size",
    "token_charset",
    "token_circle",
    "token_needs_prefix",
    "token_preencoded",
    "token_pretty",
    "until_exclusive",
    "until_now_drops",
]

Pairs = list[tuple[str, str]]


def _dates(pairs: Pairs) -> list[str]:
    return [value for name, value in pairs if name in {"from", "until"}]


def _token_of(pairs: Pairs) -> str | None:
    return dict(pairs).get("resumptionToken")


def _with(pairs: Pairs, name: str, value: str) -> Pairs:
    return [(key, value if key == name else old) for key, old in pairs]


@quirk("Q1")
def reject_seconds() -> Fault:
    """A date with a time is a badArgument, whatever Identify says."""

    def check(moment: Moment, pairs: Pairs) -> Pairs:
        if any(len(text) > 10 for text in _dates(pairs)):
            raise Refuse("badArgument", "dates are written YYYY-MM-DD")
        return pairs

    return a_fault(arguments=check)


@quirk("Q2")
def reject_day() -> Fault:
    """A date without a time is a badArgument, although every repository must take it."""

    def check(moment: Moment, pairs: Pairs) -> Pairs:
        if any(len(text) == 10 for text in _dates(pairs)):
            raise Refuse("badArgument", "dates are written YYYY-MM-DDThh:mm:ssZ")
        return pairs

    return a_fault(arguments=check)


@quirk("Q3")
def mixed_granularity_error() -> Fault:
    """from and until of different granularity are refused: the provider does so anyway, as it must."""
    return a_fault()


@quirk("Q4")
def until_exclusive() -> Fault:
    """`until` is taken as a midnight or a second that no longer belongs to the window."""

    def earlier(moment: Moment, pairs: Pairs) -> Pairs:
        until = dict(pairs).get("until")
        if until is None or _token_of(pairs):
            return pairs
        step = timedelta(days=1) if len(until) == 10 else timedelta(seconds=1)
        moved = (datetime.fromisoformat(until) - step).strftime(
            "%Y-%m-%d" if len(until) == 10 else "%Y-%m-%dT%H:%M:%SZ"
        )
        if moved < (dict(pairs).get("from") or ""):
            raise Refuse("noRecordsMatch")
        return _with(pairs, "until", moved)

    return a_fault(arguments=earlier)


@quirk("Q7")
def until_now_drops() -> Fault:
    """With `until` = now, what changed in this very second is left out."""

    def drop(moment: Moment, got: Answer) -> Answer:
        until = moment.params.get("until")
        if until is None or until[:10] < moment.server.clock.text()[:10]:
            return got
        newest = max((record.datestamp for record in got.records), default="")
        return got._replace(records=tuple(record for record in got.records if record.datestamp != newest))

    return a_fault(answer=drop)


@quirk("Q8")
def empty_window() -> Fault:
    """Nothing ever matches."""

    def refuse(moment: Moment, pairs: Pairs) -> Pairs:
        raise Refuse("noRecordsMatch")

    return a_fault(arguments=refuse)


@quirk("Q9")
def nrm_on_token(page: int = 2) -> Fault:
    """The page is answered with noRecordsMatch although the list goes on: its tail is lost."""

    def refuse(moment: Moment, pairs: Pairs) -> Pairs:
        if moment.page >= page and moment.token is not None:
            raise Refuse("noRecordsMatch")
        return pairs

    return a_fault(arguments=refuse)


@quirk("Q10")
def last(how: str) -> Fault:
    """How a list ends: `empty` token as it must, `absent`, `repeat` of the old token, an `extra_page` without a record,
    or an extra page that says noRecordsMatch (`nrm`)."""
    extra = "one-more"

    def respond(moment: Moment, repository: object) -> Answer | None:
        if moment.token != extra:
            return None
        if how == "nrm":
            raise Refuse("noRecordsMatch")
        server = moment.server
        return Answer(server.repository, server.clock.now(), moment.pairs, moment.verb, prefix="oai_dc")

    def end(moment: Moment, got: Answer) -> Answer:
        if got.token is None or got.token.value or how == "empty":
            return got
        if how == "absent":
            return got._replace(token=None)
        value = extra if how in {"extra_page", "nrm"} else moment.token or ""
        return got._replace(token=got.token._replace(value=value))

    return a_fault(respond=respond, answer=end)


@quirk("Q10")
def short_list(page: int = 2) -> Fault:
    """The list ends at this page with an empty token, although more was announced."""

    def end(moment: Moment, got: Answer) -> Answer:
        return with_token(got, lambda token: token._replace(value="")) if moment.page == page else got

    return a_fault(answer=end)


@quirk("Q10")
def same_token(page: int = 2) -> Fault:
    """From this page on the token that was sent comes back, with the same page."""

    def again(moment: Moment, got: Answer) -> Answer:
        if moment.page < page or moment.token is None:
            return got
        return with_token(got, lambda token: token._replace(value=moment.token or ""))

    return a_fault(answer=again)


@quirk("Q10")
def token_circle(length: int = 2) -> Fault:
    """After so many pages the tokens begin anew."""
    first: list[str] = []

    def circle(moment: Moment, got: Answer) -> Answer:
        if got.token is None:
            return got
        if moment.page == 1:
            first[:] = [got.token.value]
        if moment.page >= length and first:
            return got._replace(token=got.token._replace(value=first[0]))
        return got

    return a_fault(answer=circle)


@quirk("Q11")
def expire_tokens_after(n: int, times: int = 1) -> Fault:
    """After n tokens were taken the next is refused, so many times in all."""
    state = {"taken": 0, "left": times}

    def check(moment: Moment, pairs: Pairs) -> Pairs:
        if _token_of(pairs) is None:
            return pairs
        state["taken"] += 1
        if state["taken"] > n and state["left"] > 0:
            state["taken"] = 0
            state["left"] -= 1
            raise Refuse("badResumptionToken", "the token has expired")
        return pairs

    return a_fault(arguments=check)


@quirk("Q12")
def single_use_tokens() -> Fault:
    """A token that was answered once is never taken again."""
    used: set[str] = set()

    def check(moment: Moment, pairs: Pairs) -> Pairs:
        token = _token_of(pairs)
        if token in used:
            raise Refuse("badResumptionToken", "the token was used")
        if token is not None:
            used.add(token)
        return pairs

    return a_fault(arguments=check)


@quirk("Q13")
def token_needs_prefix() -> Fault:
    """A token alone is a badArgument; metadataPrefix must stand beside it."""

    def check(moment: Moment, pairs: Pairs) -> Pairs:
        if _token_of(pairs) is None:
            return pairs
        if "metadataPrefix" not in dict(pairs):
            raise Refuse("badArgument", "metadataPrefix is missing")
        return [pair for pair in pairs if pair[0] != "metadataPrefix"]

    return a_fault(arguments=check)


def _dressed(printed: str, understood: str) -> Fault:
    """Tokens are printed with `printed` before them and must come back with `understood`."""

    def check(moment: Moment, pairs: Pairs) -> Pairs:
        token = _token_of(pairs)
        if token is None:
            return pairs
        if not token.startswith(understood):
            raise Refuse("badResumptionToken", "the token was mangled")
        return _with(pairs, "resumptionToken", token[len(understood) :])

    def dress(moment: Moment, got: Answer) -> Answer:
        return with_token(got, lambda token: token._replace(value=printed + token.value) if token.value else token)

    return a_fault(arguments=check, answer=dress)


@quirk("Q14")
def token_charset(characters: str = "a+b/=!& é<%41") -> Fault:
    """Tokens hold characters that must be encoded in a URL and escaped in XML."""
    return _dressed(characters, characters)


@quirk("Q14")
def token_preencoded() -> Fault:
    """Tokens are printed ready for a URL: encoding them once more breaks them, sending them as they are works."""
    return _dressed("x%2Fy%3D", "x/y=")


@quirk("Q14")
def double_decode() -> Fault:
    """The server decodes tokens twice; what survives that works."""

    def decode(moment: Moment, pairs: Pairs) -> Pairs:
        token = _token_of(pairs)
        return pairs if token is None else _with(pairs, "resumptionToken", unquote_plus(token))

    return a_fault(arguments=decode)


@quirk("Q15")
def token_pretty() -> Fault:
    """The token stands on a line of its own, white space around it."""

    def indent(moment: Moment, text: str) -> str:
        start = text.find("<resumptionToken")
        if start < 0:
            return text
        opened = text.index(">", start) + 1
        closed = text.index("</resumptionToken>")
        return f"{text[:opened]}\n      {text[opened:closed]}\n    {text[closed:]}"

    return a_fault(document=indent)


@quirk("Q16")
def cursor(kind: str) -> Fault:
    """The cursor counts pages (`page`), is an item number that may equal the size (`id`), or never moves (`const`)."""

    def change(moment: Moment, got: Answer) -> Answer:
        values = {"page": str(moment.page), "const": "1"}
        size = got.token.complete_list_size if got.token else ""
        return with_token(got, lambda token: token._replace(cursor=values.get(kind, size)))

    return a_fault(answer=change)


@quirk("Q16")
def size(wrong: int | str) -> Fault:
    """completeListSize is this, whatever the list holds."""
    return a_fault(
        answer=lambda moment, got: with_token(got, lambda token: token._replace(complete_list_size=str(wrong)))
    )


@quirk("Q17")
def expiration(when: str = "past") -> Fault:
    """expirationDate lies in the past, although the token is good."""
    seconds = {"past": -86_400, "future": 10**9}[when]

    def change(token: NextToken) -> NextToken:
        return token._replace(lifetime_s=seconds) if token.value else token

    return a_fault(answer=lambda moment, got: with_token(got, change))


@quirk("Q18")
def errors(*codes: str) -> Fault:
    """The answer holds these error elements."""

    def fail(moment: Moment, got: Answer) -> Answer:
        return got._replace(errors=tuple(ProtocolError(code, f"said {code}") for code in codes))

    return a_fault(answer=fail)


@quirk("Q23")
def dup_between_pages() -> Fault:
    """Every page but the first begins with the last record of the one before."""
    before: list[Record] = []

    def repeat(moment: Moment, got: Answer) -> Answer:
        again = tuple(before) if moment.page > 1 else ()
        before[:] = got.records[-1:]
        return got._replace(records=(*again, *got.records))

    return a_fault(answer=repeat)


@quirk("Q24")
def live_and_deleted(identifier: str, *, newer: bool = False) -> Fault:
    """A live record is listed as deleted too, with the same datestamp, or with one a day newer than the live one."""

    def both(moment: Moment, got: Answer) -> Answer:
        for record in got.records:
            if record.identifier == identifier and not record.deleted:
                stamp = record.datestamp
                if newer:
                    stamp = (datetime.fromisoformat(stamp) + timedelta(days=1)).strftime("%Y-%m-%dT%H:%M:%SZ")
                dead = record._replace(deleted=True, datestamp=stamp)
                return replace_records(got, (*got.records, dead))
        return got

    return a_fault(answer=both)


def replace_records(got: Answer, records: tuple[Record, ...]) -> Answer:
    """Give the answer with other records."""
    return got._replace(records=records)
