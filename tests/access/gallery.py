#!/usr/bin/env python3
"""Paints the screens and one contact sheet of them:
   gallery.py BUILD OUT_DIR [--variant PREFIX] [--mode NAME] [--language NAME] [--panel NAME]

All of it is over 10,000 pictures and more than a gigabyte: limit it. Spoken guidance changes no
picture and is left out unless it is asked for by name.
"""
import argparse
import json
import pathlib
import sys

import screens

PAGE = """<!doctype html><html lang="en"><meta charset="utf-8"><title>Gallery</title>
<style>
body { font: 14px/1.4 sans-serif; margin: 0; background: #f3f6fa; color: #0e1b2e }
form { position: sticky; top: 0; background: #fff; padding: 10px 16px; border-bottom: 1px solid #99a }
label { margin-right: 16px } main { display: flex; flex-wrap: wrap; gap: 14px; padding: 16px }
figure { margin: 0; max-width: 480px } img { border: 1px solid #99a; max-height: 320px; display: block }
figcaption { font-size: 12px; word-break: break-word }
</style>
<form></form><main></main>
<script>
const pictures = PICTURES, keys = ["step", "variant", "mode", "language", "panel"];
const form = document.querySelector("form"), main = document.querySelector("main"), chosen = {};
for (const key of keys) {
    const label = form.appendChild(document.createElement("label"));
    const select = document.createElement("select");
    label.append(key + " ", select);
    for (const value of ["all", ...new Set(pictures.map(p => p[key]))])
        select.append(new Option(value, value));
    select.onchange = () => { chosen[key] = select.value; show(); };
}
const count = form.appendChild(document.createElement("b"));
function show() {
    const wanted = pictures.filter(p => keys.every(k => !chosen[k] || chosen[k] == "all" || chosen[k] == p[k]));
    count.textContent = wanted.length + " of " + pictures.length;
    main.replaceChildren(...wanted.map(p => {
        const figure = document.createElement("figure"), link = document.createElement("a");
        const image = document.createElement("img"), caption = document.createElement("figcaption");
        link.href = p.file; image.src = "thumb/" + p.file; image.loading = "lazy";
        image.alt = caption.textContent = p.file.replace(/.png$/, "");
        link.append(image); figure.append(link, caption);
        return figure;
    }));
}
show();
</script></html>
"""


def describe(path):
    """done.typical.zh.usual.1080x1920.1.png; a variant has a dot of its own."""
    step, name, language, mode, panel, part, _ = path.name.split(".")
    return {"file": path.name, "step": step, "variant": f"{step}.{name}", "mode": mode,
            "language": language, "panel": panel, "part": part}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("--variant", default="")
    parser.add_argument("--mode", choices=screens.MODES)
    parser.add_argument("--language", choices=sorted(screens.PROGRAMS))
    parser.add_argument("--panel", choices=sorted(screens.PANELS))
    options = parser.parse_args()
    modes = [options.mode] if options.mode else [mode for mode in screens.MODES if mode != "spoken"]
    languages = [options.language] if options.language else list(screens.PROGRAMS)
    panels = [options.panel] if options.panel else list(screens.PANELS)
    (options.out / "thumb").mkdir(parents=True, exist_ok=True)
    calls = [("paint", language, "--out", str(options.out), "--variant", options.variant, "--mode", mode,
              "--panel", panel) for language in languages for mode in modes for panel in panels]
    if any(code for code, _ in screens.Programs(options.build).run_all(calls)):
        return 1
    pictures = [describe(path) for path in sorted(options.out.glob("*.png"))]
    (options.out / "index.html").write_text(PAGE.replace("PICTURES", json.dumps(pictures)), encoding="utf-8")
    print(f"{len(pictures)} screens; open {options.out}/index.html")
    return 0 if pictures else 1


if __name__ == "__main__":
    sys.exit(main())
