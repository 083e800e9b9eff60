#!/usr/bin/env python3
"""Makes tests/data/device/: uap-core's own test cases, and what ua-parser's Python package answers.

    device_cases.py UAP_CORE_FOLDER USER_AGENTS.txt TARGET_FOLDER

UAP_CORE_FOLDER is a checkout of uap-core (the crate ua-parser carries one with its tests).
Needs ua-parser, ua-parser-builtins (the pinned version) and PyYAML; not part of the build.
A case of an older uap-core that the pinned rules answer otherwise by the reference implementation
is left out, and printed.
"""

import sys
from pathlib import Path

import yaml
from ua_parser import Parser
from ua_parser.basic import Resolver
from ua_parser.core import Domain
from ua_parser_builtins.matchers import MATCHERS

PARSER = Parser(Resolver(MATCHERS))
BROWSER = ("family", "major", "minor", "patch", "patch_minor")
SECTIONS = (
    ("browser", "tests/test_ua.yaml", Domain.USER_AGENT, BROWSER, BROWSER[:4]),
    ("system", "tests/test_os.yaml", Domain.OS, BROWSER, BROWSER),
    ("hardware", "tests/test_device.yaml", Domain.DEVICE, *(2 * [("family", "brand", "model")])),
)


def fields(part, names):
    """The fields of a part of a result; what isn't known is empty."""
    return [(getattr(part, name) or "") if part else "" for name in names]


def parts(text):
    result = PARSER(text, Domain.ALL)
    return {"browser": result.user_agent, "system": result.os, "hardware": result.device}


def expected(case, names):
    """What the case says; it writes "Other" where no rule matches and we know nothing."""
    values = [str(case.get(name) or "") for name in names]
    return ["" if values[0] == "Other" else values[0], *values[1:]]


def version(part):
    numbers = []
    for value in (part.major, part.minor, part.patch, part.patch_minor):
        if value is None:
            break
        numbers.append(value)
    return ".".join(numbers)


def printed(found):
    """As django-qsessions composes it, without its blank after a name that has no version."""
    hardware = found["hardware"].family if found["hardware"] else "Other"
    rest = [
        f"{part.family} {version(part)}".strip() if part else "Other" for part in (found["system"], found["browser"])
    ]
    return " / ".join([hardware, *rest])


def write(path, rows):
    rows = [row for row in rows if not any("\t" in cell or "\n" in cell for cell in row)]
    path.write_text("".join("\t".join(row) + "\n" for row in rows), encoding="utf-8")
    print(f"{path}: {len(rows)} cases")


def main():
    core, texts, target = map(Path, sys.argv[1:])
    for section, file, _, names, known in SECTIONS:
        rows = {}
        for case in yaml.load((core / file).read_bytes(), Loader=yaml.CSafeLoader)["test_cases"]:
            text = case["user_agent_string"]
            says, reference = expected(case, known), fields(parts(text)[section], names)
            if [v if v != "Other" else "" for v in reference[:1]] + reference[1 : len(known)] != says:
                print(f"left out: {text!r}: {says} there, {reference} by today's rules")
                continue
            rows[text] = [*reference, text]
        write(target / f"{section}_cases.tsv", rows.values())
    rows = []
    for text in texts.read_text(encoding="utf-8").splitlines():
        found = parts(text)
        cells = [fields(found[section], names) for section, _, _, names, _ in SECTIONS]
        rows.append([*sum(cells, []), printed(found), text])
    write(target / "reference.tsv", rows)


if __name__ == "__main__":
    main()
