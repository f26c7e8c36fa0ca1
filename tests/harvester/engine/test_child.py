"""Starting a reader: forked or in a new interpreter, it answers the same, and ends with its input."""

import marshal
import os
import subprocess
import sys
import textwrap
import threading
from pathlib import Path

import pytest

from harvester.engine import child
from harvester.engine.reader import READY, answer_to, read_frame, request_of, write_frame
from tests.benchmarks import corpus
from tests.harvester.engine.test_readers import _unread

ROOT = Path(__file__).parents[3]
FORKED = """
    import marshal, os, sys
    from harvester.engine import child
    from harvester.engine.reader import READY, answer_to, read_frame, request_of, write_frame
    from tests.benchmarks import corpus
    from tests.harvester.engine.test_readers import _unread

    assert child.can_fork()
    request = request_of(_unread(next(corpus.pages(100))))
    own = child.fork(for_sure=sys.argv[1] == "sure")
    assert read_frame(own.answers) == READY
    write_frame(own.requests, request)
    print(marshal.loads(read_frame(own.answers)) == marshal.loads(answer_to(request)))
    own.requests.close()
    print(os.waitstatus_to_exitcode(os.waitpid(own.pid, 0)[1]))
    own.end()
    own.close()
"""


@pytest.mark.skipif(sys.platform != "linux", reason="forks on Linux only")
@pytest.mark.parametrize("sure", ["sure", "perhaps"])
def test_a_forked_reader_answers_and_ends_with_its_input(sure):
    """It reads as this process does; when its input is closed it is gone, and ending it again does no harm."""
    command = [sys.executable, "-W", "error", "-c", textwrap.dedent(FORKED), sure]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=False)
    assert (done.stdout.split(), done.stderr) == (["True", "0"], "")


def test_a_reader_in_a_new_interpreter_answers_the_same():
    """Where this process may not be forked, another interpreter does the same."""
    request = request_of(_unread(next(corpus.pages(100))))
    own = child.spawn()
    try:
        assert read_frame(own.answers) == READY
        write_frame(own.requests, request)
        assert marshal.loads(read_frame(own.answers) or b"") == marshal.loads(answer_to(request))
    finally:
        own.end()
        own.close()
    with pytest.raises(ProcessLookupError):
        os.kill(own.pid, 0)


def test_a_process_with_threads_is_not_forked():
    """Another thread may hold a lock that nobody would ever give back in the child."""
    done = threading.Event()
    other = threading.Thread(target=done.wait)
    other.start()
    try:
        assert not child.can_fork()
    finally:
        done.set()
        other.join()


@pytest.mark.parametrize("sure", [True, False])
def test_a_reader_that_is_sure_to_read_is_ready_for_it(sure):
    """It imports what reads before it is given anything; another only when it has something to read."""
    code = (
        "import io, sys; from harvester.engine.reader import serve; "
        "serve(io.BytesIO(), io.BytesIO(), for_sure=sys.argv[1] == 'True'); print('harvester.reading.record' in sys.modules)"
    )
    command = [sys.executable, "-c", code, str(sure)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout.strip() == str(sure)
