#!/usr/bin/env python3
"""Turns assets/icons/*.svg into tables of points: compile_icons.py ICON_DIR OUT_DIR

A small, strict subset of SVG: rect, circle and path (M L H V C Q Z, either case) with stroke, fill and
stroke-width taken from the element or the root. Colours are words of the theme, not values: each
is written as the token it stands for, so that the files look right in any viewer.
"""
import math
import pathlib
import re
import sys
import xml.etree.ElementTree as xml

UNIT = 16  # steps in one unit of the view box
PAINTS = {
    "#0A4FB0": "ICON_INK",
    "#E6EFFB": "ICON_SOFT",
    "#FFFFFF": "ICON_PAPER",
    "#D3DCE8": "ICON_LINE",
    "#0B6B45": "ICON_GOOD",
}
POINTS_MAX = 65535


def curve(points, steps):
    """A Bezier curve of any degree as points, without the first."""
    out = []
    for i in range(1, steps + 1):
        t, level = i / steps, list(points)
        while len(level) > 1:
            level = [((1 - t) * a[0] + t * b[0], (1 - t) * a[1] + t * b[1])
                     for a, b in zip(level, level[1:])]
        out.append(level[0])
    return out


def arc(cx, cy, r, start, end):
    steps = max(6, int(r * abs(end - start)) + 6)  # no corners to be seen at 7 px a unit
    return [(cx + r * math.cos(start + (end - start) * i / steps),
             cy + r * math.sin(start + (end - start) * i / steps)) for i in range(steps + 1)]


def from_rect(e):
    x, y, w, h = (float(e.get(k)) for k in ("x", "y", "width", "height"))
    r = float(e.get("rx", 0))
    if r == 0:
        return [([(x, y), (x + w, y), (x + w, y + h), (x, y + h)], True)]
    q, points = math.pi / 2, []
    for i, (cx, cy) in enumerate([(x + w - r, y + r), (x + w - r, y + h - r),
                                  (x + r, y + h - r), (x + r, y + r)]):
        points += arc(cx, cy, r, (i - 1) * q, i * q)
    return [(points, True)]


def from_circle(e):
    return [(arc(float(e.get("cx")), float(e.get("cy")), float(e.get("r")), 0, 2 * math.pi)[:-1],
             True)]


def from_path(e):
    words = re.findall(r"[A-Za-z]|-?\d*\.?\d+", e.get("d"))
    paths, points, at, i, command = [], [], (0.0, 0.0), 0, None

    def number():
        nonlocal i
        i += 1
        return float(words[i - 1])

    def point():
        x, y = number(), number()
        return (at[0] + x, at[1] + y) if command.islower() else (x, y)

    while i < len(words):
        if words[i].isalpha():
            command, i = words[i], i + 1
        kind = command.upper()
        if kind == "Z":
            paths.append((points, True))
            at, points = points[0], []
            continue
        if kind == "M":
            if len(points) > 1:
                paths.append((points, False))
            at = point()
            points, command = [at], "l" if command == "m" else "L"
            continue
        if not points:
            points = [at]
        if kind == "L":
            new = [point()]
        elif kind == "H":
            new = [(number() + (at[0] if command == "h" else 0), at[1])]
        elif kind == "V":
            new = [(at[0], number() + (at[1] if command == "v" else 0))]
        elif kind == "C":
            new = curve([at, point(), point(), point()], 12)
        elif kind == "Q":
            new = curve([at, point(), point()], 10)
        else:
            raise ValueError(f"path command {command} is not in the subset")
        points += new
        at = new[-1]
    if len(points) > 1:
        paths.append((points, False))
    return paths


READERS = {"rect": from_rect, "circle": from_circle, "path": from_path}


def read_icon(file):
    root = xml.parse(file).getroot()
    box = [float(v) for v in root.get("viewBox").split()]
    if box[0] != 0 or box[1] != 0 or box[2] != box[3]:
        raise ValueError("viewBox must be a square at the origin")
    layers = []
    for e in root:
        kind = e.tag.split("}")[-1]
        if kind in ("title", "desc"):
            continue
        for points, closed in READERS[kind](e):
            fill = e.get("fill", root.get("fill", "none"))
            stroke = e.get("stroke", root.get("stroke", "none"))
            width = float(e.get("stroke-width", root.get("stroke-width", "5")))
            if fill != "none":
                layers.append((PAINTS[fill], 0, closed, points))
            if stroke != "none":
                layers.append((PAINTS[stroke], round(width * UNIT), closed, points))
    return int(box[2]), layers


def main():
    source, out = pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])
    out.mkdir(parents=True, exist_ok=True)
    names, icons, paths, points = [], [], [], []
    for file in sorted(source.glob("*.svg")):
        try:
            size, layers = read_icon(file)
        except (KeyError, ValueError, TypeError) as error:
            sys.exit(f"{file}: {error!r}")
        names.append(file.stem.upper().replace("-", "_"))
        icons.append(f"    {{ {size * UNIT}, {len(paths)}, {len(layers)} }},")
        for paint, width, closed, line in layers:
            paths.append(f"    {{ {paint}, {str(closed).lower()}, {width}, {len(points)}, "
                         f"{len(line)} }},")
            points += [f"{{ {round(x * UNIT)}, {round(y * UNIT)} }}," for x, y in line]
    if len(points) > POINTS_MAX:
        sys.exit(f"{len(points)} points, at most {POINTS_MAX}")
    ids = "\n".join(f"    ICON_{name}," for name in names)
    (out / "icon_ids.h").write_text(
        "/* Made by assets/compile_icons.py. */\n#pragma once\n\n"
        f"enum icon {{\n    ICON_NONE,\n{ids}\n    ICONS,\n}};\n")
    rows = "\n".join("    " + " ".join(points[i:i + 6]) for i in range(0, len(points), 6))
    (out / "icon_table.c").write_text(
        '/* Made by assets/compile_icons.py. */\n#include "ui/icons.h"\n\n'
        f"const struct icon_point ICON_POINTS[] = {{\n{rows}\n}};\n\n"
        "const struct icon_path ICON_PATHS[] = {\n" + "\n".join(paths) + "\n};\n\n"
        "const struct icon_shape ICON_SHAPES[ICONS] = {\n    { 0, 0, 0 },\n" + "\n".join(icons)
        + "\n};\n")


main()
