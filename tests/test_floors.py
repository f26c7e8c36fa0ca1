"""Guards of the architecture (design section 4): imports point down, neighbours stay strangers, each library has one home."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("harvester", "mirror_db")

# A module may import from floors below its own, and from its own room.
FLOORS = {
    "harvester": 0,  # the package itself: its version
    "harvester.postponed": 0,
    "harvester.stopping": 0,
    "mirror_db": 1,
    "harvester.oai": 1,
    "harvester.net": 1,
    "harvester.demo": 1,  # the bundled provider: a server, which knows nothing of the harvester
    "harvester.reading": 2,
    "harvester.source": 2,
    "harvester.engine": 3,
    "harvester.config": 3,
    "harvester.jobs": 4,
    "harvester.daemon": 5,
    "harvester.cli": 6,
    "harvester.__main__": 7,
}
# What a module may import on its own floor, and the only parts that it may know of a floor below.
NEIGHBOURS = {("harvester.source", "harvester.reading"), ("harvester.config", "harvester.source")}
KNOWS_ONLY = {
    "harvester.reading": ("harvester.reading", "mirror_db.model"),
    "mirror_db": ("mirror_db",),
    "harvester.oai": ("harvester.oai", "harvester.postponed"),
    "harvester.net": ("harvester.net",),
    "harvester.demo": ("harvester.demo",),
}
HOMES = {
    "sickle": ("harvester.oai",),
    "protego": ("harvester.net.robots",),
    "httpx": ("harvester.net.transport",),
    "sqlite_utils": ("mirror_db",),
    "apscheduler": ("harvester.daemon",),
    "click": ("harvester.cli",),
    "rich": ("harvester.cli",),
    "pydantic": ("harvester.config",),
    "pydantic_settings": ("harvester.config",),
    "langcodes": ("harvester.reading.values",),
    "stdnum": ("harvester.reading.values",),
    "ftfy": ("harvester.reading.values",),
    "datasette": ("mirror_db.site", "harvester.cli.serve"),
    "uvicorn": ("harvester.cli.serve",),
    "requests": (),  # comes with sickle: never used
}


def modules() -> list[tuple[str, Path]]:
    """Give every module of both packages with its file."""
    found = []
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            found.append((".".join(part for part in parts if part != "__init__"), path))
    return found


def imports_of(path: Path) -> Iterator[str]:
    """Give what a file imports, wherever in it; `from a import b` counts as a.b."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def room_of(module: str) -> str:
    """Give the room of the floor plan in which a module stands."""
    fitting = [room for room in FLOORS if is_in(module, room)]
    return max(fitting, key=len)


def is_in(module: str, room: str) -> bool:
    """Tell whether a module is the room itself or stands in it."""
    return module == room or module.startswith(f"{room}.")


def test_every_module_has_a_room() -> None:
    """A new top-level module of the harvester must be given a floor here."""
    homeless = [name for name, _ in modules() if name != "harvester" and room_of(name) == "harvester"]
    assert homeless == []


def test_imports_point_down() -> None:
    """A module imports only from below, from its own room, or from a neighbour that is named here."""
    wrong = []
    for module, path in modules():
        mine = room_of(module)
        for name in imports_of(path):
            if name.split(".", maxsplit=1)[0] not in PACKAGES:
                continue
            other = room_of(name)
            if other != mine and FLOORS[other] >= FLOORS[mine] and (mine, other) not in NEIGHBOURS:
                wrong.append(f"{module} imports {name}")
    assert wrong == []


@pytest.mark.parametrize("room", KNOWS_ONLY)
def test_strangers_stay_strangers(room: str) -> None:
    """The ground floor's rooms know nothing of one another; reading knows only the mirror's model besides itself."""
    wrong = [
        (module, name)
        for module, path in modules()
        if is_in(module, room)
        for name in imports_of(path)
        if name.split(".", maxsplit=1)[0] in PACKAGES
        and not any(is_in(name, known) for known in (*KNOWS_ONLY[room], "harvester.__version__"))
    ]
    assert wrong == []


@pytest.mark.parametrize("library", HOMES)
def test_each_library_has_one_home(library: str) -> None:
    """A third-party library is imported in its home alone (design section 3)."""
    wrong = [
        module
        for module, path in modules()
        if any(is_in(name, library) for name in imports_of(path))
        and not any(is_in(module, home) for home in HOMES[library])
    ]
    assert wrong == []
