"""How `check` shows what it found: a table of findings, each with its request and answer, and the rights of the page."""

from typing import Any

from harvester.cli.common import clean
from harvester.engine.probed_rights import RightsSeen
from harvester.engine.probes import Finding, Verdict
from harvester.jobs.check import Checked
from harvester.oai.platform import Proposal

_SIGNS = {Verdict.WORKS: "ok", Verdict.LIMITED: "limited", Verdict.FAILS: "FAILS", Verdict.UNKNOWN: "?"}
_VALUES = 12
_LONGEST = 100


def shown(checked: Checked, *, verbose: bool) -> str:
    """Give the report as text; without `verbose` only what is not in order shows its request and answer."""
    source = checked.source
    lines = [f"{clean(source.name)} ({source.id}) at {clean(source.base_url)}"]
    if checked.proposal:
        lines.append(f"looks like {clean(checked.platform)}, because {'; '.join(checked.proposal.reasons)}")
    lines.append("")
    for finding in checked.findings:
        lines += _finding(finding, with_proof=verbose or finding.verdict is not Verdict.WORKS)
    if checked.rights is not None:
        lines += ["", *_rights(checked.rights)]
    if checked.proposal is not None:
        lines += ["", *_set_up(checked.proposal)]
    return "\n".join((*lines, "", _summary(checked)))


def _finding(finding: Finding, *, with_proof: bool) -> list[str]:
    lines = [f"{_SIGNS[finding.verdict]:<8}{finding.topic:<14}{clean(finding.detail)}"]
    if with_proof and finding.request:
        lines.append(f"{'':<22}asked    {clean(finding.request)}")
        lines.append(f"{'':<22}answered {clean(finding.answer)}")
    return lines


def _set_up(proposal: Proposal) -> list[str]:
    """Give the set-up that suits the platform, each line with its reason."""
    lines = [f"WARNING: {proposal.warning}"] if proposal.warning else []
    if proposal.prefixes:
        named = ", ".join(f'"{clean(prefix)}"' for prefix in proposal.prefixes)
        lines.append(f"suggested: prefixes = [{named}], because these formats say more about rights than oai_dc")
    if proposal.profile:
        lines.append(f'suggested: profile = "{proposal.profile}"')
    if proposal.pages:
        lines.append(f"suggested: [pages] enabled = true, if the repository agrees: {proposal.why_pages}")
    else:
        lines.append(f"no need to visit pages of items: {proposal.why_pages}")
    return lines + [f"note: {note}" for note in proposal.notes]


def _rights(rights: RightsSeen) -> list[str]:
    lines = [
        f"of {rights.records} live records on the page {rights.open_access} are open access and {rights.cc_by_nc} CC BY-NC"
    ]
    if rights.unread:
        lines.append(f"{rights.unread} records could not be read")
    for value in rights.values[:_VALUES]:
        text = clean(value.value)
        text = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
        lines.append(f"{value.records:>6} x {value.element:<14} {value.verdict or 'no rule':<22} {text}")
    if len(rights.values) > _VALUES:
        lines.append(f"       and {len(rights.values) - _VALUES} more values (--json shows all)")
    return lines


def _summary(checked: Checked) -> str:
    if not checked.harvestable:
        return "verdict: cannot be harvested as it answers now"
    with_limits = "" if checked.worst is Verdict.WORKS else ", with the limits above"
    return f"verdict: can be harvested{with_limits}; next: oai-mirror harvest {_target(checked)}"


def _target(checked: Checked) -> str:
    return checked.source.id if checked.source.configured else clean(checked.source.base_url)


def as_object(checked: Checked) -> dict[str, Any]:
    """Give everything as one object for programs."""
    rights = checked.rights
    return {
        "repository": checked.source.id,
        "name": checked.source.name,
        "base_url": checked.source.base_url,
        "platform": checked.platform,
        "proposal": checked.proposal and checked.proposal._asdict(),
        "harvestable": checked.harvestable,
        "requests": checked.requests,
        "findings": [one._asdict() for one in checked.findings],
        "rights": rights and rights._asdict() | {"values": [one._asdict() for one in rights.values]},
    }
