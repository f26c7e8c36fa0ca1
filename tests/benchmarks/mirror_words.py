"""Made-up words and weights from which the generator's records are made; nothing here is anybody's data."""

import random

_ONSETS = ("b", "br", "c", "d", "dr", "f", "g", "gr", "h", "l", "m", "n", "p", "pr", "r", "s", "st", "t", "tr", "v")
_NUCLEI = ("a", "e", "i", "o", "u", "ea", "io", "ou")
_CODAS = ("", "", "l", "m", "n", "r", "s", "t", "ing", "tion", "ity")
_COMMON = [
    "the",
    "of",
    "and",
    "in",
    "a",
    "to",
    "for",
    "with",
    "on",
    "by",
    "from",
    "study",
    "analysis",
    "effects",
    "using",
    "model",
    "data",
    "between",
    "health",
    "social",
    "learning",
    "research",
    "development",
    "water",
    "energy",
    "cell",
    "climate",
    "history",
    "education",
    "policy",
    "system",
    "review",
    "case",
    "approach",
    "method",
    "impact",
]

LICENSES = (  # id, family, value as a repository prints it, weight
    (None, None, None, 44),
    ("CC-BY-4.0", "by", "https://creativecommons.org/licenses/by/4.0/", 19),
    ("CC-BY-3.0", "by", "http://creativecommons.org/licenses/by/3.0/", 3),
    ("CC-BY-NC-4.0", "by-nc", "https://creativecommons.org/licenses/by-nc/4.0/", 3.2),
    ("CC-BY-NC", "by-nc", "cc_by_nc", 1.4),
    ("CC-BY-NC-3.0", "by-nc", "http://creativecommons.org/licenses/by-nc/3.0/", 0.9),
    ("CC-BY-NC-ND-4.0", "by-nc-nd", "cc_by_nc_nd_4", 9),
    ("CC-BY-NC-ND-3.0", "by-nc-nd", "http://creativecommons.org/licenses/by-nc-nd/3.0/", 3),
    ("CC-BY-NC-SA-4.0", "by-nc-sa", "Attribution-NonCommercial-ShareAlike 4.0 International", 3),
    ("CC-BY-SA-4.0", "by-sa", "CC BY-SA 4.0", 2),
    ("CC0-1.0", "cc0", "http://creativecommons.org/publicdomain/zero/1.0/", 1.5),
    ("LicenseRef-InC", "rights-statement", "http://rightsstatements.org/vocab/InC/1.0/", 5),
    ("LicenseRef-AllRightsReserved", "all-rights-reserved", "All rights reserved", 5),
)
TYPES = (
    ("journal article", 58),
    ("conference paper", 12),
    ("doctoral thesis", 10),
    ("book part", 6),
    ("master thesis", 4),
    ("report", 4),
    ("dataset", 3),
    ("book", 2),
    (None, 1),
)
LANGUAGES = (("en", 74), ("es", 5), ("de", 5), ("fr", 4), ("pt", 3), (None, 9))
ACCESS = (("open", 46), ("metadata-only", 14), ("restricted", 7), ("embargoed", 2), ("unknown", 31))
ISSUES = ("date_unread", "language_unknown", "type_unknown", "doi_in_url_only", "identifier_malformed")
UNREAD = ("Copyright of the author", "See publisher's site", "Deposited under the policy of 2009", "© The Authors")


def vocabulary(rng: random.Random, size: int = 30_000) -> tuple[list[str], list[float]]:
    """Give words with cumulative weights that fall as 1/rank, as those of a language do."""
    words = list(dict.fromkeys([*_COMMON, *(_word(rng) for _ in range(size))]))
    total, weights = 0.0, []
    for rank in range(len(words)):
        total += 1 / (rank + 3)
        weights.append(total)
    return words, weights


def _word(rng: random.Random) -> str:
    syllables = rng.randint(1, 3)
    return "".join(rng.choice(_ONSETS) + rng.choice(_NUCLEI) for _ in range(syllables)) + rng.choice(_CODAS)
