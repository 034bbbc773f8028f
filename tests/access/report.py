#!/usr/bin/env python3
"""The access report an examiner reads: report.py BUILD OUT_DIR

Holds every screen to every rule and writes index.html, summary.txt and, for each rule that measures,
a picture of its tightest case. Nothing in it needs a network. Exit code 1 when a rule fails.
"""
import datetime
import html
import pathlib
import re
import subprocess
import sys
import tempfile

import screens

WHERE = re.compile(r"(\S+) (\S+) (\S+) (\S+) part (\d+)/\d+: (.*)")
FAILURES_SHOWN = 12  # of each rule, language and panel
STYLE = """
body { font: 15px/1.5 sans-serif; color: #0e1b2e; max-width: 1100px; margin: 2em auto; padding: 0 1em }
table { border-collapse: collapse; width: 100% } th, td { border: 1px solid #99a; padding: .4em .6em;
text-align: left; vertical-align: top } th { background: #eef2f7 } .bad { color: #8a1111; font-weight: bold }
.good { color: #07563a } td.number { text-align: right; white-space: nowrap } code { font-size: 90% }
details { margin: .4em 0 } li { margin: .2em 0; word-break: break-word } thead { display: table-header-group }
@media print { body { margin: 0; max-width: none; font-size: 10pt } tr { break-inside: avoid }
a { color: inherit; text-decoration: none } }
"""


class Rule:
    def __init__(self, name, says, source, limit):
        self.name, self.says, self.source, self.limit = name, says, source, limit
        self.screens = self.measured = self.failures = 0
        self.least = None  # (margin, value, limit, where)
        self.examples = []

    def add(self, row):
        self.screens += int(row[6])
        self.measured += int(row[7])
        self.failures += int(row[8])
        if row[9]:
            value, limit = float(row[9]), float(row[10])
            if self.least is None or value - limit < self.least[0]:
                self.least = (value - limit, value, limit, row[11])


def measure(programs):
    rules = {}
    with tempfile.TemporaryDirectory() as folder:
        calls = [("check", language, "--panel", panel, "--max", str(FAILURES_SHOWN), "--results",
                  f"{folder}/{language}.{panel}.tsv")
                 for language in screens.PROGRAMS for panel in screens.PANELS]
        outputs = programs.run_all(calls)
        for call, (_, printed) in zip(calls, outputs):
            for line in pathlib.Path(call[-1]).read_text(encoding="utf-8").splitlines():
                row = line.split("\t")
                rules.setdefault(row[0], Rule(*row[:4])).add(row)
            for line in printed.splitlines():
                name, _, rest = line.partition(": ")
                if name in rules:
                    rules[name].examples.append(rest)
    return list(rules.values())


def picture_of(programs, out, rule):
    """The file of the tightest case's picture, painted on the way; None if there is no case."""
    match = WHERE.match(rule.least[3]) if rule.least else None
    if not match:
        return None
    variant, language, mode, panel, part, _ = match.groups()
    programs.run("paint", language, "--out", str(out / "pictures"), "--only", variant, "--mode", mode,
                 "--panel", panel, "--part", part)
    return f"pictures/{screens.file_name(variant, language, mode, panel, part)}.png"


def version():
    done = subprocess.run(["git", "-C", str(pathlib.Path(__file__).parent), "describe", "--always",
                           "--dirty"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                          check=False)
    return done.stdout.strip() or "unknown"


def verdict(rule):
    return "holds" if rule.failures == 0 else f"{rule.failures} failures"


def tightest(rule):
    if rule.least is None:
        return "yes or no"
    return f"{rule.least[1]:g} (limit {rule.least[2]:g})"


def summary(rules, facts):
    lines = ["Access report", *[f"{name}: {value}" for name, value in facts], "",
             f"{'rule':<20} {'screens':>8} {'measured':>9}  {'tightest':<24} result"]
    lines += [f"{rule.name:<20} {rule.screens:>8} {rule.measured:>9}  {tightest(rule):<24} {verdict(rule)}"
              for rule in rules]
    lines += ["", "Tightest cases:"]
    lines += [f"  {rule.name}: {rule.least[3]}" for rule in rules if rule.least]
    failed = [rule for rule in rules if rule.failures]
    lines += ["", f"{len(rules) - len(failed)} of {len(rules)} rules hold."]
    for rule in failed:
        lines += [f"\n{rule.name} ({rule.limit}):"] + [f"  {line}" for line in rule.examples]
    return "\n".join(lines) + "\n"


def rule_row(rule, picture):
    e = html.escape
    link = f'<br><a href="{e(picture)}">{e(rule.least[3])}</a>' if picture else ""
    mark = "good" if rule.failures == 0 else "bad"
    return (f'<tr><td><b>{e(rule.name)}</b><br>{e(rule.says)}</td><td>{e(rule.source)}</td>'
            f"<td>{e(rule.limit)}</td><td class=number>{rule.screens}</td>"
            f"<td class=number>{rule.measured}</td><td>{e(tightest(rule))}{link}</td>"
            f'<td class="{mark}">{e(verdict(rule))}</td></tr>')


def failures_of(rule):
    items = "".join(f"<li><code>{html.escape(line)}</code></li>" for line in rule.examples)
    return (f"<details open><summary>{html.escape(rule.name)}: {rule.failures} failures, the first of each "
            f"language and panel</summary><ul>{items}</ul></details>")


def page(rules, facts, pictures):
    failed = [rule for rule in rules if rule.failures]
    rows = "".join(rule_row(rule, picture) for rule, picture in zip(rules, pictures))
    told = "".join(f"<tr><th>{html.escape(n)}</th><td>{html.escape(v)}</td></tr>" for n, v in facts)
    failures = "".join(failures_of(rule) for rule in failed) or "<p class=good>None.</p>"
    return (f'<!doctype html><html lang="en"><meta charset="utf-8"><title>Access report</title>'
            f"<style>{STYLE}</style><h1>Access report</h1><table>{told}</table>"
            f"<p>{len(rules) - len(failed)} of {len(rules)} rules hold. A rule that measures names its "
            f"tightest case, with a picture. Clauses are those of the sources as named; a limit marked "
            f"<i>own</i> is the project's.</p>"
            f"<table><thead><tr><th>Rule</th><th>Source</th><th>Limit</th><th>Screens</th>"
            f"<th>Measured</th><th>Tightest</th><th>Result</th></tr></thead>{rows}</table>"
            f"<h2>Failures</h2>{failures}</html>\n")


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    programs, out = screens.Programs(sys.argv[1]), pathlib.Path(sys.argv[2])
    (out / "pictures" / "thumb").mkdir(parents=True, exist_ok=True)
    rules = measure(programs)
    facts = [("Version", version()),
             ("Made on", datetime.date.today().isoformat()),
             ("Screens", str(rules[0].screens)),
             ("Panels", "; ".join(f"{name}: {what}" for name, what in screens.PANELS.items())),
             ("Mounted", "lower edge of the panel 850 mm above the floor"),
             ("Modes", ", ".join(screens.MODES) + " (all-three: large, contrast and low reach)"),
             ("Languages", "; ".join(f"{name}: {what}" for name, what in screens.LANGUAGE_NAMES.items()))]
    pictures = [picture_of(programs, out, rule) for rule in rules]
    (out / "index.html").write_text(page(rules, facts, pictures), encoding="utf-8")
    text = summary(rules, facts)
    (out / "summary.txt").write_text(text, encoding="utf-8")
    print(text, end="")
    return 1 if any(rule.failures for rule in rules) else 0


if __name__ == "__main__":
    sys.exit(main())
