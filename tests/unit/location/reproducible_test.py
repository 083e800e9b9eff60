#!/usr/bin/env python3
"""The location files in the repository are exactly what their scripts write."""

import pathlib
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]


class Reproducible(unittest.TestCase):
    def test_demo_file(self):
        with tempfile.TemporaryDirectory() as folder:
            made = pathlib.Path(folder) / "demo-city.mmdb"
            subprocess.run([sys.executable, "-B", ROOT / "tools/make_demo_mmdb.py", made], check=True)
            self.assertEqual(made.read_bytes(), (ROOT / "data/demo/demo-city.mmdb").read_bytes())

    def test_test_files(self):
        kept = ROOT / "tests/data/location"
        with tempfile.TemporaryDirectory() as folder:
            subprocess.run([sys.executable, "-B", kept / "make.py", folder], check=True)
            made = {p.relative_to(folder): p.read_bytes() for p in pathlib.Path(folder).rglob("*.mmdb")}
        self.assertEqual(made, {p.relative_to(kept): p.read_bytes() for p in kept.rglob("*.mmdb")})


if __name__ == "__main__":
    unittest.main()
