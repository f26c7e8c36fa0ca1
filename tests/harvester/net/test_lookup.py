"""A public name may lead into a private network."""

import pytest

from harvester.net.lookup import leads_inside


def _resolves(*addresses: str):
    return lambda host, port, type: [(2, 1, 6, "", (address, 0)) for address in addresses]


@pytest.mark.parametrize(
    ("addresses", "inside"),
    [(("93.184.216.34",), False), (("93.184.216.34", "10.0.0.1"), True), (("fe80::1%eth0",), True), ((), False)],
)
def test_one_private_address_is_enough(addresses: tuple[str, ...], inside: bool) -> None:
    """Whatever else a name resolves to."""
    assert inside == leads_inside("e.example.org", resolve=_resolves(*addresses))


def test_a_name_that_cannot_be_resolved_leads_nowhere() -> None:
    """The request itself will say so."""

    def fails(host, port, type):
        raise OSError

    assert [leads_inside(host, resolve=fails) for host in ("e.example.org", "localhost")] == [False, True]
