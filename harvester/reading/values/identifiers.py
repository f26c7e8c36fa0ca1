"""Identifiers found in a value: DOI, handle, URN, ISSN, ISBN, PMID, PMCID, arXiv, ORCID and addresses (dublin-core.md section 3)."""

import html
import re
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import quote, unquote, urlsplit, urlunsplit

from harvester.reading.patterns import late
from harvester.reading.values.checks import is_isbn, is_issn, is_orcid, to_isbn13

# The old DOIs of Wiley and others hold a SICI with angle brackets: 10.1002/(SICI)1097-0134(19990801)36:2<157::AID-PROT3>3.0.CO;2-Y
_DOI = re.compile(
    r"10\.\d{4,9}(?:\.\d+)*/[^\s<>\"]*(?:<\d{1,6}::[A-Z]{2,3}-[A-Z0-9]{1,9}>\d\.\d\.[A-Z]{2};2-[A-Z0-9#$])?",
    re.IGNORECASE,
)
# Those that stand here as text are compiled when a value holds their sign: a repository has one or two of them.
_ISSN_WORD = r"(?i)(?:\b([ep]|online|print|electronic)?[\s-]*|\b)issn(?:\s*\(?(online|print|electronic|e|p|l)\)?)?\s*[:.]?\s*([\dX-]{7,12})(?:\s*\((online|print|electronic)\))?"
_ISSN_BARE = re.compile(r"\d{4}-\d{3}[\dXx]\Z")
_YEARS = re.compile(r"1[4-9]\d\d-(?:1[4-9]|20)\d\d\Z|20\d\d-20\d\d\Z")  # 1940-1949 has a right check digit, too
_ISBN = r"(?i)\b(?:urn:)?isbn(?:-1[03])?(?:\s*\([^)]{1,20}\))?[\s:]*((?:97[89][\s-]?)?(?:\d[\s-]?){9}[\dXx])"
_ISBN_BARE = re.compile(r"97[89](?:[\s-]?\d){10}\Z")
_ISBN10_BARE = re.compile(r"\d{1,5}(?: ?- ?\d{1,8}){1,2} ?- ?[\dXx]\Z")
_HANDLE = r"(?i)(?:hdl\.handle\.net/|\bhdl:|\bhandle:\s*)(?:api/handles/)?(\d+(?:\.[\w-]+)*/[^\s<>\"?#]+)"
_URN = r"(?i)\b(?:urn:)?(urn:[a-z0-9][a-z0-9-]{1,31}:[^\s<>\"]+)"
_PMID = r"(?i)(?:\bpmid:?\s*|ncbi\.nlm\.nih\.gov/(?:pubmed/|entrez/\S*list_uids=)|pubmed\.ncbi\.nlm\.nih\.gov/|info:pmid/|\A/pubmed/)(\d{1,9})"
_PMCID = r"\bPMC(\d{4,9})\b"
_ARXIV = r"(?i)(?:arxiv\.org/(?:abs|pdf)/|\barxiv:\s*)((?:[a-z-]+(?:\.[A-Z]{2})?/\d{7}|\d{4}\.\d{4,5}))(?:v\d+)?"
_ORCID = re.compile(r"\d{4}-\d{4}-\d{4}-\d{3}[\dXx]\Z")
_FUNDING = r"(?i)info:eu-repo/grantAgreement/(\S[^\s]*(?: [^\s]+)*)"
_URL = re.compile(r"\b((?:https?|ftp)://[^\s<>\"]+)", re.IGNORECASE)
# An address that is clean already: no user, no port, nothing in upper case before the path, no fragment. Its path is the group.
_PLAIN_URL = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(|/[^?#]*)(?:\?[^#]+)?")
# One address and nothing else, in ASCII and clean already, that ends in no sign that may belong to the sentence.
_ONE_URL = re.compile(r"https?://[a-z0-9-]+(?:\.[a-z0-9-]+)*(/[!$%'-;=@-~]*)(?:\?[!$%'-;=?-~]+)?(?<=[\w/])")
_ONE_DOI = re.compile(r"https?://(?:dx\.)?doi\.org/(10\.[0-9]{4,9}/[A-Za-z0-9._-]*[A-Za-z0-9]{2})")
_LABELS = re.compile(
    r"(?:https?://(?:dx\.)?doi\.org/|doi\s*:?|info:|altidentifier/|eu-repo/semantics/|[\s:/()])"
)  # what may stand before a DOI that is the whole value
_ODD_DOI = re.compile(r"\Ahttps?:/?(?=dx\.doi\.org|doi\.org)", re.IGNORECASE)
_DOCUMENTS = (
    "pdf",
    "doc",
    "docx",
    "odt",
    "rtf",
    "txt",
    "ppt",
    "pptx",
    "xls",
    "xlsx",
    "csv",
    "epub",
    "ps",
    "htm",
    "html",
)
_FILE_ENDINGS = frozenset((*_DOCUMENTS, "zip", "gz", "tar", "tif", "jpg", "jpeg", "png", "mp3", "mp4", "wav"))
_FILE = re.compile(
    r"/(?:bitstreams?/|viewcontent(?:\.cgi|\Z)|file/\d|file_store/|download(?:s|/|\Z)|files/|\d+/\d+/[^/]+\.\w{2,5}\Z)",
    re.IGNORECASE,
)
_THUMBNAIL = re.compile(r"/thumb(?:nail)?s?(?:/|\Z)|/datastream/TN/", re.IGNORECASE)
# What an address of `_ONE_URL` may hold besides itself; "10." and "10%2e" are asked for apart, for they have digits.
_SIGNS = ("issn", "isbn", "handle", "hdl", "urn:", "pmid", "pubmed", "pmc", "arxiv", "grantagreement")
_DIGITS_ALIKE = bytes.maketrans(b"123456789", b"000000000")
_RUN_TOGETHER = r"(?<=[^\s;,|])[;,|]+(?=https?://)"  # addresses one behind the other
_LONGEST_PLAIN = 300  # characters: longer ones are read as any value is
_MOST_READ = 20_000  # characters of a value
_WORTH_KEEPING = 100  # characters: what is longer is a citation or an address, and is not met again
_IMAGES = (".png", ".jpg", ".jpeg", ".gif")
_CITESEER = "10.1.1."
_CLOSING = {")": "(", "]": "[", "}": "{", ">": "<"}


class Found(NamedTuple):
    """One identifier; `bare` when the value holds nothing else, `at` where it stands."""

    scheme: str
    identifier: str
    url: str | None
    valid: bool
    qualifier: str | None
    bare: bool
    issue: str | None = None
    kind: str | None = None  # for an address: file or landing


def find(value: str) -> tuple[Found, ...]:
    """Give every identifier of a value, in the order of the kinds below; nothing is repaired."""
    plain = plain_address(value)
    if plain is not None:
        address = Found("url", value, value, True, None, True, None, plain[0])
        return (address,) if plain[1] is None else (_doi_alone(plain[1]), address)
    return find_any(value)


def find_any(value: str) -> tuple[Found, ...]:
    """Give the same for a value of which it is known that it is no plain address."""
    return _kept(value) if len(value) <= _WORTH_KEEPING else _all_kinds(value)


def plain_address(value: str) -> tuple[str, str | None] | None:
    """Read one clean address that holds no sign of another kind, the DOI's own aside, as most values do: its kind, and the DOI."""
    if not value.startswith("http") or len(value) > _LONGEST_PLAIN or not value.isascii():
        return None
    kind = _kind_of_shape(value.encode().translate(_DIGITS_ALIKE))
    if kind is None or ("%2" in value and "10%2e" in value.lower()):
        return None
    if "10." not in value:
        return kind, None
    doi = _ONE_DOI.fullmatch(value)
    return None if doi is None else (kind, doi[1])


@lru_cache(
    maxsize=8_192
)  # addresses are new, most of their shapes are not: to look one up costs a quarter of reading it
def _kind_of_shape(shape: bytes) -> str | None:
    """Give the kind of a plain address of which every digit is 0; None where it is none or may hold another identifier."""
    address = shape.decode()
    one = _ONE_URL.fullmatch(address)
    if one is None or address.count("://") > 1 or any(sign in address.lower() for sign in _SIGNS):
        return None
    path = one[1]
    return None if path.lower().endswith(".mp0") else _url_kind(address, path)  # .mp3 is a file, .mp5 is none


def _doi_alone(doi: str) -> Found:
    return Found("doi", doi.lower(), f"https://doi.org/{doi}", True, None, True)


def _all_kinds(value: str) -> tuple[Found, ...]:
    text = value[:_MOST_READ].strip()
    if "&" in text:
        text = html.unescape(text)
    if "http" in text[1:]:
        text = late(_RUN_TOGETHER).sub(" ", text)
    found: list[Found] = []
    lower = text.lower()
    if "10." in text or "10%2e" in lower:
        found += _dois(text, lower)
    if "issn" in lower or (len(text) == 9 and _ISSN_BARE.match(text)):
        found += _issns(text, lower)
    if "isbn" in lower or (text[:3] in {"978", "979"} and _ISBN_BARE.match(text)) or _is_bare_isbn10(text):
        found += _isbns(text, lower)
    if "handle" in lower or "hdl" in lower:
        found += _handles(text)
    if "urn:" in lower and "isbn" not in lower:
        found += _urns(text)
    if "pmid" in lower or "pubmed" in lower:
        found += [
            Found("pmid", m[1], f"https://pubmed.ncbi.nlm.nih.gov/{m[1]}/", True, None, False)
            for m in late(_PMID).finditer(text)
        ]
    if "PMC" in text:
        found += [
            Found("pmcid", f"PMC{m[1]}", f"https://www.ncbi.nlm.nih.gov/pmc/articles/PMC{m[1]}/", True, None, False)
            for m in late(_PMCID).finditer(text)
        ]
    if len(text) == 19 and _ORCID.match(text) and is_orcid(text.replace("-", "").upper()):
        found.append(Found("orcid", text.upper(), f"https://orcid.org/{text.upper()}", True, None, True))
    if "arxiv" in lower:
        found += [
            Found("arxiv", m[1], f"https://arxiv.org/abs/{m[1]}", True, None, False)
            for m in late(_ARXIV).finditer(text)
            if "10.48550" not in text
        ]
    if "grantagreement" in lower:
        found += [Found("funding", m[1].rstrip("/"), None, True, None, True) for m in late(_FUNDING).finditer(text)]
    if "://" in text or lower.startswith("http"):
        found += _addresses(text)
    return tuple(found) if len(found) < 2 else tuple(dict.fromkeys(found))


_kept = lru_cache(maxsize=16_384)(_all_kinds)


def _dois(text: str, lower: str) -> list[Found]:
    one = _ONE_DOI.fullmatch(text)
    if one is not None:
        return [_doi_alone(one[1])]
    if "%2f" in lower or "%3a" in lower:
        text = unquote(text)
    text = _ODD_DOI.sub("https://", text)
    found = []
    for at, match in enumerate(_DOI.finditer(text)):
        raw = _trimmed(match[0])
        start = match.start()
        bare = at == 0 and not _LABELS.sub("", text[:start].lower().strip())  # behind another one it stands in a text
        if raw.startswith(_CITESEER) or (start and (text[start - 1].isdigit() or text[start - 1] == ".")):
            continue
        doi = raw.lower()
        suffix = doi.partition("/")[2]
        if not suffix and not (bare and "doi" in lower) and text != match[0]:
            continue
        if len(re.sub(r"\W", "", suffix)) < 2:
            found.append(Found("doi", raw, None, False, None, bare, "doi_truncated"))
            continue
        found.append(Found("doi", doi, doi_url(raw), True, None, bare))
    return found


def _trimmed(text: str) -> str:
    """Cut what belongs to the sentence, not to the DOI: trailing marks and closing brackets that nothing opened."""
    while text:
        last = text[-1]
        if last in ".,;:'\"*" or (last in _CLOSING and text.count(last) > text.count(_CLOSING[last])):
            text = text[:-1]
        else:
            break
    return text


def doi_url(doi: str) -> str:
    """Give the address of a DOI."""
    return "https://doi.org/" + quote(doi, safe="/:;()._-,!*'")


def _issns(text: str, lower: str) -> list[Found]:
    if _ISSN_BARE.match(text):
        years = _YEARS.match(text) is not None and text[:4] <= text[5:]
        return [_issn(text, None, True)] if is_issn(text) and not years else []
    found = []
    for match in late(_ISSN_WORD).finditer(text):
        label = (match[1] or match[2] or match[4] or "").lower()
        qualifier = {
            "e": "electronic",
            "online": "electronic",
            "electronic": "electronic",
            "p": "print",
            "print": "print",
        }.get(label)
        number = match[3].strip("-")
        found.append(_issn(number, qualifier, match.end() == len(text) and match.start() == 0))
    return found


def _issn(number: str, qualifier: str | None, bare: bool) -> Found:
    compact = number.replace("-", "").upper()
    if len(compact) != 8:
        return Found("issn", number, None, False, qualifier, bare, "issn_length")
    shown = f"{compact[:4]}-{compact[4:]}"
    if not is_issn(compact):
        return Found("issn", shown, None, False, qualifier, bare, "issn_check")
    return Found("issn", shown, f"https://portal.issn.org/resource/ISSN/{shown}", True, qualifier, bare)


def _is_bare_isbn10(text: str) -> bool:
    """0-87933-386-3, 90-9016760-9: hyphens in two places or three, the right check digit, and nothing else in the value."""
    if not 12 <= len(text) <= 19 or "-" not in text or _ISBN10_BARE.match(text) is None:
        return False
    return is_isbn(re.sub("[ -]", "", text))


def _isbns(text: str, lower: str) -> list[Found]:
    bare = _ISBN_BARE.match(text) or _is_bare_isbn10(text)
    numbers = [match[1] for match in late(_ISBN).finditer(text)] or ([text] if bare else [])
    found = []
    for number in numbers:
        compact = re.sub(r"[\s-]", "", number)
        if is_isbn(compact):
            found.append(Found("isbn", to_isbn13(compact), None, True, None, len(numbers) == 1))
        elif "isbn" in lower:
            found.append(Found("isbn", compact, None, False, None, len(numbers) == 1, "isbn_check"))
    return found


def _handles(text: str) -> list[Found]:
    found = []
    for match in late(_HANDLE).finditer(text):
        handle = _trimmed(unquote(match[1]))
        if handle.startswith("10."):
            continue
        default = handle.startswith("123456789/")
        found.append(
            Found(
                "handle",
                handle,
                f"https://hdl.handle.net/{quote(handle, safe='/:;()._-')}",
                not default,
                None,
                True,
                "handle_default_prefix" if default else None,
            )
        )
    return found


def _urns(text: str) -> list[Found]:
    found = []
    for match in late(_URN).finditer(text):
        urn = _trimmed(match[1])
        scheme, _, rest = urn[4:].partition(":")
        doubled = match[0].lower().startswith("urn:urn:")
        found.append(
            Found("urn", f"urn:{scheme.lower()}:{rest}", None, True, None, True, "urn_doubled" if doubled else None)
        )
    return found


def _addresses(text: str) -> list[Found]:
    found = []
    for match in _URL.finditer(text):
        written = _trimmed(match[1])
        plain = _PLAIN_URL.fullmatch(written)
        url = written if plain else clean_url(written)
        if url is None:
            continue
        path = plain[1] if plain else urlsplit(url).path
        is_whole = match.start() == 0 and match.end() == len(text)
        found.append(Found("url", url, url, True, None, is_whole, None, _url_kind(url, path)))
    return found


def _url_kind(url: str, path: str) -> str:
    if path.rpartition(".")[2].lower() not in _FILE_ENDINGS and _FILE.search(path) is None:
        return "other" if _THUMBNAIL.search(path) else "landing"
    lower = url.lower()
    is_cover = "cover" in lower or "thumb" in lower or "preview" in lower or lower.endswith(_IMAGES)
    return "other" if is_cover else "file"


def clean_url(url: str) -> str | None:
    """Give an address with its host in lower case, without default port and fragment; None where it is none."""
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return None
    scheme = parts.scheme.lower()
    if scheme not in {"http", "https", "ftp"} or not parts.hostname:
        return None
    host = parts.hostname if ":" not in parts.hostname else f"[{parts.hostname}]"
    if port and port != {"http": 80, "https": 443, "ftp": 21}[scheme]:
        host = f"{host}:{port}"
    return urlunsplit((scheme, host, parts.path, parts.query, ""))
