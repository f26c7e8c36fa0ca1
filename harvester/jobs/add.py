"""Adding a repository to the configuration: who it is, which entry that makes, and the file that takes it.

URL -> not configured yet? -> Identify -> entry as text -> appended -> loaded again -> kept, or put back
"""

import json
import os
import re
from datetime import UTC, date, datetime
from pathlib import Path
from typing import NamedTuple

from harvester.config import ConfigError, Fault, Loaded, load
from harvester.config.files import REPOSITORIES_FILE, user_folder
from harvester.jobs.identify import Identified, identify
from harvester.oai.platform import Proposal, Seen, recognise
from harvester.source import clean_url, same_repository, source_from_url

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff\s]+")
_PREFIX = re.compile(r"[A-Za-z0-9\-_.!~*'()]+")  # OAI-PMH 2.0, metadataPrefixType
_LONGEST_NAME = 300


class NoAnswer(Exception):
    """The address does not answer as an OAI-PMH repository; `str()` says why."""


class Entry(NamedTuple):
    """A proposed entry: its id, the TOML text with its comments, and the file it belongs in."""

    id: str
    text: str
    path: Path


def propose(loaded: Loaded, url: str, taken: dict[str, str], *, chosen_id: str | None = None) -> Entry:
    """Ask the repository at `url` who it is and give the entry for it; nothing is written.

    `taken` maps the ids that the mirror uses to their addresses. Raises ConfigError where the address is none or
    is configured already, and NoAnswer where nothing there answers Identify.
    """
    _refuse_configured(loaded, url)
    configured = {name: one.base_url for name, one in loaded.settings.repositories.items()}
    found = identify(loaded.settings, source_from_url(url, {**taken, **configured}))
    if found.facts is None:
        raise NoAnswer(found.why)
    if found.moved_to:
        _refuse_configured(loaded, found.moved_to)
    address = clean_url(found.moved_to or url)
    name = chosen_id or source_from_url(address, {**taken, **configured}).id
    if name in configured:
        raise ConfigError([Fault("command line", "--id", f"{name} is configured already", "choose another")])
    text = entry_text(name, address, found, day=datetime.now(UTC).date(), profiles=frozenset(loaded.settings.profiles))
    return Entry(name, text, file_for(loaded))


def file_for(loaded: Loaded) -> Path:
    """Give the repositories.toml that takes new entries: beside the file in use, else in the user's folder."""
    folder = loaded.files[0].parent if loaded.files else user_folder(os.environ)
    return folder / REPOSITORIES_FILE


def entry_text(name: str, address: str, found: Identified, *, day: date, profiles: frozenset[str]) -> str:
    """Write the entry: what the server said and what was recognised stand in comments; of `profiles` one may fit."""
    assert found.facts is not None
    proposal = recognise(Seen((address, found.facts.base_url or ""), found.facts.descriptions, found.prefixes))
    return "\n".join(
        (
            *(f"# {line}" for line in (*_comments(found, day), *_recognised(proposal))),
            f"[repositories.{_key(name)}]",
            f"name = {_quoted(found.facts.repository_name or name)}",
            f"base_url = {_quoted(address)}",
            *_format_lines(found.prefixes),
            *_proposed(proposal, profiles),
            "",
        )
    )


def _recognised(proposal: Proposal | None) -> list[str]:
    if proposal is None:
        return []
    lines = [f"{_one_line(proposal.name)}, because {_one_line(', '.join(proposal.reasons))}"]
    if proposal.warning:
        lines.append(f"WARNING: {_one_line(proposal.warning)}")
    if proposal.pages:
        lines.append(
            f"pages = {{ enabled = true }} would read the items' pages, with the repository's consent: {_one_line(proposal.why_pages)}"
        )
    return lines + [f"Note: {_one_line(note)}" for note in proposal.notes]


