"""The words around a licence's elements: jurisdictions in any language, and the signs that join names."""

from datetime import date

import pytest

from harvester.reading.fields import Field
from harvester.reading.profile import DEFAULT
from harvester.reading.rights import judge
from harvester.reading.rights.licenses import ports
from harvester.reading.rights.tables import table

NAMES = {
    "Namensnennung-NichtKommerziell 3.0 Griechenland": "CC-BY-NC-3.0-GR",
    "Reconocimiento-NoComercial 3.0 Estados Unidos": "CC-BY-NC-3.0-US",
    "表示 - 非営利 3.0 ギリシャ": "CC-BY-NC-3.0-GR",
    "姓名標示─非商業性─禁止改作 4.0 國際": "CC-BY-NC-ND-4.0",
    "نَسْبُ الـمُصنَّف، غير تجاري 4.0 دولي": "CC-BY-NC-4.0",
    "署名•非商业性使用 4.0": "CC-BY-NC-4.0",
    "Creative Commons BY-NC-licensie": "CC-BY-NC",
}


@pytest.mark.parametrize(("value", "wanted"), NAMES.items())
def test_a_name_is_read_whatever_joins_its_words_and_names_its_country(value: str, wanted: str) -> None:
    """Each name gives its licence with the port that it states."""
    assert judge((Field("dc:rights", 1, value),), profile=DEFAULT, today=date(2026, 11, 23)).license == wanted


def test_an_unknown_word_behind_a_bullet_leaves_the_name_unread() -> None:
    """What is glued to a name by any sign may be an element in a language that no table has."""
    verdict = judge((Field("dc:rights", 1, "Creative Commons 署名•未知"),), profile=DEFAULT, today=date(2026, 11, 23))
    assert verdict.license == "LicenseRef-CC-unspecified"


def test_every_country_is_a_port_of_some_version() -> None:
    """A name in the table of countries stands for a port that exists."""
    known = {code for version in ("1.0", "2.0", "2.1", "2.5", "3.0") for code in ports(version)}
    assert set(table("countries")) <= known
