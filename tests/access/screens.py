"""Runs the access programs of a build: which speaks which language, and several side by side."""
import concurrent.futures
import os
import pathlib
import subprocess
import sys

PROGRAMS = {"zh": "access", "en": "access", "long": "access_long", "rtl": "access_rtl"}
LANGUAGE_NAMES = {"zh": "Chinese", "en": "English", "long": "pseudo-language, 1.6 times as long",
                  "rtl": "pseudo-language, right to left"}
PANELS = {"1080x1920": "21.5 inch, upright (268 mm wide)", "1920x1080": "21.5 inch, wide (476 mm)",
          "1280x1024": "19 inch (376 mm)"}
MODES = ["usual", "large", "contrast", "low-reach", "all-three", "spoken"]


class Programs:
    def __init__(self, build):
        self.folder = pathlib.Path(build) / "tests" / "access"

    def run(self, command, language, *options):
        """Its exit code and what it printed; anything but 0 and 1 ends the script."""
        program = self.folder / PROGRAMS[language]
        done = subprocess.run([program, command, "--language", language, *options],
                              stdout=subprocess.PIPE, text=True, check=False)
        if done.returncode not in (0, 1):
            sys.exit(f"{program} {command} {' '.join(options)}: exit code {done.returncode}")
        return done.returncode, done.stdout

    def run_all(self, calls):
        """calls: (command, language, options…) each; their results in the same order."""
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(lambda call: self.run(*call), calls))


def file_name(variant, language, mode, panel, part):
    return f"{variant}.{language}.{mode}.{panel}.{part}"
