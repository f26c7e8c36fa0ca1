"""A reader process of one's own: forked where that is quick and safe, a new interpreter elsewhere.

    one thread yet, on Linux -> fork: it has imported what its parent has, and costs three milliseconds
    otherwise                -> a new interpreter: a third of a second of imports, on another core

Either talks over two pipes and lives as long as its input is open.
"""

import os
import signal
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import IO, NamedTuple, NoReturn

from harvester.engine.reader import serve

_START = "import sys; sys.path[:] = sys.argv[1:]; from harvester.engine.reader import serve_streams; serve_streams()"
_PIPE_BYTES = 1024 * 1024  # as much as Linux gives anybody: four pages, so that a reader need not wait for the next one


class Child(NamedTuple):
    """A reader process: what it is asked goes into `requests`, what it says comes out of `answers`."""

    pid: int
    requests: IO[bytes]
    answers: IO[bytes]
    end: Callable[[], None]  # kills and reaps it, once; it holds nothing that is not here too

    def close(self) -> None:
        """Close the pipes, once nobody reads or writes any more."""
        for stream in (self.requests, self.answers):
            with suppress(OSError):  # what was not sent to a process that has ended
                stream.close()


def can_fork() -> bool:
    """Tell whether this process may be forked: a second thread could hold a lock for ever in the child."""
    return sys.platform == "linux" and len(sys._current_frames()) == 1


def fork(*, for_sure: bool = False) -> Child:
    """Fork a reader; call it only where `can_fork`, and before anything is open that two processes must not share.

    `for_sure`: it gets records to read, and makes ready for them while the mirror is opened and the server is asked.
    """
    asked, asks = os.pipe()
    answered, answers = os.pipe()
    pid = os.fork()
    if pid == 0:
        _be_reader(asked, answers, unused=(asks, answered), for_sure=for_sure)
    os.close(asked)
    os.close(answers)
    return Child(pid, _wide(os.fdopen(asks, "wb")), _wide(os.fdopen(answered, "rb")), lambda: _reap(pid))


def spawn() -> Child:
    """Start a reader in a new interpreter. Raises OSError."""
    process = subprocess.Popen(  # noqa: S603 - this very interpreter
        [sys.executable, "-c", _START, *sys.path],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,  # whatever ends it, its pages are read by the writer, which tells what is wrong
        start_new_session=True,  # a Ctrl-C at the terminal is for the writer, which ends it
    )
    assert process.stdin is not None
    assert process.stdout is not None
    return Child(process.pid, _wide(process.stdin), _wide(process.stdout), lambda: _end(process))


def _be_reader(asked: int, answers: int, *, unused: tuple[int, ...], for_sure: bool) -> NoReturn:
    try:
        os.setsid()
        for number in (signal.SIGINT, signal.SIGTERM):
            signal.signal(number, signal.SIG_DFL)
        for one in unused:  # it would keep its own input open
            os.close(one)
        nothing = os.open(os.devnull, os.O_RDWR)
        for stream in range(3):
            os.dup2(nothing, stream)
        serve(os.fdopen(asked, "rb"), os.fdopen(answers, "wb"), for_sure=for_sure)
    finally:
        os._exit(0)  # nothing of the parent's is flushed or closed a second time


def _wide(stream: IO[bytes]) -> IO[bytes]:
    with suppress(ImportError, OSError):  # where pipes have one size, only the waiting is longer
        from fcntl import F_SETPIPE_SZ, fcntl

        fcntl(stream, F_SETPIPE_SZ, _PIPE_BYTES)
    return stream


def _reap(pid: int) -> None:
    with suppress(ProcessLookupError, ChildProcessError):
        os.kill(pid, signal.SIGKILL)
        os.waitpid(pid, 0)


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.wait()
