#!/usr/bin/env python3
"""Plays scenarios on the real programs: guichet-bureau, guichet-sim and guichet.

usage: run.py --build FOLDER [--out FOLDER] [--narrate] [--keep] FILE.scn…

Each scenario gets a folder of its own for everything it writes. The language is in README.md;
steps.py has the words.
"""

import argparse
import os
import pathlib
import sys
import time

import steps
import world

LIMIT_S = 110  # a whole scenario; CTest gives it 120


class Step:
    def __init__(self, file, line, words):
        self.file, self.line, self.words = file, line, words

    def __str__(self):
        return f"{self.file.name}:{self.line}: {' '.join(self.words)}"


def read(file, depth=0):
    """The steps of a file, with what it includes in place."""
    if depth > 4:
        raise world.Failure(f"{file}: includes too deep")
    found = []
    for number, line in enumerate(file.read_text(encoding="utf-8").split("\n"), 1):
        words = world.split(line)
        if not words:
            continue
        if words[0] == "include":
            found += read(file.parent / words[1], depth + 1)
        else:
            found.append(Step(file, number, words))
    return found


def play(file, options):
    """True if the scenario passed."""
    here = world.World(pathlib.Path(options.build).resolve(),
                       pathlib.Path(options.out).resolve() if options.out else None)
    here.deadline = time.monotonic() + LIMIT_S
    started = time.monotonic()
    step = None
    try:
        todo = read(file)
        for step in todo:
            if options.narrate:
                print(f"  {' '.join(step.words)}", flush=True)
            steps.run(here, step.words)
        step = None
        here.finish()
        print(f"passed: {file.name} ({len(todo)} steps, {time.monotonic() - started:.1f} s)", flush=True)
        return True
    except (world.Failure, OSError) as failure:
        print(f"FAILED: {file.name}", flush=True)
        print(f"  step: {step or 'the end, when everything is stopped'}")
        print(f"  {failure}")
        here.explain()
        return False
    finally:
        here.stop_all()
        if options.keep:
            print(f"  everything is kept in {here.folder}")
        else:
            here.remove_unless_failed()


def main():
    # The tools must count days as the kiosk does.
    os.environ["TZ"] = "Asia/Shanghai"
    time.tzset()
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--build", required=True, help="a build folder, for instance build/dev")
    parser.add_argument("--out", help="where pictures, receipts and the report go")
    parser.add_argument("--narrate", action="store_true", help="print each step")
    parser.add_argument("--keep", action="store_true", help="keep the scenario's folder")
    parser.add_argument("files", nargs="+", type=pathlib.Path)
    options = parser.parse_args()
    passed = [play(file, options) for file in options.files]
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
