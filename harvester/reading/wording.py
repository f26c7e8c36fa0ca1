"""The words of a record: titles, people, subjects, languages, types."""

from collections.abc import Sequence

from harvester.reading.assemble import Draft
from harvester.reading.fields import Field
from harvester.reading.values import languages, names, subjects, types
from mirror_db.model import Creator, Subject

_JOINT = "; "
_NO_KIND = types.Kind()
_new = tuple.__new__  # a row costs a third of what its own constructor takes, and a record has ten


def read_texts(draft: Draft) -> None:
    """Title, description and publisher."""
    for _, text in draft.texts("dc:title"):
        draft.columns["title"] = text
        break
    descriptions = [text for _, text in draft.texts("dc:description", paragraphs=True)]
    if descriptions:
        draft.columns["description"] = "\n\n".join(descriptions)
    publishers = []
    for field, text in draft.texts("dc:publisher"):
        publishers.append(text)
        if draft.profile.repository_name and text.casefold() == draft.profile.repository_name.casefold():
            draft.issue(field.element, field.ordinal, "publisher_is_repository", text)
    if publishers:
        draft.columns["publisher"] = _JOINT.join(publishers)


def read_creators(draft: Draft) -> None:
    """Creators and contributors, in order; only creators stand in the readable column."""
    for element, role in (("dc:creator", "creator"), ("dc:contributor", "contributor")):
        if element in draft.named:
            _read_people(draft, draft.named[element], role)
    shown = [one.name for one in draft.creators if one.role == "creator"]
    if shown:
        draft.columns["creators"] = _JOINT.join(shown)


def _read_people(draft: Draft, fields: Sequence[Field], role: str) -> None:
    met: set[str] = set()
    odd: list[tuple[str, int, str, str]] = []
    creators = draft.creators
    for field in fields:
        at, ordinal, value = field[:3]
        person = names.plain(value)  # which says that the value is clean
        text = value if person else draft.said(field)
        if not text or text in met:
            continue
        met.add(text)
        # A person's parts stand in the order of the columns between a creator's role and its raw value.
        if person:
            creators.append(_new(Creator, (at, ordinal, role, *person, value)))
            continue
        found = names.read(text)
        odd += [(at, ordinal, code, detail) for code, detail in found.issues]
        creators += [_new(Creator, (at, ordinal, role, *one, value)) for one in found.people]
    for issue in odd:
        draft.issue(*issue)


def read_subjects(draft: Draft) -> None:
    """Subjects, each term once, whatever its case and its full stop."""
    fields = draft.named.get("dc:subject")
    if fields is None:
        return
    by_comma = draft.profile.subject_comma
    shown: dict[str, str] = {}
    for field in fields:
        element, ordinal, value = field[:3]
        terms, issues = subjects.read_raw(value, by_comma)
        if issues:
            for code, detail in issues:
                draft.issue(element, ordinal, code, detail)
        for key, scheme, notation, label in terms:
            if key not in shown:
                shown[key] = label
                draft.subjects.append(_new(Subject, (element, ordinal, scheme, notation, label, value)))
    if shown:
        draft.columns["subjects"] = _JOINT.join(shown.values())


def read_languages(draft: Draft) -> None:
    """The first language that is understood."""
    for field in draft.of("dc:language"):
        known = languages.first_known(field.value)
        if known is None:
            code = "lang_unknown" if field.value.strip() else "empty"
            draft.issue(field.element, field.ordinal, code, field.value)
        elif "language" not in draft.columns:
            draft.columns["language"], draft.columns["language_iso639_3"] = known


def read_types(draft: Draft) -> None:
    """The most specific type, the version and peer review."""
    best = _NO_KIND
    for field, text in draft.texts("dc:type"):
        kind = types.read(text)
        if not kind.known:
            draft.issue(field.element, field.ordinal, "type_unmapped", text)
        if kind.weight > best.weight:
            best = kind
        if kind.version and "version" not in draft.columns:
            draft.columns["version"] = kind.version
        if kind.peer_reviewed:
            draft.columns["peer_reviewed"] = 1
    if best.label:
        draft.columns["type"], draft.columns["type_uri"] = best.label, best.uri
