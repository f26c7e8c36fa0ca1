"""Addresses: base URLs with queries of their own, tokens verbatim, redirects and where they may not lead."""

import pytest

from harvester.net.addresses import base_of, is_home, is_private, merge, refusal, target_of
from harvester.net.types import Hop

ASK = (("verb", "ListRecords"), ("resumptionToken", "a+b/=! &|c"))


@pytest.mark.parametrize(
    ("base", "expected"),
    [
        ("http://r.test/oai", "http://r.test/oai?verb=Identify"),
        ("http://r.test/oai/", "http://r.test/oai/?verb=Identify"),
        ("http://r.test", "http://r.test?verb=Identify"),
        ("http://r.test:8080/oai?", "http://r.test:8080/oai?verb=Identify"),
        ("http://r.test/csw?mode=oaipmh", "http://r.test/csw?mode=oaipmh&verb=Identify"),
        ("http://r.test/csw?mode=oaipmh&", "http://r.test/csw?mode=oaipmh&verb=Identify"),
        ("http://r.test/index.php?journal=x&page=oai", "http://r.test/index.php?journal=x&page=oai&verb=Identify"),
        ("http://r.test/a b/oai?key=c d", "http://r.test/a%20b/oai?key=c%20d&verb=Identify"),
        ("http://r.test/a%20b/oai?key=%C3%A9", "http://r.test/a%20b/oai?key=%C3%A9&verb=Identify"),
        ("http://user:secret@r.test/oai#part", "http://r.test/oai?verb=Identify"),
    ],
)
def test_q41_parameters_join_what_the_base_url_has(base: str, expected: str) -> None:
    """One question mark, its own query first and untouched, spaces escaped, no credentials, no fragment."""
    assert merge(base, (("verb", "Identify"),)) == expected
    assert base_of(merge(base, (("verb", "Identify"),)), (("verb", "Identify"),)) == expected.replace(
        "&verb=Identify", ""
    ).replace("?verb=Identify", "")


def test_q14_a_token_is_encoded_or_left_as_it_is() -> None:
    """A space goes as %20, which every server takes for one; verbatim leaves everything that can stand in a request line."""
    assert (
        merge("http://r.test/oai", ASK) == "http://r.test/oai?verb=ListRecords&resumptionToken=a%2Bb%2F%3D%21%20%26%7Cc"
    )
    assert merge("http://r.test/oai", ASK, verbatim=True) == (
        "http://r.test/oai?verb=ListRecords&resumptionToken=a+b/=!%20&|c"
    )


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://n.test/oai?verb=Identify", "https://n.test/oai?verb=Identify"),
        ("/new", "http://r.test/new?verb=Identify"),
        ("https://n.test/oai", "https://n.test/oai?verb=Identify"),
        (" //n.test/oai#x ", "http://n.test/oai?verb=Identify"),
        ("?verb=Identify&again=1", "http://r.test/oai?verb=Identify&again=1"),
    ],
)
def test_q27_a_redirect_keeps_the_query(location: str, expected: str) -> None:
    """Relative or absolute, with or without the query: the request stays whole."""
    assert target_of("http://r.test/oai?verb=Identify", location) == expected


@pytest.mark.parametrize(
    ("url", "target", "secrets", "expected"),
    [
        ("http://r.test/oai", "https://r.test/oai", True, None),
        ("https://r.test/oai", "http://r.test/oai", False, None),
        (
            "https://r.test/oai",
            "http://r.test/oai",
            True,
            "redirects from https to http, where credentials would be readable",
        ),
        ("http://r.test/oai", "file:///etc/passwd", False, "redirects to something that is no http(s) address (file)"),
        ("http://r.test/oai", "gopher://x/", False, "redirects to something that is no http(s) address (gopher)"),
        ("http://r.test/oai", "http://r.test/oai", False, "redirects in a circle"),
        ("http://r.test/oai", "http://first.test/", False, "redirects in a circle"),
        ("http://r.test/oai", "http://10.0.0.1/", False, "redirects from a public address into a private network"),
        ("http://r.test/oai", "http://[::1]/", False, "redirects from a public address into a private network"),
        (
            "http://r.test/oai",
            "http://169.254.169.254/",
            False,
            "redirects from a public address into a private network",
        ),
        ("http://127.0.0.1/oai", "http://127.0.0.1:81/", False, None),
    ],
)
def test_redirects_are_followed_only_where_they_may_lead(
    url: str, target: str, secrets: bool, expected: str | None
) -> None:
    """http(s) only, no circle, no downgrade with credentials, not from outside into a private network (rule 9)."""
    hops = [Hop(302, "http://first.test/", url)]
    assert refusal(url, target, hops, max_redirects=5, has_secrets=secrets) == expected


def test_q42_a_redirect_that_sets_a_cookie_may_lead_back() -> None:
    """The answer to the same address may be another one then; the number of redirects stays bounded."""
    hops = [Hop(302, "http://r.test/oai", "http://r.test/oai")]
    bounds = [
        refusal(
            "http://r.test/oai", "http://r.test/oai", hops * n, max_redirects=5, has_secrets=False, sets_cookie=True
        )
        for n in (0, 1, 5)
    ]
    assert bounds == [None, None, "redirects more than 5 times"]


def test_redirects_are_bounded() -> None:
    """The bound is the operator's."""
    hops = [Hop(302, f"http://r.test/{n}", f"http://r.test/{n + 1}") for n in range(2)]
    assert refusal("http://r.test/2", "http://r.test/3", hops, max_redirects=2, has_secrets=False) == (
        "redirects more than 2 times"
    )


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("r.test", False),
        ("8.8.8.8", False),
        ("localhost", True),
        ("db.internal.", True),
        ("printer.local", True),
        ("192.168.1.1", True),
        ("::1", True),
        ("[fe80::1]", True),
        ("::ffff:10.0.0.1", True),
        ("2130706433", True),
        ("0x7f.1", True),
        ("127.1", True),
        ("", False),
    ],
)
def test_private_hosts_are_known_in_every_shape(host: str, expected: bool) -> None:
    """Names, numbers, mapped addresses and the shapes that only resolvers understand."""
    assert is_private(host) is expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://r.test/other", True),
        ("https://r.test/oai", True),
        ("http://r.test:8080/oai", False),
        ("http://www.r.test/oai", False),
        ("http://r.test.evil.test/oai", False),
    ],
)
def test_credentials_belong_to_one_host(url: str, expected: bool) -> None:
    """The same host, better encrypted at most."""
    assert is_home(url, "http://r.test/oai") is expected


def test_credentials_of_a_secure_host_never_go_out_unencrypted() -> None:
    """https to http is not home."""
    assert not is_home("http://r.test/oai", "https://r.test/oai")
