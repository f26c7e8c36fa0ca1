"""Check digits, by python-stdnum: ISSN, ISBN, ORCID. It is imported when a number is first met, for it brings zipfile, pydoc and ssl."""

from functools import lru_cache


@lru_cache(maxsize=16_384)
def is_issn(text: str) -> bool:
    """Tell whether eight digits are an ISSN."""
    from stdnum import issn

    return bool(issn.is_valid(text))


@lru_cache(maxsize=16_384)
def is_isbn(text: str) -> bool:
    """Tell whether ten or thirteen digits are an ISBN."""
    from stdnum import isbn

    return bool(isbn.is_valid(text))


def to_isbn13(text: str) -> str:
    """Give a valid ISBN as thirteen digits."""
    from stdnum import isbn

    return str(isbn.to_isbn13(text)).replace("-", "").replace(" ", "")


@lru_cache(maxsize=16_384)
def is_orcid(digits: str) -> bool:
    """Tell whether sixteen characters are an ORCID iD: ISO 7064 mod 11-2, in the ranges that ORCID gives out."""
    from stdnum.iso7064 import mod_11_2

    in_range = "0000000150000007" <= digits <= "000000035000000X" or digits.startswith("0009")
    return len(digits) == 16 and in_range and bool(mod_11_2.is_valid(digits))
