"""Hand-cut OAI-PMH pages: small, readable, each part replaceable."""

from harvester.oai.page import Page, parse
from harvester.oai.xml import text_of

OAI = "http://www.openarchives.org/OAI/2.0/"
DC = (
    '<oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" xmlns:dc="http://purl.org/dc/elements/1.1/">'
    "{}</oai_dc:dc>"
)


def document(
    inner: str, *, verb: str = "ListRecords", declaration: str = '<?xml version="1.0" encoding="UTF-8"?>'
) -> bytes:
    """Give a whole document around the verb's element or the errors."""
    return (
        f'{declaration}<OAI-PMH xmlns="{OAI}"><responseDate>2026-01-02T03:04:05Z</responseDate>'
        f'<request verb="{verb}">http://repository.test/oai</request>{inner}</OAI-PMH>'
    ).encode()


def listing(*parts: str, token: str | None = None, verb: str = "ListRecords", attributes: str = "") -> bytes:
    """Give a page of a list; `token` None leaves the element out, "" sends it empty."""
    end = "" if token is None else f"<resumptionToken{attributes}>{token}</resumptionToken>"
    return document(f"<{verb}>{''.join(parts)}{end}</{verb}>", verb=verb)


def header(
    n: int | str, *, status: str = "", sets: tuple[str, ...] = (), datestamp: str = "2026-01-01T00:00:00Z"
) -> str:
    """Give a header."""
    specs = "".join(f"<setSpec>{spec}</setSpec>" for spec in sets)
    status = f' status="{status}"' if status else ""
    return f"<header{status}><identifier>oai:r:{n}</identifier><datestamp>{datestamp}</datestamp>{specs}</header>"


def record(n: int | str, inner: str = "<dc:title>Title</dc:title>", *, status: str = "") -> str:
    """Give a record of Dublin Core."""
    metadata = "" if status else f"<metadata>{DC.format(inner)}</metadata>"
    return f"<record>{header(n, status=status)}{metadata}</record>"


def error(code: str, text: str = "") -> bytes:
    """Give a page with one error."""
    return document(f'<error code="{code}">{text}</error>')


def page_of(body: bytes, **options: str) -> Page:
    """Give the page that a body is read as; anything else fails the test."""
    got = parse(body, **options)
    assert isinstance(got, Page), got
    return got


def ids_of(page: Page) -> list[str | None]:
    """Give the identifiers of its items."""
    return [item.identifier for item in page.items]


def codes_of(page: Page) -> list[str]:
    """Give the codes of what was mended."""
    return [code for code, _ in page.notes]


def title_of(page: Page, n: int = 0) -> str:
    """Give the text of an item's metadata."""
    return text_of(page.items[n].metadata)
