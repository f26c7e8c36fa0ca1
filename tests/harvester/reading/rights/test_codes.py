"""Licences stated by code, alone or mixed with the words of a name: what is read, and what only looks like one."""

from datetime import date

import pytest

from harvester.reading.fields import Field
from harvester.reading.profile import DEFAULT
from harvester.reading.rights import judge

MIXED = {
    "CC BY-NonCommercial 4.0": "CC-BY-NC-4.0",
    "CC BY-NoDerivatives": "CC-BY-ND",
    "CC BY (non-commercial)": "CC-BY-NC",
    "Creative Commons BY NonCommercial NoDerivs": "CC-BY-NC-ND",
    "Creative Commons Attribution-NC": "CC-BY-NC",
    "Creative Commons Attribution-NC-ND 4.0": "CC-BY-NC-ND-4.0",
    "Attribution-NC-SA 4.0": "CC-BY-NC-SA-4.0",
    "Creative Commons Attribution BY-SA 4.0 license": "CC-BY-SA-4.0",
    "CC BY 4.0-NC": "CC-BY-NC-4.0",
    "CC.BY.NC.4.0": "CC-BY-NC-4.0",
    "CC|BY|NC 4.0": "CC-BY-NC-4.0",
    "CC+BY+NC": "CC-BY-NC",
    "cc:by-nc:4.0": "CC-BY-NC-4.0",
    "CC Lizenz BY-NC": "CC-BY-NC",
    "BY-NC (CC)": "CC-BY-NC",
    "by-nc licence": "CC-BY-NC",
    "cc-by-nc, info:eu-repo/dai/nl/344568": "CC-BY-NC",  # as OpenAIRE's guidelines write whose the rights are
    "cc-by-nc-sa, urn:isni:234562-2": "CC-BY-NC-SA",
    "CC BY-NC, note: some words": "LicenseRef-CC-unspecified",
}
NOT_NC = (
    "Creative Commons Attribution NC State University",
    "Creative Commons Attribution - NC Government",
    "CC BY, non-commercial use only",
    "CC BY for non-commercial purposes",
    "CC BY Non-profit",
    "CC BY NC-like",
    "Cc. by NC State",
    "Cc: by NC State",
    "Photo by NC Archives, CC",
    "Attribution-NC State",
)


@pytest.mark.parametrize(("value", "wanted"), MIXED.items())
def test_codes_and_words_of_one_name_are_read_together(value: str, wanted: str) -> None:
    """An element counts whether it is written out or abbreviated, and whatever joins it."""
    assert judge((Field("dc:rights", 1, value),), profile=DEFAULT, today=date(2026, 11, 23)).license == wanted


@pytest.mark.parametrize("value", NOT_NC)
def test_a_place_or_a_sentence_behind_a_code_adds_no_element(value: str) -> None:
    """NC is a state, SA a government, and "non-commercial use" a sentence: none of them makes CC BY-NC."""
    assert judge((Field("dc:rights", 1, value),), profile=DEFAULT, today=date(2026, 11, 23)).is_cc_by_nc == 0
