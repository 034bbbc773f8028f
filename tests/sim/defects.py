#!/usr/bin/env python3
"""defects.py DEFECTS FOLDER [SECONDS [NAME...]]: runs the simulation with each seeded defect until it is
caught. Fails if one is not, or by another check than those that are about it."""

import concurrent.futures
import pathlib
import re
import subprocess
import sys
import time

sys.path.insert(0, str(pathlib.Path(__file__).parent))
from mutate import read_defects

FOUND = re.compile(r"^CAUGHT (\S+) (\d+) visits(?: seed (\d+))?(?:: (.*))?", re.M)


def run(folder, name, defect, seconds):
    begin = time.monotonic()
    command = [folder / f"sim_{name}", "--brief", "--seed", defect.get("seed", "1"), "--seconds", str(seconds)]
    for word in "faults", "limits":
        if word in defect:
            command += [f"--{word}", *defect[word].split()]
    result = subprocess.run(command,
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
    return FOUND.search(result.stdout), time.monotonic() - begin


def main():
    path, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    seconds = int(sys.argv[3]) if len(sys.argv) > 3 else 60
    defects, missed = read_defects(path), []
    if len(sys.argv) > 4:
        defects = {name: defects[name] for name in sys.argv[4:]}
    with concurrent.futures.ThreadPoolExecutor(max_workers=2) as pool:
        runs = {name: pool.submit(run, folder, name, defects[name], seconds) for name in defects}
        for name, future in runs.items():
            found, took = future.result()
            check = found[1] if found else "nothing"
            is_caught = found is not None and check in defects[name]["check"].split()
            if not is_caught:
                missed.append(name)
            print(f"{'caught' if is_caught else 'MISSED':7} {name:34} {defects[name]['says']}")
            print(f"        by {check}" + (f" after {found[2]} visits, {took:.1f} s: {found[4]}"
                                          if found else f" in {took:.1f} s"), flush=True)
    print(f"{len(defects) - len(missed)} of {len(defects)} seeded defects caught")
    if missed:
        sys.exit("not caught: " + " ".join(missed))


if __name__ == "__main__":
    main()
