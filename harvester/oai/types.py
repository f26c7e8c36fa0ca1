"""What is asked of a repository: one request, and its parameters in the order in which they are sent."""

from typing import NamedTuple


class Ask(NamedTuple):
    """One OAI-PMH request; `token` excludes every other argument (specification section 3.5)."""

    verb: str
    prefix: str | None = None
    set: str | None = None
    from_: str | None = None
    until: str | None = None
    token: str | None = None
    identifier: str | None = None


_ARGUMENTS = (
    ("identifier", "identifier"),
    ("metadataPrefix", "prefix"),
    ("set", "set"),
    ("from", "from_"),
    ("until", "until"),
)


def params(ask: Ask, *, token_with_prefix: bool = False) -> tuple[tuple[str, str], ...]:
    """Give the request's parameters; `token_with_prefix` repeats the prefix beside a token for servers that want it (Q13)."""
    verb = ("verb", ask.verb)
    if ask.token is not None:
        again = (("metadataPrefix", ask.prefix),) if token_with_prefix and ask.prefix else ()
        return (verb, *again, ("resumptionToken", ask.token))
    given = ((name, getattr(ask, attribute)) for name, attribute in _ARGUMENTS)
    return (verb, *((name, value) for name, value in given if value is not None))
