"""Qualified Dublin Core in its many roots: oai_qdc, dcterms, oai_dcq, DSpace's qualifieddc."""

from typing import Any

from harvester.reading.formats import Extracted, oai_dc

_DSPACE = "http://dspace.org/qualifieddc/"


def fields(metadata: Any) -> Extracted:
    """Give the fields of one record."""
    extracted = oai_dc.fields(metadata)
    of_dspace = str(metadata.tag).startswith(f"{{{_DSPACE}}}")
    named = (one._replace(format="qdc") for one in extracted.fields)
    return extracted._replace(
        fields=tuple(
            one._replace(element="dc:date.accessioned") if of_dspace and _is_deposit(one) else one for one in named
        )
    )


def _is_deposit(one: Any) -> bool:
    """DSpace prints the instant of the deposit as dcterms:dateAccepted (its qdc crosswalk, read 2026-11)."""
    return one.element == "dcterms:dateAccepted" and "T" in one.value
