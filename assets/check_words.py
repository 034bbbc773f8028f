#!/usr/bin/env python3
"""Holds the words of the screens to the rules of assets/locale/README.md: check_words.py [LOCALE_DIR]

Prints file: id: reason for each text that breaks one, and fails. What compile_strings.py refuses
(ids and placeholders that differ, empty texts) is refused here too.
"""
import pathlib
import re
import sys

import compile_strings

HERE = pathlib.Path(__file__).parent
CHINESE = "\u2e80-\u2fff\u3041-\ufdff"  # characters without punctuation
HAS_CHINESE = re.compile(f"[{CHINESE}]")
# Values that are words stand in a Chinese sentence as words do; all others are figures or Latin.
WORD_VALUES = {"fields", "unused", "window", "reason", "rule", "bureau", "collector", "name", "basis", "source", "place",
               "surplus"}
# "2026年9月", "3 个月": begins as a figure and ends as a word.
COUNTED_VALUES = {"when", "when_last", "span", "span_gap", "span_again", "run"}
WORD, FIGURE = "\u7528", "7"  # what a value is taken for
# "周一 9:00" begins as a word and ends as a figure.
MIXED = {("hours.closed", "next"), ("outage.opens", "next"), ("hours.closed", "hours")}
# English texts that are part of a line begin small.
FRAGMENTS = {"months.to", "unit.months_one", "unit.months_many", "unit.month_range",
             "identify.where", "field.empty", "offer.bureau_online", "offer.bureau_offline",
             "item.name", "item.sex", "item.nation", "item.birth", "item.address", "item.number",
             "item.authority", "item.validity", "item.photo", "until.now", "until.soon", "until.network", "until.staff",
             "calculator.by_year", "calculator.unknown"}
FRAGMENT_PREFIXES = ("spoken.", "until.", "offer.bureau_", "pay.", "back.", "retro.", "due.", "surcharge.", "age.")  # said or shown after what they are about
# Names keep their capitals within a sentence.
NAMES = {"ID", "I", "Personal", "Information", "Protection", "Law", "Art", "Chinese", "English",
         "Social", "Insurance", "People's", "Republic", "China", "July", "December",
         "QR", "WeChat", "Alipay"}


def with_values(key, text):
    """The text as it is read, each value a word or a figure."""
    def value(match):
        if (key, match.group(1)) in MIXED:
            return f"{WORD} {FIGURE}"
        if match.group(1) in COUNTED_VALUES:
            return f"{FIGURE} {WORD}"
        return WORD if match.group(1) in WORD_VALUES else FIGURE
    return re.sub(r"\{(\w+)\}", value, text)


def judge_both(text):
    if "  " in text or text != text.strip():
        yield "a double space, or one at an end"
    if re.search(r" \n|\n ", text):
        yield "a space at an end of a line"


def judge_chinese(key, text):
    if not HAS_CHINESE.search(text):
        return
    read = with_values(key, text)
    if re.search(rf"[{CHINESE}]\s*[,;:!?()]|[,;:!?()]\s*[{CHINESE}]", read):
        yield "ASCII punctuation in a Chinese sentence; use ，；：！？（）"
    if re.search(rf"[{CHINESE}]\.|\.$|\.\.\.", read):
        yield "ASCII full stop in a Chinese sentence; use 。 or ……"
    if re.search(rf"[{CHINESE}][A-Za-z0-9¥]|[A-Za-z0-9%][{CHINESE}]", read):
        yield "no space between Chinese and Latin letters or figures"
    if re.search(rf"[{CHINESE}] [{CHINESE}]", read):
        yield "a space between two Chinese words"
    if re.search(r"[，。；：！？、（）《》] | [，。；：！？、（）《》]", read):
        yield "a space beside full-width punctuation"


def is_fragment(key):
    return key in FRAGMENTS or key.startswith(FRAGMENT_PREFIXES)


def judge_case(key, text):
    first = re.search(r"[^\W\d_]|\d|\{", text)
    text = re.sub(r"\{(reason|rule)\}", ".", text)  # sentences of their own
    if first and first.group().islower() and not is_fragment(key):
        yield "an English text begins with a capital"
    if re.search(r"[.!?] [a-z]", text.replace("e.g. ", "")):
        yield "a sentence begins with a capital"
    for sentence in re.split(r"[.!?:·\n] ?", text):
        words = re.findall(r"[A-Za-z][A-Za-z']*", sentence)
        shouted = [word for word in words[1:] if word[0].isupper() and word not in NAMES]
        if shouted:
            yield f"a capital within a sentence: {shouted[0]}"


def judge_english(key, text):
    if HAS_CHINESE.search(text):
        if key != "lang.other":
            yield "Chinese in an English text"
        return
    if re.search(r"[，。；：！？、（）《》　]", text):
        yield "full-width punctuation in an English text"
    yield from judge_case(key, text)


class Term:
    def __init__(self, zh, en, not_zh, not_en):
        self.zh, self.en, self.not_zh, self.not_en = zh, en, not_zh, not_en


def split_words(cell):
    return [word.strip() for word in re.split(r"[,，、]", cell) if word.strip()]


def read_glossary(path):
    """Rows of the table: 中文 | English | meaning | not 中文 | not English."""
    terms = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        cells = [cell.strip() for cell in line.strip().strip("|").split("|")]
        if not line.startswith("|") or not HAS_CHINESE.search(cells[0]) or cells[1] == "English":
            continue
        if len(cells) != 5:
            sys.exit(f"{path}:{number}: five cells, not {len(cells)}")
        terms.append(Term(cells[0], cells[1], split_words(cells[3]), split_words(cells[4])))
    return terms


def judge_terms(text, terms, is_chinese):
    for term in terms:
        for word in term.not_zh if is_chinese else term.not_en:
            found = word in text if is_chinese else re.search(rf"\b{re.escape(word)}\b", text, re.IGNORECASE)
            if found:
                yield f"{word}: the word is {term.zh if is_chinese else term.en}"


def judge_unused(terms, texts, is_chinese):
    """A term nobody uses is a word somebody replaced without telling the glossary."""
    everything = "\n".join(texts.values())
    for term in terms:
        for word in re.split(r" / ", term.zh if is_chinese else term.en):
            found = word in everything if is_chinese else word.lower() in everything.lower()
            if not found:
                yield f"{word} is in the glossary and in no text"


def judge_file(path, terms):
    texts, _ = compile_strings.read_po(path)
    is_chinese = path.name.startswith("zh")
    source = path.read_text(encoding="utf-8")
    if re.search(r"^#,.*\bfuzzy\b", source, re.MULTILINE):
        yield f"{path}: a text is marked fuzzy"
    for key, text in texts.items():
        reasons = [*judge_both(text), *judge_terms(text, terms, is_chinese),
                   *(judge_chinese(key, text) if is_chinese else judge_english(key, text))]
        yield from (f"{path}: {key}: {reason}: {text!r}" for reason in reasons)
    yield from (f"{path}: {reason}" for reason in judge_unused(terms, texts, is_chinese))


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else HERE / "locale"
    files = [folder / "zh_CN.po", *sorted(f for f in folder.glob("*.po") if f.name != "zh_CN.po")]
    terms = read_glossary(folder / "README.md")
    errors = compile_strings.differences(files, [compile_strings.read_po(f)[0] for f in files])
    for file in files:
        errors += judge_file(file, terms)
    print("\n".join(errors) or f"{len(files)} files, {len(terms)} terms: every text keeps the rules")
    return 1 if errors else 0


if __name__ == "__main__":
    sys.exit(main())
