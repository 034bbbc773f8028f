#!/usr/bin/env python3
"""Turns assets/locale/*.po into C: compile_strings.py [--pseudo long|rtl] OUT_DIR zh_CN.po en.po

The first file is the template: every other must hold exactly its ids, and in each text exactly its
{placeholders}. Writes string_ids.h and string_table.c; the order of the files is the language number.

With --pseudo it writes string_table_long.c or string_table_rtl.c instead: the last language is
replaced by one nobody speaks, which shows how the screens bear a longer language or one that is
written from right to left. Only test programs link these.
"""
import argparse
import ast
import pathlib
import re
import sys

TEXT_BYTES_MAX = 1024


def read_po(path):
    """({msgid: msgstr}, header) of a .po file; plurals and contexts are not used and refused."""
    entries, key, value, field, header = {}, None, "", None, ""

    def store(number):
        nonlocal header
        if key == "":
            header = header or value
        elif key:
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
    return entries, header


def placeholders(text):
    return set(re.findall(r"\{(\w+)\}", text))


def is_right_to_left(path, header):
    """The header line "X-Direction: rtl"; without one a language is written from left to right."""
    match = re.search(r"^X-Direction:\s*(\S+)\s*$", header, re.MULTILINE)
    direction = match.group(1) if match else "ltr"
    if direction not in ("ltr", "rtl"):
        sys.exit(f"{path}: X-Direction is {direction}, not ltr or rtl")
    return direction == "rtl"


LONG_BY = 1.6  # German and Russian notices are up to this much longer than English ones
PADDING = "one two three four five six seven eight nine ten eleven twelve"
PLACEHOLDER = re.compile(r"(\{\w+\})")


def has_words(text):
    return re.search(r"[A-Za-z]{2}", PLACEHOLDER.sub("", text)) is not None


def pseudo_long_line(line):
    """[Start, paay with {amount}. öne two]: longer, bracketed so that a cut is seen."""
    bare = len(PLACEHOLDER.sub("", line))
    wanted = max(round(bare * LONG_BY), bare + 3) - 2
    longer, used, words = line, bare, PADDING.split() * 8
    if re.fullmatch(r"[A-Za-z]{2,8}", line):
        # One word stays one: a longer language has longer words, not more of them, on a key.
        return f"[{line[0]}{'é' * (wanted - bare)}{line[1:]}]"
    # One accent in every text: the font and the line height must bear it.
    words[0] = "öné"
    for word in words:
        if used >= wanted:
            break
        word = word[: max(wanted - used - 1, 1)]
        longer, used = f"{longer} {word}", used + 1 + len(word)
    return f"[{longer}]"


def pseudo_long(text):
    return "\n".join(pseudo_long_line(line) if has_words(line) else line
                     for line in text.split("\n"))


def pseudo_rtl(text):
    """Each word between U+202E and U+202C, as Android's ar-XB; values keep their own direction."""
    def turned(part):
        return re.sub(r"[^\s{}]+", lambda word: f"\u202e{word.group(0)}\u202c", part)

    if not has_words(text):
        return text
    return "".join(part if PLACEHOLDER.fullmatch(part) else turned(part)
                   for part in PLACEHOLDER.split(text))


PSEUDO = {"long": (pseudo_long, False), "rtl": (pseudo_rtl, True)}


def pseudo_language(name, texts):
    change, right_to_left = PSEUDO[name]
    changed = {key: change(text) for key, text in texts.items()}
    for key, text in changed.items():
        if len(text.encode()) > TEXT_BYTES_MAX:
            sys.exit(f"{name}: {key} is over {TEXT_BYTES_MAX} bytes")
        if placeholders(text) != placeholders(texts[key]):
            sys.exit(f"{name}: {key} lost a placeholder")
    return changed, right_to_left


def c_string(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def differences(files, languages):
    first, errors = languages[0], []
    for file, texts in zip(files[1:], languages[1:]):
        errors += [f"{file}: {key} is missing" for key in first if key not in texts]
        errors += [f"{file}: {key} is not in {files[0]}" for key in texts if key not in first]
        errors += [f"{file}: {key}: placeholders differ from {files[0]}" for key in first
                   if key in texts and placeholders(first[key]) != placeholders(texts[key])]
    for key in first:
        if not re.fullmatch(r"[a-z0-9_]+(\.[a-z0-9_]+)+", key):
            errors.append(f"{files[0]}: {key} is not an id like cash.title")
    return errors


def write_ids(path, keys):
    names = ["STR_" + key.upper().replace(".", "_") for key in keys]
    if len(set(names)) != len(names):
        sys.exit("two ids give the same name")
    path.write_text(
        "/* Made by assets/compile_strings.py. */\n#pragma once\n\nenum string_id {\n"
        + "".join(f"    {name},\n" for name in names) + "    STRINGS,\n};\n")


def write_table(path, languages, directions):
    first = languages[0]
    table = "".join(
        "    {\n" + "".join(f"        {c_string(t[key])},\n" for t in languages) + "    },\n"
        for key in first)
    keys = "".join(f"    {c_string(key)},\n" for key in first)
    turned = ", ".join("true" if d else "false" for d in directions)
    path.write_text(
        '/* Made by assets/compile_strings.py. */\n#include "ui/strings.h"\n\n'
        f"const char *const STRING_TEXTS[STRINGS][STRING_LANGUAGES] = {{\n{table}}};\n\n"
        f"const char *const STRING_NAMES[STRINGS] = {{\n{keys}}};\n\n"
        f"const bool STRING_RIGHT_TO_LEFT[STRING_LANGUAGES] = {{ {turned} }};\n")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pseudo", choices=sorted(PSEUDO))
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("files", nargs="+")
    arguments = parser.parse_args()
    files = arguments.files
    read = [read_po(file) for file in files]
    languages = [texts for texts, _ in read]
    directions = [is_right_to_left(file, header) for file, (_, header) in zip(files, read)]
    errors = differences(files, languages)
    if errors:
        sys.exit("\n".join(errors))
    arguments.out.mkdir(parents=True, exist_ok=True)
    if arguments.pseudo:
        languages[-1], directions[-1] = pseudo_language(arguments.pseudo, languages[-1])
        write_table(arguments.out / f"string_table_{arguments.pseudo}.c", languages, directions)
        return
    write_ids(arguments.out / "string_ids.h", languages[0])
    write_table(arguments.out / "string_table.c", languages, directions)


if __name__ == "__main__":
    main()
