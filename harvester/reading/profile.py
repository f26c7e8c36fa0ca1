"""How one repository's values are read where they differ from the common rules: data from the configuration, frozen."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Profile:
    """The reading profile of one repository (specification `rights.md` section 2, input P).

    Values in `ignore_values`, `access_terms` and `set_map` are compared as whole values, case folded.
    """

    default_access: str | None = None  # open embargoed restricted metadata-only
    default_license: str | None = None  # any value that the classifier reads, e.g. CC-BY-4.0
    ignore_values: frozenset[str] = frozenset()  # rights values that say nothing here
    access_terms: Mapping[str, str] = field(default_factory=dict)  # value -> access word
    set_map: Mapping[str, str] = field(default_factory=dict)  # setSpec -> access word
    licence_is_journal_level: bool = False  # dc:rights is the journal's licence: weaker evidence
    partial_open_is_open: bool = False  # files of different status: count the item as open
    minimum_confidence: float = 0.5  # flags below it stay 0
    date_order: str | None = None  # dmy or mdy, for 03/04/2011
    subject_comma: bool = False  # subjects are lists split by commas
    doi_prefixes: tuple[str, ...] = ()  # DOI prefixes that this repository registers itself
    repository_name: str | None = None

    def __hash__(self) -> int:
        """Hash what tells profiles apart nearly always: verdicts are kept by profile, and mappings have no hash."""
        return hash((self.repository_name, self.default_access, self.default_license))

    @property
    def agrees(self) -> bool:
        """Tell whether the profile alone can say something of a record's rights."""
        return bool(self.default_access or self.default_license or self.access_terms or self.set_map)


DEFAULT = Profile()
