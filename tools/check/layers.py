#!/usr/bin/env python3
"""Checks every include of the tree against layers.toml.

Prints file:line: reason, and fails, for each include that the law forbids. `layers.py --diagram`
prints the law instead.
"""

import fnmatch
import pathlib
import re
import sys
import tomllib

import source

LAW = tomllib.loads((pathlib.Path(__file__).parent / "layers.toml").read_text(encoding="utf-8"))
INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def module_of(path):
    """The law's name for the folder of a file: firmware/x is x, a subfolder belongs to its parent."""
    folder = path.rsplit("/", 1)[0] if "/" in path else ""
    if folder.startswith("firmware/"):
        folder = folder.removeprefix("firmware/").split("/")[0]
    while folder and folder not in LAW["modules"]:
        folder = folder.rpartition("/")[0]
    return folder or None


def resolve(path, name):
    """The tree's path of an included header, or None if it is not ours."""
    here = path.rsplit("/", 1)[0]
    for candidate in (f"firmware/{name}", name, f"{here}/{name}"):
        if (source.ROOT / candidate).is_file():
            return candidate
    return None


def matches(path, patterns):
    return any(fnmatch.fnmatch(path, p) or path.startswith(p.rstrip("*").rstrip("/") + "/") for p in patterns)


def judge_own(path, header):
    """Why path may not include our header, or None."""
    shown = header.removeprefix("firmware/")
    for pattern, allowed in LAW["only"].items():
        if fnmatch.fnmatch(header, pattern) and not matches(path, allowed):
            return f"{shown} may only be included by {', '.join(allowed)}"
    if header.endswith("_internal.h") and not path.startswith("tests/"):
        if header.rsplit("/", 1)[0] != path.rsplit("/", 1)[0]:
            return f"{shown} is internal to its folder"
    if path.startswith("tests/"):
        return None
    module, target = module_of(path), module_of(header)
    if path.startswith(("firmware/", "drivers/")):
        if module is None:
            return f"the folder of {path} is not in tools/check/layers.toml"
        if target is None:
            return f"{module} may not include {shown}: it is not part of the product"
    if module is None or target == module:
        return None
    allowed = LAW["modules"][module]
    if target in allowed or shown in allowed:
        return None
    if path.startswith("tools/") and target is None:
        return None
    return f"{module} may not include {shown}; it may include: {', '.join(allowed) or 'nothing'}"


def judge_foreign(path, name):
    for pattern, homes in LAW["homes"].items():
        if fnmatch.fnmatch(name, pattern) and not matches(path, homes):
            return f"{name} is at home in {', '.join(homes)} only"
    return None


def judge_words(path):
    if not path.startswith(("firmware/", "drivers/")):
        return
    for number, line in enumerate(source.code(path).split("\n"), 1):
        if INCLUDE.match(line):
            continue
        for rule in LAW["words"]:
            if not matches(path, rule["where"]) or matches(path, rule.get("allowed", [])):
                continue
            found = re.search(rule["pattern"], line)
            if found:
                yield number, f"{found.group(0).strip()}: {rule['reason']}"


def errors():
    for path in source.files():
        for number, line in enumerate(source.read(path).split("\n"), 1):
            include = INCLUDE.match(line)
            if include is None:
                continue
            header = resolve(path, include[2]) if include[1] == '"' else None
            reason = judge_own(path, header) if header else judge_foreign(path, include[2])
            if reason:
                yield f"{path}:{number}: {reason}"
        for number, reason in judge_words(path):
            yield f"{path}:{number}: {reason}"


def main():
    if sys.argv[1:] == ["--diagram"]:
        for module, allowed in LAW["modules"].items():
            print(f"{module:28} -> {' '.join(allowed)}")
        return 0
    found = list(errors())
    for line in found:
        print(line)
    if found:
        print(f"{len(found)} includes against the law of tools/check/layers.toml")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
