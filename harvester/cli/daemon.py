"""`oai-mirror daemon`: harvest by schedule, until told to stop."""

import click

from harvester.cli.common import Common, ExitCode, Failure, told


@click.command("daemon")
@click.pass_obj
def command(common: Common) -> None:
    """Harvest by schedule, for months: catches up, backs off, ends embargoes, tells people what changed.

    SIGTERM stops within ten seconds, SIGHUP reads the configuration again. One daemon per mirror.
    """
    from harvester.config import load
    from harvester.daemon.life import Taken
    from harvester.daemon.main import CannotListen, run

    with told(common):
        loaded = load(common.config)
        _ask_for_contact(loaded.settings)
        try:
            run(loaded, loaded.database(common.db), lambda: load(common.config))
        except Taken as error:
            raise Failure(str(error), ExitCode.HELD) from error
        except CannotListen as error:
            raise Failure(str(error), ExitCode.USAGE) from error


def _ask_for_contact(settings) -> None:  # type: ignore[no-untyped-def]
    from harvester.config import select
    from harvester.source import is_loopback

    abroad = any(not is_loopback(source.base_url) for source in select(settings))
    if abroad and not settings.http.contact:
        raise Failure(
            "the daemon needs a contact, so that repositories can write instead of blocking: "
            "set http.contact in the configuration or OAI_MIRROR_HTTP__CONTACT",
            ExitCode.USAGE,
        )
