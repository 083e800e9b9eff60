#!/usr/bin/env python3
"""Makes the C++ table of device rules out of the package ua-parser-builtins.

    device_rules.py PACKAGE.whl TABLE.cc

The package holds uap-core's regexes.yaml as Python source, one call a rule. It is read as text (a
syntax tree of constants), never imported or run. Standard library only.
"""

import ast
import sys
import zipfile

SOURCE = "ua_parser_builtins/matchers.py"
SECTIONS = {"UserAgentMatcher": "browser", "OSMatcher": "system", "DeviceMatcher": "hardware"}
ESCAPES = {"\\": "\\\\", '"': '\\"', "?": "\\?"}


def read_rules(text):
    """The rules of the three sections, each a list of (pattern, any case, five parts)."""
    for node in ast.parse(text).body:
        if isinstance(node, ast.AnnAssign) and node.target.id == "MATCHERS":
            return [[read_rule(call) for call in section.elts] for section in node.value.elts]
    sys.exit(f"{SOURCE} in the package holds no MATCHERS: its form has changed")


def read_rule(call):
    section = SECTIONS[call.func.id]
    if call.keywords:
        sys.exit(f"a rule of {SOURCE} has keywords: its form has changed")
    pattern, *parts = [argument.value for argument in call.args]
    flag = parts.pop(0) if section == "hardware" and parts else None
    if flag not in (None, "i"):
        sys.exit(f"the rule {pattern!r} has the unknown flag {flag!r}")
    parts = [part or "" for part in parts]
    return pattern, flag == "i", parts + [""] * (5 - len(parts))


def literal(text):
    """A C++ string literal; octal escapes, because they end after three digits."""
    out = []
    for byte in text.encode():
        char = chr(byte)
        if char in ESCAPES:
            out.append(ESCAPES[char])
        elif 0x20 <= byte < 0x7F:
            out.append(char)
        else:
            out.append(f"\\{byte:03o}")
    return '"' + "".join(out) + '"'


def table(name, rules):
    yield f"constexpr PlainRule {name}[] = {{"
    for pattern, any_case, parts in rules:
        texts = ", ".join(literal(part) for part in parts)
        yield f"    {{{literal(pattern)}, {str(any_case).lower()}, {{{texts}}}}},"
    yield "};"


def main():
    package, target = sys.argv[1:]
    with zipfile.ZipFile(package) as archive:
        sections = read_rules(archive.read(SOURCE).decode())
        revision = archive.read("REVISION").decode().strip()
    lines = [
        "// Made by tools/device_rules.py from the package ua-parser-builtins.",
        f"// uap-core {revision}, Copyright 2009 Google Inc. and others, Apache License 2.0.",
        '#include "device/rules.h"',
        "",
        "namespace innkeeper::device {",
        "namespace {",
    ]
    for name, rules in zip(SECTIONS.values(), sections):
        lines += ["", *table(name, rules)]
    lines += [
        "",
        "}  // namespace",
        "",
        "const BuiltInRules& built_in_rules() {",
        f"  static const BuiltInRules rules{{browser, system, hardware, {literal(revision)}}};",
        "  return rules;",
        "}",
        "",
        "}  // namespace innkeeper::device",
    ]
    with open(target, "w", encoding="ascii") as out:
        out.write("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
