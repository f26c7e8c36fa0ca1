"""What a run learns of the repository before its lists: Identify, metadata formats, sets, and what was learnt earlier."""

from dataclasses import replace
from typing import NamedTuple

from harvester.engine.asking import Got, Trouble, TroubleKind, ask_page
from harvester.engine.run import Run, learnt_form
from harvester.engine.types import Ended, Outcome, ServerFacts
from harvester.oai.dates import Granularity, read_granularity
from harvester.oai.facts import IdentifyFacts, formats_of, identify_facts, sets_of
from harvester.oai.platform import Seen, recognise
from harvester.oai.types import Ask, Form
from harvester.oai.walk import Again, Done, GiveUp, More, Walk, begin, step
from harvester.source import same_repository
from mirror_db.repositories import FormatRow, SetRow

MAX_SET_PAGES = 200


class Sets(NamedTuple):
    """What ListSets told; `whole`: its end was seen, so a set that is not here is not listed."""

    rows: tuple[SetRow, ...]
    whole: bool

    def lacks(self, spec: str) -> bool:
        """Tell whether the server certainly does not list this set."""
        return self.whole and spec not in {row.spec for row in self.rows}


def form_of(run: Run) -> Form:
    """Give the form of request that this server needs: the configuration overrules what was learnt."""
    source, learned = run.job.source, run.store.learned(run.repository)

    def is_on(setting: bool | None, topic: str) -> bool:
        return learned.get(topic) == "1" if setting is None else setting

    return Form(
        is_on(source.token_with_prefix, "token_with_prefix"),
        is_on(source.token_verbatim, "token_verbatim"),
        is_on(source.manners.identity_encoding, "identity_encoding"),
        is_on(None, "token_twice"),
    )


def identify(run: Run) -> tuple[Run, Form]:
    """Ask Identify, keep what it says, and give the run with the facts it needs.

    A server that is away ends the run; one whose Identify alone is broken is harvested by what is known of it.
    """
    got = _ask(run, form_of(run), "Identify")
    if isinstance(got, Trouble):
        if got.kind in (TroubleKind.SERVER, TroubleKind.SLOW):
            raise Ended(Outcome.FAILED, got.why)
        run.warn("identify_broken", got.why)
        return replace(run, facts=_facts(run, None)), form_of(run)
    facts = identify_facts(got.page)
    if facts is None:
        said = "; ".join(f"{error.code}: {error.text}" for error in got.page.errors)
        run.warn("identify_broken", said or "the answer to Identify holds no Identify element")
    else:
        _keep(run, facts, got)
        _name_platform(run, facts, run.store.formats(run.repository))
    return replace(run, facts=_facts(run, facts)), got.form


def _ask(run: Run, form: Form, verb: str) -> Got | Trouble:
    run.pulse()
    got = ask_page(Ask(verb), form, run.ports, run.job.rules)
    return got._replace(form=learnt_form(run, form, got)) if isinstance(got, Got) else got


def _keep(run: Run, facts: IdentifyFacts, got: Got) -> None:
    base = got.reply.moved_to
    run.store.identified(
        run.repository,
        {
            "repository_name": facts.repository_name,
            "identify_base_url": facts.base_url,
            "protocol_version": facts.protocol_version,
            "earliest_datestamp": facts.earliest_datestamp,
            "deleted_record": facts.deleted_record,
            "granularity": facts.granularity_text,
            "admin_emails": ", ".join(facts.admin_emails) or None,
            "compression": ", ".join(facts.compressions) or None,
            "descriptions": "\n".join(facts.descriptions) or None,
            "redirected_to": base,
        },
    )
    if base:
        run.warn("moved", f"the server answers from {base} for good: configure that address")
    elif facts.base_url and not _means_same(facts.base_url, run.job.source.base_url):
        run.warn("identify_mismatch", f"Identify says that the base URL is {facts.base_url} (Q49)")
    if facts.protocol_version not in (None, "2.0"):
        run.warn("identify_mismatch", f"Identify says protocol version {facts.protocol_version}, not 2.0 (Q49)")