def _proposed(proposal: Proposal | None, profiles: frozenset[str]) -> list[str]:
    if proposal is None:
        return []
    lines = []
    if proposal.profile in profiles:
        lines.append(f"profile = {_quoted(str(proposal.profile))}")
    usable = [_quoted(prefix) for prefix in proposal.prefixes if _PREFIX.fullmatch(prefix)]
    if usable:
        lines.append(f"prefixes = [{', '.join(usable)}]  # harvested beside: they say more about rights")
    return lines


def write(entry: Entry, config: Path | None) -> None:
    """Append the entry to its file and load everything again; a configuration that is refused is put back as it was.

    `config` is --config. Raises ConfigError, and OSError where the file cannot be written.
    """
    before = entry.path.read_bytes() if entry.path.exists() else None
    entry.path.parent.mkdir(parents=True, exist_ok=True)
    _replace(entry.path, _joined(before or b"", entry.text))
    try:
        if entry.id not in load(config).settings.repositories:
            raise ConfigError([Fault(str(entry.path), f"repositories.{entry.id}", "is not read from this file")])
    except ConfigError:
        if before is None:
            entry.path.unlink()
        else:
            _replace(entry.path, before)
        raise


def _refuse_configured(loaded: Loaded, url: str) -> None:
    try:
        same = [n for n, one in loaded.settings.repositories.items() if same_repository(one.base_url, url)]
    except ValueError as error:
        raise ConfigError([Fault("command line", "", f"not an address: {error}")]) from error
    if same:
        raise ConfigError([Fault("command line", "", f"{url} is configured already as {same[0]}")])


def _comments(found: Identified, day: date) -> list[str]:
    facts = found.facts
    assert facts is not None
    said = [
        ("granularity", facts.granularity_text),
        ("deletedRecord", facts.deleted_record),
        ("earliestDatestamp", facts.raw_earliest_datestamp),
        ("contact", ", ".join(facts.admin_emails)),
    ]
    lines = [f"Identify, {day}: " + "; ".join(f"{name} {_one_line(value)}" for name, value in said if value)]
    if found.moved_to:
        lines.append(f"{_one_line(found.source.base_url)} redirected here for good, {day}")
    if facts.base_url and not same_or_broken(facts.base_url, found.moved_to or found.source.base_url):
        lines.append(f"It calls itself {_one_line(facts.base_url)}")
    if found.prefixes:
        lines.append(f"Formats: {_one_line(', '.join(found.prefixes[:20]))}")
    return lines


def same_or_broken(one: str, other: str) -> bool:
    """Tell whether two addresses mean one repository; what is no address is not worth a comment."""
    try:
        return same_repository(one, other)
    except ValueError:
        return True


def _format_lines(prefixes: tuple[str, ...]) -> list[str]:
    usable = [prefix for prefix in prefixes if _PREFIX.fullmatch(prefix)]
    if not usable or "oai_dc" in prefixes:
        return []
    return [f"metadata_prefix = {_quoted(usable[0])}  # it does not offer oai_dc"]


def _one_line(text: str) -> str:
    return _UNPRINTABLE.sub(" ", text).strip()[:_LONGEST_NAME]


def _quoted(text: str) -> str:
    return json.dumps(_one_line(text), ensure_ascii=False)  # JSON's strings are TOML's basic strings


def _key(name: str) -> str:
    return name if re.fullmatch(r"[A-Za-z0-9_-]+", name) else f'"{name}"'


def _joined(before: bytes, text: str) -> bytes:
    gap = b"" if not before else b"\n" if before.endswith(b"\n") else b"\n\n"
    return before + gap + text.encode("utf-8")


def _replace(path: Path, content: bytes) -> None:
    """Write beside the file and rename: a reader meets the old text or the new one, never half of it."""
    new = path.with_name(f".{path.name}.new")
    new.write_bytes(content)
    if path.exists():
        new.chmod(path.stat().st_mode & 0o777)
    new.replace(path)
