"""Reading our C: the files of the tree, and a text without its comments and strings."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
FOLDERS = ("firmware", "drivers", "tools", "tests")

_TOKEN = re.compile(
    r"""(?P<comment>//[^\n]*|/\*.*?\*/)
      | (?P<text>"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*')""",
    re.DOTALL | re.VERBOSE,
)


def files(suffixes=(".c", ".h")):
    """Paths below ROOT as forward-slash text, sorted."""
    found = []
    for folder in FOLDERS:
        for path in (ROOT / folder).rglob("*"):
            if path.suffix in suffixes and path.is_file():
                found.append(path.relative_to(ROOT).as_posix())
    return sorted(found)


def read(path):
    return (ROOT / path).read_text(encoding="utf-8")


def _blank(match):
    """Same length in lines, nothing to see."""
    if match.group("text"):
        return match.group(0)[0] * 2
    return "\n" * match.group(0).count("\n") or " "


def code(path):
    """The file without comments and with empty strings; lines keep their numbers."""
    text = read(path)
    # Include lines are needed whole, so their quotes must survive.
    kept = re.sub(r'(?m)^(\s*#\s*include\s*)"([^"]+)"', r"\1<\2>", text)
    return _TOKEN.sub(_blank, kept)


def functions(path):
    """(name, is_static, first line, lines of body) of each definition.

    Relies on .clang-format: a body's braces stand alone at the start of a line.
    """
    lines = code(path).split("\n")
    result = []
    for number, line in enumerate(lines):
        if line != "{":
            continue
        head = number - 1
        while head > 0 and lines[head - 1].strip() and not lines[head - 1].rstrip().endswith((";", "}")) \
                and not lines[head - 1].startswith("#"):
            head -= 1
        text = " ".join(lines[head:number])
        match = re.search(r"\b([A-Za-z_]\w*)\s*\(", re.sub(r"__attribute__\s*\(\(.*?\)\)", "", text))
        if match is None or "=" in text.split("(")[0]:
            continue
        end = next((i for i in range(number, len(lines)) if lines[i].startswith("}")), number)
        result.append((match.group(1), bool(re.search(r"\bstatic\b", text)), head + 1, end - number - 1))
    return result
