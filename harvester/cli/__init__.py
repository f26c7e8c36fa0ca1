"""Words in, words out: the command `oai-mirror`. Each command lives in its own module and is loaded only when it is called."""

import gc
import sys
from importlib import import_module
from pathlib import Path

import click

from harvester import __version__
from harvester.cli.common import Common, ExitCode, one_line, with_common_options
from harvester.engine.collecting import seldom_collecting

COMMANDS = {
    "harvest": "Harvest repositories by name or base URL.",
    "status": "Show every repository: state, last good harvest, counts, what is wrong.",
    "check": "Probe a repository as a harvester sees it; writes nothing.",
    "add": "Propose a configuration entry for a base URL and write it.",
    "verify": "Prove the mirror against the server's identifiers.",
    "pages": "Visit pages of items for what their records leave out.",
    "enrich": "Ask Unpaywall and Crossref about the DOIs in the mirror.",
    "explain": "Show one record's verdicts with every piece of evidence.",
    "rights": "List the rights values that no rule understood.",
    "renormalise": "Read the kept raw records again with today's rules.",
    "daemon": "Harvest by schedule, for months.",
    "serve": "Open the mirror in Datasette.",
    "export": "Write records as CSV, JSON lines or Parquet.",
    "report": "Tell what changed since a day.",
    "snapshot": "Write a consistent copy to publish.",
    "config": "Check or show the configuration.",
    "demo": "Harvest the bundled repositories and show what was found.",
}


class LazyGroup(click.Group):
    """A group that imports a command's module when the command is called: `--help` stays quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Give the commands that are there, in the order of the README."""
        here = Path(__file__).parent
        return [name for name in COMMANDS if (here / f"{name}.py").exists()]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import one command."""
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"harvester.cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return with_common_options(command)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.version_option(__version__, prog_name="oai-mirror")
@click.option("--db", type=click.Path(path_type=Path), help="The mirror's file.")
@click.option("--config", type=click.Path(path_type=Path), help="The configuration file (TOML).")
@click.option("-q", "--quiet", is_flag=True, help="Say nothing but results and errors.")
@click.option("-v", "--verbose", is_flag=True, help="Say more, and show tracebacks of errors.")
@click.pass_context
def cli(ctx: click.Context, db: Path | None, config: Path | None, quiet: bool, verbose: bool) -> None:
    """Harvest OAI-PMH repositories into one SQLite mirror whose flags show their evidence."""
    ctx.obj = Common(db=db, config=config, quiet=quiet, verbose=verbose)


def main() -> None:
    """Run the command line; an error is one clear line and an exit code (design section 2.3)."""
    verbose = any(word in {"-v", "--verbose"} for word in sys.argv[1:])
    try:
        with seldom_collecting():
            code = cli(standalone_mode=False)  # click gives the code of an Exit as the value
            gc.freeze()  # the process ends: what it imported need not be looked at once more
            sys.exit(code)
    except click.exceptions.Abort:
        sys.exit(ExitCode.INTERRUPTED)
    except click.ClickException as error:
        if verbose and error.__cause__ is not None:
            raise
        error.show()
        sys.exit(error.exit_code)
    except BrokenPipeError:
        sys.stderr.close()
        sys.exit(0)
    except Exception as error:
        if verbose:
            raise
        click.echo(f"oai-mirror: unexpected error: {one_line(error)} (-v shows where)", err=True)
        sys.exit(ExitCode.ERROR)
