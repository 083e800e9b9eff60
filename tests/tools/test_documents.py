"""What the documents say of the tree is so: links lead somewhere, the README's program is the example's."""

from __future__ import annotations

import re
import sys
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

sys.dont_write_bytecode = True
ROOT = Path(__file__).resolve().parents[2]
loader = SourceFileLoader("check_layers", str(ROOT / "tools" / "check_layers"))
check_layers = module_from_spec(spec_from_loader("check_layers", loader))
sys.modules["check_layers"] = check_layers  # its data classes look themselves up
loader.exec_module(check_layers)
LINK = re.compile(r"\[[^\]]*\]\(([^)#\s]+)[^)]*\)")


def example_lines() -> list[str]:
    """The lines of examples/embed between its two marks."""
    lines = (ROOT / "examples/embed/main.cc").read_text(encoding="utf-8").splitlines()
    first = lines.index("  // ---- ten lines")
    return lines[first + 1 : lines.index("  // ----", first + 1)]


class Documents(unittest.TestCase):
    def test_the_readme_shows_the_lines_of_the_example(self) -> None:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        block = re.search(r"```cpp\n#include <innkeeper/innkeeper.h>\n\n(.*?)```", readme, re.DOTALL)
        self.assertIsNotNone(block)
        self.assertEqual(block.group(1).splitlines(), example_lines())

    def test_the_readme_tours_every_public_header(self) -> None:
        readme = (ROOT / "README.md").read_text(encoding="utf-8")
        for header in (ROOT / "include/innkeeper").glob("*.h"):
            self.assertIn(f"(include/innkeeper/{header.name})", readme)

    def test_the_readme_has_a_line_for_every_module(self) -> None:
        rooms = (ROOT / "src/README.md").read_text(encoding="utf-8")
        for folder in (ROOT / "src").iterdir():
            if folder.is_dir():
                self.assertIn(f"`{folder.name}/`", rooms)

    def test_the_architecture_has_the_directions_that_are_checked(self) -> None:
        text = (ROOT / "docs/architecture.md").read_text(encoding="utf-8")
        rows = re.findall(r"^\| \d \| ([^|]+) \| ([^|]+) \|$", text, re.MULTILINE)
        told = {name: allowed for names, allowed in rows for name in names.split(", ")}
        self.assertEqual(told.keys(), check_layers.MODULES.keys())
        for name, module in check_layers.MODULES.items():
            if not module.program and module.modules:
                with self.subTest(module=name):
                    self.assertEqual(set(told[name].split(", ")), set(module.modules))

    def test_links_lead_to_files(self) -> None:
        documents = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md"), ROOT / "src/README.md"]
        for document in documents:
            for target in LINK.findall(document.read_text(encoding="utf-8")):
                if "://" not in target:
                    with self.subTest(document=document.name, target=target):
                        self.assertTrue((document.parent / target).exists())


if __name__ == "__main__":
    unittest.main()
