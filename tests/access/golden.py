#!/usr/bin/env python3
"""Golden listings of what is drawn: golden.py [--renew] BUILD

golden/list.txt says which screens have one. The test builds them anew and shows each difference as a
diff; --renew (tools/dev golden) writes them, and a review reads the diff of the commit.
"""
import argparse
import difflib
import pathlib
import re
import sys
import tempfile

import screens

GOLDEN = pathlib.Path(__file__).parent / "golden"
DIFF_LINES_MAX = 400


def wanted():
    """Lines of list.txt: PREFIX LANGUAGES MODES PANELS, each of the last three a list with commas."""
    for number, line in enumerate((GOLDEN / "list.txt").read_text(encoding="utf-8").splitlines(), 1):
        words = line.split("#")[0].split()
        if not words:
            continue
        if len(words) != 4:
            sys.exit(f"{GOLDEN}/list.txt:{number}: PREFIX LANGUAGES MODES PANELS, not: {line}")
        prefix, languages, modes, panels = words
        for language in languages.split(","):
            for mode in modes.split(","):
                for panel in panels.split(","):
                    yield ("" if prefix == "*" else prefix), language, mode, panel


def icon_names(build):
    """A new picture changes the numbers of others, not their names."""
    header = pathlib.Path(build) / "firmware" / "ui" / "generated" / "icon_ids.h"
    names = re.findall(r"^    ICON_(\w+),", header.read_text(encoding="utf-8"), re.MULTILINE)
    return [name.lower().replace("_", "-") for name in names]


def listings(build):
    """{file name: text} as the screens are now."""
    icons = icon_names(build)
    with tempfile.TemporaryDirectory() as folder:
        calls = [("list", language, "--out", folder, "--variant", prefix, "--mode", mode, "--panel", panel)
                 for prefix, language, mode, panel in wanted()]
        screens.Programs(build).run_all(calls)
        return {path.name: re.sub(r" icon (\d+)", lambda m: f" icon {icons[int(m.group(1))]}",
                                  path.read_text(encoding="utf-8"))
                for path in sorted(pathlib.Path(folder).glob("*.txt"))}


def differences(now, before):
    for name in sorted(now.keys() | before.keys()):
        if now.get(name) != before.get(name):
            yield from difflib.unified_diff(before.get(name, "").splitlines(), now.get(name, "").splitlines(),
                                            f"golden/{name}", f"as built/{name}", n=1, lineterm="")


def renew(now, before):
    for name in before.keys() - now.keys():
        (GOLDEN / name).unlink()
    for name, text in now.items():
        if before.get(name) != text:
            (GOLDEN / name).write_text(text, encoding="utf-8")
    print(f"{len(now)} listings in {GOLDEN}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--renew", action="store_true")
    parser.add_argument("build")
    options = parser.parse_args()
    now = listings(options.build)
    before = {path.name: path.read_text(encoding="utf-8") for path in GOLDEN.glob("*.txt")
              if path.name != "list.txt"}
    if not now:
        sys.exit("no listing was made")
    if options.renew:
        renew(now, before)
        return 0
    lines = list(differences(now, before))
    print("\n".join(lines[:DIFF_LINES_MAX]))
    if lines:
        print(f"\n{len(lines)} lines differ. If this is meant: tools/dev golden, and review the diff.")
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
