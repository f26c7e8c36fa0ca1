"""An answer as an XML document (the schema of OAI-PMH 2.0, section 3.2)."""

from datetime import UTC, datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

from harvester.demo.model import Record, Repository
from harvester.demo.protocol import Answer, NextToken

_HEAD = (
    '<?xml version="1.0" encoding="UTF-8"?>\n'
    '<OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" '
    'xsi:schemaLocation="http://www.openarchives.org/OAI/2.0/ http://www.openarchives.org/OAI/2.0/OAI-PMH.xsd">\n'
)


def document(answer: Answer) -> str:
    """Give the whole document, ready to be encoded as UTF-8."""
    body = _errors(answer) if answer.errors else _element(answer)
    return f"{_HEAD}<responseDate>{instant(answer.now)}</responseDate>\n{_request(answer)}\n{body}\n</OAI-PMH>\n"


def instant(at: datetime) -> str:
    """Give an instant as the protocol writes it."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def tag(name: str, text: str, attributes: str = "") -> str:
    """Give one element with text."""
    return f"<{name}{attributes}>{escape(text)}</{name}>"


def _request(answer: Answer) -> str:
    """The arguments are told back unless they were the mistake (section 3.2)."""
    bad = any(error.code in {"badVerb", "badArgument"} for error in answer.errors)
    attributes = "" if bad else "".join(f" {name}={quoteattr(value)}" for name, value in answer.params)
    return tag("request", answer.repository.base_url, attributes)


def _errors(answer: Answer) -> str:
    return "\n".join(tag("error", error.text, f" code={quoteattr(error.code)}") for error in answer.errors)


def _element(answer: Answer) -> str:
    inside = {
        "Identify": _identify,
        "ListMetadataFormats": _formats,
        "ListSets": _sets,
        "GetRecord": _records,
        "ListRecords": _records,
        "ListIdentifiers": _headers,
    }[answer.verb or ""]
    return f"<{answer.verb}>\n{inside(answer)}</{answer.verb}>"


def _identify(answer: Answer) -> str:
    repository = answer.repository
    lines = [
        tag("repositoryName", repository.name),
        tag("baseURL", repository.base_url),
        tag("protocolVersion", "2.0"),
        *(tag("adminEmail", email) for email in repository.admin_emails),
        tag("earliestDatestamp", repository.earliest_datestamp),
        tag("deletedRecord", repository.deleted_record),
        tag("granularity", repository.granularity),
        tag("compression", "gzip"),
        *(f"<description>{text}</description>" for text in repository.descriptions),
    ]
    return "".join(f"{line}\n" for line in lines)


def _formats(answer: Answer) -> str:
    offered = answer.repository.formats
    if answer.records:
        offered = tuple(one for one in offered if one.prefix in answer.records[0].metadata)
    return "".join(
        "<metadataFormat>"
        f"{tag('metadataPrefix', one.prefix)}{tag('schema', one.schema)}{tag('metadataNamespace', one.namespace)}"
        "</metadataFormat>\n"
        for one in offered
    )


def _sets(answer: Answer) -> str:
    return "".join(
        f"<set>{tag('setSpec', one.spec)}{tag('setName', one.name)}{_about_set(one.description)}</set>\n"
        for one in answer.repository.sets
    )


def _about_set(text: str | None) -> str:
    if text is None:
        return ""
    return (
        '<setDescription><oai_dc:dc xmlns:oai_dc="http://www.openarchives.org/OAI/2.0/oai_dc/" '
        f'xmlns:dc="http://purl.org/dc/elements/1.1/">{tag("dc:description", text)}</oai_dc:dc></setDescription>'
    )


def _headers(answer: Answer) -> str:
    headers = "".join(f"{header(answer.repository, record)}\n" for record in answer.records)
    return headers + _token(answer.token, answer.now)


def _records(answer: Answer) -> str:
    records = "".join(f"{_record(answer.repository, record, answer.prefix)}\n" for record in answer.records)
    return records + _token(answer.token, answer.now)


def header(repository: Repository, record: Record) -> str:
    """Give a record's header."""
    status = ' status="deleted"' if record.deleted else ""
    sets = "".join(tag("setSpec", spec) for spec in record.sets)
    stamp = tag("datestamp", repository.shown(record.datestamp))
    return f"<header{status}>{tag('identifier', record.identifier)}{stamp}{sets}</header>"


def _record(repository: Repository, record: Record, prefix: str) -> str:
    metadata = "" if record.deleted else f"<metadata>{record.metadata[prefix]}</metadata>"
    return f"<record>{header(repository, record)}{metadata}</record>"


def _token(token: NextToken | None, now: datetime) -> str:
    if token is None:
        return ""
    attributes = f" completeListSize={quoteattr(token.complete_list_size)} cursor={quoteattr(token.cursor)}"
    if token.lifetime_s is not None:
        attributes += f' expirationDate="{instant(now + timedelta(seconds=token.lifetime_s))}"'
    return f"{tag('resumptionToken', token.value, attributes)}\n"
