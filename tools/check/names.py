#!/usr/bin/env python3
"""Names, sizes and banned calls. Errors fail; long functions are only reported (--report)."""

import fnmatch
import pathlib
import re
import statistics
import sys
import tomllib

import source

RULES = tomllib.loads((pathlib.Path(__file__).parent / "names.toml").read_text(encoding="utf-8"))
CALL = re.compile(r"(?<![\w.>])(" + "|".join(RULES["calls"]) + r")\s*\(")
MARK = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")


def allowed_prefixes(path):
    folder, name = path.rsplit("/", 1)
    stem = name.rsplit(".", 1)[0]
    words = stem.split("_")
    # cash_flow_internal.c may name cash_flow_… and cash_…
    prefixes = {folder.rsplit("/", 1)[-1] + "_"}
    prefixes |= {"_".join(words[: i + 1]) + "_" for i in range(len(words))}
    # journal.h may be implemented by journal_names.c, and health.h by service.h's neighbour.
    prefixes |= {h.stem + "_" for h in (source.ROOT / folder).glob("*.h")}
    # session_choice.c is about choices: choice_… reads better than session_choice_…
    module = folder.rsplit("/", 1)[-1].split("_")
    if words[: len(module)] == module and len(words) > len(module):
        prefixes.add("_".join(words[len(module):]) + "_")
    for pattern, extra in RULES["prefixes"].items():
        if fnmatch.fnmatch(path.rsplit(".", 1)[0], pattern):
            prefixes |= set(extra)
    return prefixes


def judge_functions(path, functions):
    prefixes = allowed_prefixes(path)
    for name, is_static, line, _ in functions:
        # enum intent has intent_name(), wherever it lives
        if is_static or name == "main" or name.endswith("_name") or "*" in prefixes:
            continue
        if not any(name.startswith(prefix) for prefix in prefixes):
            yield line, f"{name}() should start with {' or '.join(sorted(prefixes))}"


def judge_lines(path):
    is_money = any(path.startswith(folder) for folder in RULES["money"]["folders"])
    for number, line in enumerate(source.code(path).split("\n"), 1):
        call = CALL.search(line)
        if call and not path.startswith("tests/") and not line.lstrip().startswith("#"):
            yield number, f"{call[1]}() is banned: use {RULES['calls'][call[1]]}"
        if is_money and re.search(r"\b(float|double)\b", line):
            yield number, "money is int64_t fen: no floating point here"
    for number, line in enumerate(source.read(path).split("\n"), 1):
        mark = MARK.search(line)
        if mark:
            yield number, f"{mark[1]}: open an issue and finish the code"


def judge_includes(path):
    """x.c includes x.h first, so that every header is known to stand alone."""
    header = path[:-2] + ".h"
    if not path.endswith(".c") or not (source.ROOT / header).is_file():
        return
    own = header.removeprefix("firmware/").removeprefix("tests/")
    first = re.search(r'(?m)^\s*#\s*include\s*[<"]([^>"]+)[>"]', source.read(path))
    if first is None or first[1] not in (own, header, header.rsplit("/", 1)[1]):
        line = source.read(path)[: first.start() + 1].count("\n") + 1 if first else 1
        yield line, f'"{own}" must be the first include'


def main():
    errors, notes, sizes = [], [], []
    for path in source.files():
        functions = source.functions(path)
        lines = source.read(path).count("\n")
        found = [*judge_functions(path, functions), *judge_lines(path), *judge_includes(path)]
        if lines > RULES["limits"]["file_lines"] and path.startswith("tests/"):
            notes.append(f"{path}:{lines}: {lines} lines")
        elif lines > RULES["limits"]["file_lines"]:
            found.append((lines, f"{lines} lines: over {RULES['limits']['file_lines']}, make it two"))
        errors += [f"{path}:{line}: {reason}" for line, reason in found]
        for name, _, line, body in functions:
            if path.startswith(("firmware/", "drivers/")):
                sizes.append(body)
            if body > RULES["limits"]["function_lines"]:
                notes.append(f"{path}:{line}: {name}() has {body} lines")
    if "--report" in sys.argv[1:]:
        for line in notes:
            print(f"note: {line}")
        if len(sizes) > 1:
            p90 = statistics.quantiles(sizes, n=10)[-1]
            print(f"note: {len(sizes)} functions of the product: median {statistics.median(sizes):.0f} lines, "
                  f"90th percentile {p90:.0f}, longest {max(sizes)}")
    for line in errors:
        print(line)
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
