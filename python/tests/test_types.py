"""The stubs say what the extension has, name for name."""

from __future__ import annotations

import ast
import re
from pathlib import Path

from innkeeper import _engine

STUBS = ast.parse(Path(_engine.__file__).with_name("_engine.pyi").read_text())


def stubbed(body):
    """Name → the parameters' names, None for what is no function; of classes the members, as Class.member."""
    found = {}
    for node in body:
        if isinstance(node, ast.FunctionDef):
            is_property = any(isinstance(mark, ast.Name) and mark.id == "property" for mark in node.decorator_list)
            found[node.name] = (
                None
                if is_property
                else [
                    *("_" for _ in node.args.posonlyargs),
                    *(argument.arg for argument in node.args.args),
                ]
            )
        elif isinstance(node, ast.ClassDef):
            found[node.name] = None
            found |= {f"{node.name}.{name}": value for name, value in stubbed(node.body).items()}
    return found


def parameters(function):
    """From `def open(self, cookie: str | None) -> Session`, as nanobind keeps it; what has no name counts as `_`."""
    inside = re.match(r"def \w+\((.*)\)", function.__nb_signature__[0][0])[1]
    # A comma inside of brackets parts no parameters.
    while "[" in inside:
        inside = re.sub(r"\[[^\[\]]*\]", "", inside)
    names = [part.split(":")[0].strip() for part in inside.split(",") if part.strip()]
    if "/" in names:
        names[: names.index("/") + 1] = ["_"] * names.index("/")
    return names


def there(owner, prefix=""):
    found = {}
    for name, value in vars(owner).items():
        if type(value).__name__ in ("nb_func", "nb_method"):
            found[prefix + name] = parameters(value)
        elif isinstance(value, type):
            found |= {name: None, **there(value, f"{name}.")}
        elif type(value).__name__ == "property":
            found[prefix + name] = None
    return found


def test_the_stubs_have_every_name_and_parameter_of_the_extension():
    assert stubbed(STUBS.body) == there(_engine)
