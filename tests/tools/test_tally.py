"""The count at the end of ./test hides nothing."""

from __future__ import annotations

import sys
import tempfile
import unittest
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path

sys.dont_write_bytecode = True
TOOL = Path(__file__).resolve().parents[2] / "tools" / "tally"
loader = SourceFileLoader("tally", str(TOOL))
tally = module_from_spec(spec_from_loader("tally", loader))
loader.exec_module(tally)


class Tally(unittest.TestCase):
    def file(self, text: str) -> str:
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        path = Path(folder.name) / "report"
        path.write_text(text, encoding="utf-8")
        return str(path)

    def test_a_disabled_test_of_ctest_counts_as_skipped(self) -> None:
        report = self.file(
            '<testsuite><testcase name="a" status="run"/><testcase name="b" status="fail"><failure/></testcase>'
            '<testcase name="c" status="notrun"><skipped/></testcase><testcase name="d" status="disabled"/></testsuite>'
        )
        self.assertEqual(tally.count_junit(report), (1, 1, 2))

    def test_the_totals_of_tap_are_read(self) -> None:
        report = self.file("# tests 9\n# pass 5\n# fail 1\n# cancelled 1\n# skipped 2\n# todo 0\n")
        self.assertEqual(tally.count_tap(report), (5, 2, 2))

    def test_a_runner_that_died_before_counting_failed(self) -> None:
        self.assertEqual(tally.count_tap(self.file("Cannot find module")), (0, 1, 0))
        self.assertEqual(tally.count_line(self.file("Traceback")), (0, 1, 0))

    def test_the_last_line_of_a_report_counts_with_its_skips(self) -> None:
        report = "1 passed, 0 failed\n…\n7 passed, 2 failed"
        self.assertEqual(tally.count_line(self.file(report + "\n")), (7, 2, 0))
        self.assertEqual(tally.count_line(self.file(report + ", 3 skipped\n")), (7, 2, 3))

    def test_skips_are_said(self) -> None:
        self.assertEqual(tally.summary([(3, 0, 0), (2, 0, 1)]), ("5 passed, 0 failed, 1 skipped", True))

    def test_one_failure_anywhere_fails_the_whole(self) -> None:
        self.assertEqual(tally.summary([(3, 0, 0), (2, 1, 0)]), ("5 passed, 1 failed", False))

    def test_a_run_without_a_test_is_no_success(self) -> None:
        self.assertEqual(tally.summary([]), ("0 passed, 0 failed", False))


if __name__ == "__main__":
    unittest.main()
