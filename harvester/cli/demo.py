"""`oai-mirror demo`: a harvest of our own provider, for a first look."""

from pathlib import Path

import click

from harvester.cli.common import Common, load_settings, told


@click.command("demo")
@click.option("--stay", is_flag=True, help="Keep the provider running afterwards, until Ctrl-C.")
@click.pass_obj
def command(common: Common, stay: bool) -> None:
    """Harvest the bundled repositories into demo.db and show what was found.

    A real OAI-PMH provider with three repositories of invented records is started on the loopback and harvested over
    HTTP. Nothing else is contacted.
    """
    from harvester.cli.demo_view import introduction, shown
    from harvester.cli.harvest import exit_code, stop_signal
    from harvester.cli.harvest_view import Progress
    from harvester.jobs.demo import harvest_demo, provider, sources
    from harvester.jobs.harvest import Hooks, worst

    settings = load_settings(common)
    db = common.db or Path("demo.db")
    with told(common), provider(db, settings) as server, stop_signal() as stopping:
        if not common.quiet:
            click.echo(introduction(server.url, db), err=True)
        with Progress(common, sources(server.url, settings)) as progress:
            found = harvest_demo(server.url, settings, db=db, hooks=Hooks(stopping, progress.tick, progress.ended))
        click.echo(shown(found, db))
        if stay and not stopping.is_set():
            click.echo(f"The provider stays at {server.url} until Ctrl-C.", err=True)
            stopping.wait()
            raise click.exceptions.Exit(exit_code(worst(found.reports)))
    raise click.exceptions.Exit(exit_code(worst(found.reports)))
