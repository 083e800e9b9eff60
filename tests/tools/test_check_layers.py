"""The layer check finds what it is there to find. Each test builds a small tree and breaks one rule in it."""

from __future__ import annotations

import tempfile
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

TOOL = Path(__file__).resolve().parents[2] / "tools" / "check_layers"


def load_tool():
    import sys

    loader = SourceFileLoader("check_layers", str(TOOL))
    module = module_from_spec(spec_from_loader("check_layers", loader))
    sys.modules["check_layers"] = module
    sys.dont_write_bytecode = True
    loader.exec_module(module)
    return module


check_layers = load_tool()


class CheckLayers(unittest.TestCase):
    def setUp(self) -> None:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.root = Path(folder.name)

    def write(self, name: str, *headers: str) -> None:
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("".join(f"#include {header}\n" for header in headers), encoding="utf-8")

    def breaches(self) -> list[str]:
        return check_layers.Checker(self.root).check()

    def assert_breach(self, *words: str) -> None:
        found = self.breaches()
        self.assertEqual(len(found), 1, found)
        for word in words:
            self.assertIn(word, found[0])

    def test_a_tree_that_keeps_the_directions_has_no_breach(self) -> None:
        self.write("src/base/clock.h", "<chrono>")
        self.write("src/session/key.h", '"base/clock.h"', "<string>")
        self.write("src/engine/engine.cc", '"engine/engine.h"', '"session/key.h"', "<unistd.h>")
        self.write("src/cache/lmdb/lmdb_cache.cc", '"cache/cache.h"', '"cache/lmdb/lmdb_cache.h"', "<lmdb.h>")
        self.write("apps/innkeeper/main.cc", '"store/sqlite/sqlite_database.h"', "<CLI/CLI.hpp>")
        self.assertEqual(self.breaches(), [])

    def test_a_lower_module_may_not_include_a_higher_one(self) -> None:
        self.write("src/session/key.cc", '"engine/engine.h"')
        self.assert_breach("src/session/key.cc", "session may not include engine/engine.h")

    def test_neighbours_of_one_level_may_not_meet(self) -> None:
        self.write("src/codec/json.cc", '"session/key.h"')
        self.assert_breach("codec may not include session/key.h")

    def test_drivers_never_meet(self) -> None:
        self.write("src/cache/lmdb/lmdb_cache.cc", '"store/sqlite/sqlite_database.h"')
        self.assert_breach("cache/lmdb may not include store/sqlite/sqlite_database.h")

    def test_the_engine_knows_no_driver(self) -> None:
        self.write("src/engine/engine.cc", '"store/sqlite/sqlite_database.h"')
        self.assert_breach("engine may not include store/sqlite/sqlite_database.h")

    def test_the_http_module_knows_no_sessions(self) -> None:
        self.write("src/http/server.cc", '"session/key.h"')
        self.assert_breach("http may not include session/key.h")

    def test_a_program_names_its_own_headers_from_its_folder(self) -> None:
        self.write("apps/innkeeper/config/config.h", "<string>")
        self.write("apps/innkeeper/config/config.cc", '"config/config.h"')
        self.assertEqual(self.breaches(), [])

    def test_a_library_stays_in_its_module(self) -> None:
        self.write("src/session/key.cc", "<openssl/sha.h>")
        self.assert_breach("openssl/sha.h belongs to no library of session")

    def test_a_library_in_quotes_is_seen_too(self) -> None:
        self.write("src/session/key.cc", '"sqlite3.h"')
        self.assert_breach("sqlite3.h belongs to no library of session")

    def test_a_header_that_shows_a_library_stays_in_its_folder(self) -> None:
        self.write("src/store/sqlite/statement.h", "<sqlite3.h>")
        self.write("src/store/sqlite/statement.cc", '"store/sqlite/statement.h"')
        self.assertEqual(self.breaches(), [])
        self.write("apps/innkeeper/main.cc", '"store/sqlite/statement.h"')
        self.assert_breach("apps/innkeeper/main.cc", "shows sqlite3.h", "may not leave src/store/sqlite")

    def test_a_public_header_shows_the_standard_library_alone(self) -> None:
        self.write("include/innkeeper/book.h", "<string>", "<innkeeper/error.h>")
        self.assertEqual(self.breaches(), [])
        self.write("include/innkeeper/error.h", "<sqlite3.h>")
        self.assert_breach("include/innkeeper/error.h", "may not include sqlite3.h")

    def test_a_public_header_shows_nothing_of_the_machine(self) -> None:
        self.write("include/innkeeper/book.h", '"engine/engine.h"')
        self.assert_breach("may not include engine/engine.h")

    def test_the_machine_does_not_lean_on_the_public_door(self) -> None:
        self.write("src/engine/engine.cc", "<innkeeper/book.h>")
        self.assert_breach("include the public door")

    def test_a_new_folder_must_be_entered_in_the_table(self) -> None:
        self.write("src/mail/mail.cc", "<string>")
        self.assert_breach("src/mail/mail.cc", "not in the table")

    def test_a_new_driver_must_be_entered_in_the_table(self) -> None:
        self.write("src/cache/redis/redis_cache.cc", '"cache/cache.h"')
        self.assert_breach("not in the table")

    def test_the_project_itself_keeps_its_directions(self) -> None:
        self.assertEqual(check_layers.Checker(TOOL.parent.parent).check(), [])


if __name__ == "__main__":
    unittest.main()
