"""Faults of XML: Q50 to Q54, Q61. Those that touch a record leave its title alone, so that the truth stays the truth."""

import re

from tests.faults.fault import Fault, Moment, a_fault, quirk

__all__ = [
    "bare_amp",
    "billion_laughs",
    "broken_record",
    "ctrl_char",
    "declared_twice",
    "html_entities",
    "junk_prefix",
    "latin1_as_utf8",
    "ns",
    "utf16",
    "xxe",
]

_DECLARATION = re.compile(r"<\?xml[^>]*\?>\s*")


def _into_description(insert: str, identifier: str | None) -> Fault:
    """Put text into the description of a record, or of all."""

    def change(moment: Moment, text: str) -> str:
        records = text.split("<record>")
        for n, record in enumerate(records):
            if identifier is None or f"<identifier>{identifier}</identifier>" in record:
                records[n] = record.replace("</dc:description>", f"{insert}</dc:description>")
        return "<record>".join(records)

    return a_fault(verbs=("ListRecords", "GetRecord"), document=change)


@quirk("Q50")
def ctrl_char(identifier: str | None = None, character: str = "\x0c") -> Fault:
    """A character that XML forbids, raw or as a reference (`&#11;`)."""
    return _into_description(f"a{character}b", identifier)


@quirk("Q51")
def latin1_as_utf8() -> Fault:
    """The document says UTF-8 and is cp1252."""
    return a_fault(body=lambda moment, body: body.decode().encode("cp1252", "xmlcharrefreplace"))


@quirk("Q51")
def utf16() -> Fault:
    """The document is UTF-16 with a mark, and says so."""
    return a_fault(body=lambda moment, body: body.decode().replace("UTF-8", "UTF-16", 1).encode("utf-16"))


@quirk("Q52")
def html_entities(identifier: str | None = None) -> Fault:
    """Entities of HTML that no DTD declares."""
    return _into_description("&nbsp;caf&eacute;", identifier)


@quirk("Q52")
def bare_amp(identifier: str | None = None) -> Fault:
    """An ampersand that escapes nothing."""
    return _into_description(" Smith & Sons, AT&T", identifier)


@quirk("Q50")
def broken_record(identifier: str) -> Fault:
    """One record is not well formed in a way that nobody can mend."""
    return _into_description("<b><i></b>", identifier)


def _with_doctype(doctype: str, reference: str) -> Fault:
    def change(moment: Moment, text: str) -> str:
        text = _DECLARATION.sub(lambda match: match[0] + doctype, text, count=1)
        return text.replace("</dc:description>", f"{reference}</dc:description>", 1)

    return a_fault(document=change)


@quirk("Q53")
def xxe(url: str = "file:///etc/passwd") -> Fault:
    """An external entity."""
    return _with_doctype(f'<!DOCTYPE OAI-PMH [<!ENTITY x SYSTEM "{url}">]>', "&x;")


@quirk("Q53")
def billion_laughs() -> Fault:
    """Entities that multiply."""
    levels = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    return _with_doctype(f'<!DOCTYPE OAI-PMH [<!ENTITY l0 "ha">{levels}]>', "&l9;")


@quirk("Q54")
def ns(how: str) -> Fault:
    """The protocol's namespace is absent (`none`), bound to the prefix oai (`prefixed`), or an old one (`1.1`)."""
    default = 'xmlns="http://www.openarchives.org/OAI/2.0/"'

    def change(moment: Moment, text: str) -> str:
        if how == "none":
            return text.replace(f" {default}", "", 1)
        if how == "1.1":
            return text.replace("/OAI/2.0/", "/OAI/1.1/", 1)
        text = text.replace(default, 'xmlns:oai="http://www.openarchives.org/OAI/2.0/"', 1)
        return re.sub(r"<(/?)(?=[A-Za-z-]+[\s/>])(?!\w+:)", r"<\1oai:", text)

    return a_fault(verbs=(), document=change)


@quirk("Q61")
def junk_prefix(kind: str = "php") -> Fault:
    """Something stands before the XML declaration: `blank` lines, a `bom`, a notice of `php`, a processing instruction `pi`."""
    junk = {
        "blank": b"\n\n  ",
        "bom": b"\xef\xbb\xbf",
        "php": b"<br />\n<b>Notice</b>: Undefined index: verb in <b>/var/www/oai.php</b> on line <b>7</b><br />\n",
        "pi": b"<?php echo 1 ?>\n",
    }[kind]
    return a_fault(verbs=(), body=lambda moment, body: junk + body)


@quirk("Q61")
def declared_twice() -> Fault:
    """The XML declaration comes twice."""
    return a_fault(body=lambda moment, body: b'<?xml version="1.0" encoding="UTF-8"?>\n' + body)
