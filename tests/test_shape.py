"""Guards of the house rules that a machine can read: the size of files and functions, docstrings, host names, machine paths."""

import ast
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[1]
LONGEST_FILE = 400  # lines
LONGEST_FUNCTION = 40  # lines, its signature and docstring left out
SOURCES = sorted([*(ROOT / "harvester").rglob("*.py"), *(ROOT / "mirror_db").rglob("*.py")])
# Vocabularies and standards that the rules themselves name; none of them is a repository.
_REPOSITORY_HOST = re.compile(
    r"https?://(?:[\w-]+\.)*(?:eprints?|dspace|repository|zenodo|arxiv|ncl|figshare)\.[\w.-]*(?:ac\.uk|edu|org|com)/(?:oai|cgi)",
    re.IGNORECASE,
)


def tracked() -> list[Path]:
    """Give the files that git tracks; a copy without its history has none to look at."""
    if not (ROOT / ".git").exists():
        return []
    done = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=True)
    return [ROOT / name for name in done.stdout.decode().split("\0") if name and (ROOT / name).is_file()]


def test_a_file_is_short_and_says_what_it_is_for() -> None:
    """A file has at most 400 lines, and a docstring unless it is empty."""
    wrong = []
    for path in SOURCES:
        text = path.read_text(encoding="utf-8")
        if text.count("\n") > LONGEST_FILE or (text.strip() and not ast.get_docstring(ast.parse(text))):
            wrong.append(str(path.relative_to(ROOT)))
    assert wrong == []


def test_a_function_is_short() -> None:
    """The body of a function has at most 40 lines."""
    long = []
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and _length(node) > LONGEST_FUNCTION:
                long.append(f"{path.relative_to(ROOT)}: {node.name} has {_length(node)} lines")
    assert long == []


def _length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    body = node.body[1:] if ast.get_docstring(node) else node.body
    return (node.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_repository_stands_in_code() -> None:
    """How servers differ is data in config/, never a host name in Python (design section 4)."""
    found = [
        str(path.relative_to(ROOT)) for path in SOURCES if _REPOSITORY_HOST.search(path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_no_machine_path_is_committed() -> None:
    """No tracked file names a path of the machine it was written on, or the address of a package file."""
    machine = re.compile(
        rb"(?:^|[^A-Za-z0-9._-])/(?:wor[k]|far[m])/|/tmp/bash_job[s]|https?://[^\" ]+\.(?:whl|tar\.gz)\b"
    )
    mine = Path(__file__)
    found = [
        str(path.relative_to(ROOT))
        for path in tracked()
        if path != mine and path.suffix != ".png" and machine.search(path.read_bytes())
    ]
    assert found == []