def _name_platform(run: Run, facts: IdentifyFacts, formats: tuple[str, ...]) -> None:
    """Keep which software answers; an address whose context rewrites rights is a warning of every run (rights.md 1.5)."""
    found = recognise(Seen((run.job.source.base_url, facts.base_url or ""), facts.descriptions, formats))
    if found is not None:
        run.store.identified(run.repository, {"platform": found.name})
        if found.warning:
            run.warn("misleading_context", found.warning)


def _means_same(one: str, other: str) -> bool:
    try:
        return same_repository(one, other)
    except ValueError:
        return False


def _facts(run: Run, facts: IdentifyFacts | None) -> ServerFacts:
    source, learned = run.job.source, run.store.learned(run.repository)
    standing = run.store.standing(run.repository)
    stated = facts.granularity if facts else read_granularity(standing.granularity if standing else None)
    choice = source.granularity or learned.get("granularity")
    granularity = {"day": Granularity.DAY, "seconds": Granularity.SECONDS}.get(choice or "", stated)
    ignores = learned.get("selective") == "0" if source.ignore_from is None else source.ignore_from
    earliest = facts.earliest_datestamp if facts else None
    return ServerFacts(
        granularity, earliest, not ignores, source.ignore_from is False or learned.get("datestamps") != "unreliable"
    )


def look_around(run: Run, form: Form) -> None:
    """On a first or a full harvest ask for formats and sets; what fails here is a warning, not more."""
    if not (run.fresh or run.job.wish.full):
        return
    list_formats(run, form)
    list_sets(run, form)


def _aside(run: Run, ask: Ask, form: Form) -> Got | Trouble:
    """Ask for what a harvest can do without: a verb that is forbidden does not forbid the others."""
    try:
        return ask_page(ask, form, run.ports, run.job.rules)
    except Ended as end:
        if end.state != "blocked":
            raise
        return Trouble(TroubleKind.PAGE, end.reason)


def list_formats(run: Run, form: Form) -> tuple[str, ...]:
    """List the metadata formats, keep them, and give their prefixes; none where the server does not say."""
    run.pulse()
    got = _aside(run, Ask("ListMetadataFormats"), form)
    if isinstance(got, Trouble):
        return ()
    learnt_form(run, form, got)
    rows = [FormatRow(f.prefix, f.schema, f.namespace) for f in formats_of(got.page)]
    run.store.list_formats(run.repository, rows)
    return tuple(row.prefix for row in rows)


def offered_formats(run: Run, form: Form) -> str:
    """Say which formats the repository offers, for a message."""
    names = list_formats(run, form)
    return f"it offers {', '.join(names)}" if names else "it does not say what it offers"


def list_sets(run: Run, form: Form) -> Sets:
    """List the sets and keep them; a set that a whole list no longer holds, or that is configured and not there, is a warning."""
    rows, whole, why = _walk_sets(run, form)
    if why:
        run.warn("sets_broken", why)
    gone = run.store.list_sets(run.repository, rows, complete=whole and bool(rows))
    for spec in gone:
        run.warn("set_gone", f"the set {spec} is not listed any more")
    sets = Sets(rows, whole)
    for spec in run.job.source.sets:
        if sets.lacks(spec):
            run.warn("set_unknown", f"the configured set {spec} is not listed")
    return sets


def _walk_sets(run: Run, form: Form) -> tuple[tuple[SetRow, ...], bool, str | None]:
    walk = begin(Ask("ListSets"))
    rows: dict[str, SetRow] = {}
    for _ in range(MAX_SET_PAGES):
        run.pulse()
        got = _aside(run, walk.ask, form)
        if isinstance(got, Trouble):
            return tuple(rows.values()), False, got.why
        rows |= {s.spec: SetRow(s.spec, s.name, s.description) for s in sets_of(got.page)}
        move = step(walk, got.page, run.job.rules.walk)
        if isinstance(move, More | Again):
            walk = move.walk
            continue
        return tuple(rows.values()), *_end_of_sets(move, walk)
    return tuple(rows.values()), False, f"more than {MAX_SET_PAGES} pages of sets"


def _end_of_sets(move: object, walk: Walk) -> tuple[bool, str | None]:
    """Tell whether the end of the sets was seen; a server without sets has seen it too (Q22)."""
    match move:
        case Done():
            return True, None
        case GiveUp(_, _, "noSetHierarchy"):
            return True, None
        case GiveUp(why):
            return False, why
    return False, "the list of sets breaks off" if walk.ask.token else None
