#!/usr/bin/env python3
"""Turns assets/locale/*.po into C: compile_strings.py OUT_DIR zh_CN.po en.po

The first file is the template: every other must hold exactly its ids, and in each text exactly its
{placeholders}. Writes string_ids.h and string_table.c; the order of the files is the language number.
"""
import ast
import pathlib
import re
import sys

TEXT_BYTES_MAX = 1024


def read_po(path):
    """{msgid: msgstr} of a .po file; plurals and contexts are not used and refused."""
    entries, key, value, field = {}, None, "", None

    def store(number):
        if key:
            if key in entries:
                sys.exit(f"{path}:{number}: {key} twice")
            if not value:
                sys.exit(f"{path}:{number}: {key} has no text")
            if len(value.encode()) > TEXT_BYTES_MAX:
                sys.exit(f"{path}:{number}: {key} is over {TEXT_BYTES_MAX} bytes")
            entries[key] = value

    lines = pathlib.Path(path).read_text(encoding="utf-8").splitlines() + ["msgid \"\""]
    for number, line in enumerate(lines, 1):
        line = line.strip()
        if not line or line.startswith("#"):
            continue
        match = re.match(r'(msgid|msgstr)?\s*(".*")$', line)
        if not match:
            sys.exit(f"{path}:{number}: not understood: {line}")
        text = ast.literal_eval(match.group(2))
        if match.group(1) == "msgid":
            store(number)
            key, value, field = text, "", "id"
        elif match.group(1) == "msgstr":
            value, field = text, "str"
        elif field == "id":
            key += text
        else:
            value += text
    return entries


def placeholders(text):
    return set(re.findall(r"\{(\w+)\}", text))


def c_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def main():
    out, files = pathlib.Path(sys.argv[1]), sys.argv[2:]
    out.mkdir(parents=True, exist_ok=True)
    languages = [read_po(f) for f in files]
    first = languages[0]
    errors = []
    for file, texts in zip(files[1:], languages[1:]):
        errors += [f"{file}: {key} is missing" for key in first if key not in texts]
        errors += [f"{file}: {key} is not in {files[0]}" for key in texts if key not in first]
        errors += [f"{file}: {key}: placeholders differ from {files[0]}" for key in first
                   if key in texts and placeholders(first[key]) != placeholders(texts[key])]
    for key in first:
        if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", key):
            errors.append(f"{files[0]}: {key} is not an id like cash.title")
    if errors:
        sys.exit("\n".join(errors))
    names = ["STR_" + key.upper().replace(".", "_") for key in first]
    if len(set(names)) != len(names):
        sys.exit("two ids give the same name")
    (out / "string_ids.h").write_text(
        "/* Made by assets/compile_strings.py. */\n#pragma once\n\nenum string_id {\n"
        + "".join(f"    {name},\n" for name in names) + "    STRINGS,\n};\n")
    table = "".join(
        "    {\n" + "".join(f"        {c_string(t[key])},\n" for t in languages) + "    },\n"
        for key in first)
    keys = "".join(f"    {c_string(key)},\n" for key in first)
    (out / "string_table.c").write_text(
        '/* Made by assets/compile_strings.py. */\n#include "ui/strings.h"\n\n'
        f"const char *const STRING_TEXTS[STRINGS][STRING_LANGUAGES] = {{\n{table}}};\n\n"
        f"const char *const STRING_NAMES[STRINGS] = {{\n{keys}}};\n")


main()
