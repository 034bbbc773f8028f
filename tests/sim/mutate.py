#!/usr/bin/env python3
"""mutate.py DEFECTS NAME ROOT OUT: a copy of one source file with one seeded defect."""

import pathlib
import sys


def read_defects(path):
    defects, current = {}, None
    for number, line in enumerate(pathlib.Path(path).read_text(encoding="utf-8").split("\n"), 1):
        if line.startswith("== "):
            current = {"find": [], "put": []}
            defects[line[3:].strip()] = current
        elif line.startswith(("< ", "> ")):
            current["find" if line[0] == "<" else "put"].append(line[2:])
        elif line == "limits:":
            current["limits"] = ""
        elif ": " in line and not line.startswith("#"):
            key, _, value = line.partition(": ")
            current[key] = value
        elif line.strip() and not line.startswith("#"):
            sys.exit(f"{path}:{number}: not understood: {line}")
    return defects


def mutate(defect, name, root):
    text = (pathlib.Path(root) / defect["file"]).read_text(encoding="utf-8")
    find, put = "\n".join(defect["find"]), "\n".join(defect["put"])
    if text.count(find) != 1:
        sys.exit(f"defect {name}: its text occurs {text.count(find)} times in {defect['file']},"
                 " not once; bring tests/sim/defects.txt up to date")
    return text.replace(find, put)


def main():
    defects_path, name, root, out = sys.argv[1:]
    defect = read_defects(defects_path)[name]
    pathlib.Path(out).write_text(mutate(defect, name, root), encoding="utf-8")


if __name__ == "__main__":
    main()
