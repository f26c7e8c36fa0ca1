"""The command, telling the server its process id, so that the server can kill it at a page.

Run: python -m tests.scenarios.telling ARGUMENTS ...
"""

import os
from unittest.mock import patch

from harvester.cli import main
from harvester.jobs import door

if __name__ == "__main__":
    plain = door.Transport

    def telling(*args, headers=None, **kwargs):  # type: ignore[no-untyped-def]
        """Give a transport that sends one more header."""
        return plain(*args, headers={**(headers or {}), "X-Pid": str(os.getpid())}, **kwargs)

    with patch.object(door, "Transport", telling):
        main()
