"""robots.txt: which addresses a site asks programs to leave alone (RFC 9309). The only home of protego."""

from protego import Protego

MAX_BYTES = 512 * 1024  # RFC 9309 asks for at least 500 KiB; what stands behind is not read


def may_visit(robots: str | None, url: str, agent: str) -> bool:
    """Tell whether a program named `agent` may ask for `url`; without a robots.txt everything may be asked for."""
    if not robots:
        return True
    return bool(Protego.parse(robots[:MAX_BYTES]).can_fetch(url, agent))


def delay_s(robots: str | None, agent: str) -> float:
    """Give the pause in seconds that the site asks for (Crawl-delay), 0 for none."""
    if not robots:
        return 0.0
    return float(Protego.parse(robots[:MAX_BYTES]).crawl_delay(agent) or 0.0)
