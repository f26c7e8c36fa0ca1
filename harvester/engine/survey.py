"""What a run learns of the repository before its lists: Identify, metadata formats, sets, and what was learnt earlier."""

from dataclasses import replace

from harvester.engine.asking import Trouble, TroubleKind, ask_page
from harvester.engine.lists import Run
from harvester.engine.types import Ended, Outcome, ServerFacts
from harvester.net.types import Reply
from harvester.oai.client import Answer
from harvester.oai.dates import Granularity
from harvester.oai.facts import IdentifyFacts, formats_of, identify_facts, sets_of
from harvester.oai.types import Ask, Form
from harvester.oai.walk import Done, More, begin, step
from mirror_db.entries import Warned
from mirror_db.repositories import FormatRow, SetRow

MAX_SET_PAGES = 200


def form_of(run: Run) -> Form:
    """Give the form of request that this server needs: the configuration overrules what was learnt."""
    source, learned = run.job.source, run.store.learned(run.repository)

    def is_on(setting: bool | None, topic: str) -> bool:
        return learned.get(topic) == "1" if setting is None else setting

    return Form(
        is_on(source.token_with_prefix, "token_with_prefix"),
        is_on(source.token_verbatim, "token_verbatim"),
        is_on(source.manners.identity_encoding, "identity_encoding"),
    )


def identify(run: Run) -> tuple[Run, Form]:
    """Ask Identify, keep what it says, and give the run with the facts it needs.

    A server that is away ends the run; one whose Identify alone is broken is harvested by what is known of it.
    """
    form = form_of(run)
    got = ask_page(Ask("Identify", None, None, None, None, None, None), form, run.ports, run.job.rules)
    if isinstance(got, Trouble):
        if got.kind is TroubleKind.SERVER:
            raise Ended(Outcome.FAILED, got.why)
        run.store.warn(run.number, [Warned("identify_broken", got.why)])
        return replace(run, facts=_facts(run, None)), form
    facts = identify_facts(got.page)
    if facts is None:
        run.store.warn(run.number, [Warned("identify_broken", "the answer to Identify holds no Identify element")])
    else:
        _keep(run, facts, got)
    return replace(run, facts=_facts(run, facts)), form


def _keep(run: Run, facts: IdentifyFacts, got: Answer[Reply]) -> None:
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
        run.store.warn(
            run.number, [Warned("moved", f"the server answers from {base} for good: configure that address")]
        )


def _facts(run: Run, facts: IdentifyFacts | None) -> ServerFacts:
    source, learned = run.job.source, run.store.learned(run.repository)
    stated = facts.granularity if facts else Granularity.DAY
    choice = source.granularity or learned.get("granularity")
    granularity = {"day": Granularity.DAY, "seconds": Granularity.SECONDS}.get(choice or "", stated)
    selective = learned.get("selective") != "0" and not source.ignore_from
    return ServerFacts(granularity, facts.earliest_datestamp if facts else None, selective)


def look_around(run: Run, form: Form) -> None:
    """On a first or a full harvest ask for formats and sets; what fails here is a warning, not more."""
    if not (run.fresh or run.job.wish.full) or run.job.wish.dry_run:
        return
    got = ask_page(Ask("ListMetadataFormats", None, None, None, None, None, None), form, run.ports, run.job.rules)
    if isinstance(got, Answer):
        rows = [FormatRow(f.prefix, f.schema, f.namespace) for f in formats_of(got.page)]
        run.store.list_formats(run.repository, rows)
    _list_sets(run, form)


def offered_formats(run: Run, form: Form) -> str:
    """Say which formats the repository offers, for a message."""
    got = ask_page(Ask("ListMetadataFormats", None, None, None, None, None, None), form, run.ports, run.job.rules)
    names = [f.prefix for f in formats_of(got.page)] if isinstance(got, Answer) else []
    return f"it offers {', '.join(names)}" if names else "it does not say what it offers"


def _list_sets(run: Run, form: Form) -> None:
    walk = begin(Ask("ListSets", None, None, None, None, None, None))
    rows: dict[str, SetRow] = {}
    for _ in range(MAX_SET_PAGES):
        got = ask_page(walk.ask, form, run.ports, run.job.rules)
        if isinstance(got, Trouble):
            run.store.warn(run.number, [Warned("sets_broken", got.why)])
            break
        rows |= {s.spec: SetRow(s.spec, s.name, s.description) for s in sets_of(got.page)}
        move = step(walk, got.page, run.job.rules.walk)
        if isinstance(move, More):
            walk = move.walk
            continue
        complete = isinstance(move, Done) and bool(rows)
        gone = run.store.list_sets(run.repository, tuple(rows.values()), complete=complete)
        missing = sorted(set(run.job.source.sets) - set(rows)) if complete else []
        run.store.warn(run.number, [Warned("set_gone", f"the set {spec} is not listed any more") for spec in gone])
        run.store.warn(
            run.number, [Warned("set_unknown", f"the configured set {spec} is not listed") for spec in missing]
        )
        return
    run.store.list_sets(run.repository, tuple(rows.values()), complete=False)
