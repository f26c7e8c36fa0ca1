"""What few repositories need waits until a value asks for it."""

import subprocess
import sys
import textwrap
from pathlib import Path

from harvester.reading.patterns import late

ROOT = Path(__file__).parents[3]


def test_reading_starts_without_what_few_repositories_need():
    """Neither the check digits' library nor the dates of embargoes: a third of the time that importing reading took."""
    script = """
        import sys
        import harvester.reading.record
        from harvester.reading.rights import embargo
        made = [name for name in ("date_pattern", "_eu_repo", "_prose", "_plain") if getattr(embargo, name).cache_info().currsize]
        print(made, "stdnum" in sys.modules)
    """
    command = [sys.executable, "-c", textwrap.dedent(script)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[] False\n"


def test_a_pattern_is_compiled_once():
    """Who asks again gets the same."""
    assert late("a[bc]+(?=d)") is late("a[bc]+(?=d)")
