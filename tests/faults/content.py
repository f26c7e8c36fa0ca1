"""Faults of records and headers: Q55 to Q60."""

import re

from tests.faults.fault import Fault, Moment, a_fault, quirk

__all__ = [
    "bad_header",
    "deep",
    "deleted_case",
    "deleted_with_md",
    "empty_metadata",
    "empty_page",
    "empty_sets",
    "huge_record",
    "nested_oai",
    "no_list_element",
    "no_metadata",
]

_RECORD = re.compile(r"<record>.*?</record>", re.DOTALL)
_BOTH = ("ListRecords", "GetRecord")


def _each_record(change, identifier: str | None = None, verbs: tuple[str, ...] = _BOTH) -> Fault:  # type: ignore[no-untyped-def]
    """Change the text of every record, or of one."""

    def document(moment: Moment, text: str) -> str:
        def one(match: re.Match[str]) -> str:
            meant = identifier is None or f"<identifier>{identifier}</identifier>" in match[0]
            return change(match[0]) if meant else match[0]

        return _RECORD.sub(one, text)

    return a_fault(verbs=verbs, document=document)


@quirk("Q55")
def nested_oai() -> Fault:
    """The metadata hold elements called as those of the protocol."""
    inner = (
        '<x:box xmlns:x="http://www.openarchives.org/OAI/2.0/"><x:record><x:header status="deleted"><x:identifier>oai:fake:1'
        "</x:identifier></x:header></x:record><x:resumptionToken>fake</x:resumptionToken><x:error code='badVerb'/></x:box>"
    )
    return _each_record(lambda record: record.replace("</oai_dc:dc>", f"{inner}</oai_dc:dc>"))


@quirk("Q56")
def no_metadata(identifier: str) -> Fault:
    """A live record comes without metadata."""
    return _each_record(lambda record: re.sub(r"<metadata>.*</metadata>", "", record, flags=re.DOTALL), identifier)


@quirk("Q56")
def empty_metadata(identifier: str) -> Fault:
    """A live record's metadata container is empty."""
    empty = "<metadata></metadata>"
    return _each_record(lambda record: re.sub(r"<metadata>.*</metadata>", empty, record, flags=re.DOTALL), identifier)


@quirk("Q57")
def bad_header(identifier: str, kind: str) -> Fault:
    """A header without identifier (`no_identifier`), without datestamp (`no_datestamp`), without itself (`no_header`), with
    white space around both (`white`)."""

    def change(record: str) -> str:
        match kind:
            case "no_identifier":
                return re.sub(r"<identifier>.*?</identifier>", "", record, count=1)
            case "no_datestamp":
                return re.sub(r"<datestamp>.*?</datestamp>", "", record, count=1)
            case "no_header":
                return re.sub(r"<header.*?</header>", "", record, flags=re.DOTALL)
        return re.sub(r"<(identifier|datestamp)>(.*?)</", r"<\1>\n    \2\n  </", record, count=2)

    return _each_record(change, identifier)


@quirk("Q58")
def deleted_case(form: str = "Deleted ") -> Fault:
    """The status is written oddly; `record` puts it on the record, as version 1 of the protocol did."""

    def change(record: str) -> str:
        if form == "record":
            return record.replace("<record><header status=", "<record status=").replace(
                'status="deleted">', 'status="deleted"><header>', 1
            )
        return record.replace('status="deleted"', f'status="{form}"')

    return _each_record(change)


@quirk("Q59")
def deleted_with_md() -> Fault:
    """Deleted records still carry metadata."""
    ghost = (
        '<metadata><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        'xmlns:dc="http://purl.org/dc/elements/1.1/"><dc:title>A ghost</dc:title></oai_dc:dc></metadata>'
    )

    def change(record: str) -> str:
        return record.replace("</record>", f"{ghost}</record>") if 'status="deleted"' in record else record

    return _each_record(change)


@quirk("Q60")
def huge_record(identifier: str, size: int = 16_000_000) -> Fault:
    """One record's description is this long, in characters."""
    return _each_record(
        lambda record: record.replace("</dc:description>", "x" * size + "</dc:description>"), identifier
    )


@quirk("Q53")
def deep(identifier: str, levels: int = 5000) -> Fault:
    """One record nests elements this deep."""
    nest = "<dc:x>" * levels + "</dc:x>" * levels
    return _each_record(lambda record: record.replace("</oai_dc:dc>", f"{nest}</oai_dc:dc>"), identifier)


@quirk("EPrints")
def empty_sets() -> Fault:
    """Records are members of no set, as far as their headers tell."""
    return a_fault(
        verbs=(*_BOTH, "ListIdentifiers"), document=lambda moment, text: re.sub(r"<setSpec>.*?</setSpec>", "", text)
    )


@quirk("Q10")
def empty_page(page: int = 2) -> Fault:
    """One page holds no record but its token: the server dropped what it hides."""

    def change(moment: Moment, text: str) -> str:
        return _RECORD.sub("", text) if moment.page == page else text

    return a_fault(document=change)


@quirk("Q29")
def no_list_element() -> Fault:
    """The envelope is sound and empty."""
    return a_fault(document=lambda moment, text: re.sub(r"<(List\w+)>.*</\1>", "", text, flags=re.DOTALL))
