"""robots.txt as it is meant: the longest rule wins, and wildcards count."""

import pytest

from harvester.net.robots import delay_s, may_visit

ROBOTS = "User-agent: *\nDisallow: /private/\nAllow: /private/open\nDisallow: /*.pdf$\nCrawl-delay: 7\n"


@pytest.mark.parametrize(
    ("path", "allowed"), [("/12", True), ("/private/12", False), ("/private/open/1", True), ("/12/1/p.pdf", False)]
)
def test_rules_are_read_by_the_longest_match(path: str, allowed: bool) -> None:
    """RFC 9309."""
    assert allowed == may_visit(ROBOTS, f"https://e.example.org{path}", "oai-mirror")


def test_a_pause_is_heard_and_no_file_allows_everything() -> None:
    """Crawl-delay is no part of the RFC, but polite."""
    assert (delay_s(ROBOTS, "oai-mirror"), delay_s(None, "x"), may_visit(None, "https://e.example.org/", "x")) == (
        7.0,
        0.0,
        True,
    )
