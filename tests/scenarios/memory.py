"""What a running program's memory still tells about a citizen: every readable page of it is read."""

import re
import struct

from world import ROOT, Failure

CHUNK = 1 << 22
CONTEXT = 48
# AddressSanitizer's shadow says which bytes are valid and holds none of them; it is terabytes of holes.
SHADOW = range(0x00007FFF8000, 0x10007FFF8000)
KERNEL_PAGES = ("[vvar]", "[vvar_vclock]", "[vsyscall]", "[vdso]")


def citizen(card):
    """The fields of one of the invented citizens of the virtual hardware."""
    source = (ROOT / "tools/simulator/citizens.c").read_text(encoding="utf-8")
    for entry in re.findall(r"\{ \.id = .*?\}", source, re.S):
        fields = dict(re.findall(r"\.(\w+) = \"([^\"]*)\"", entry))
        if fields["id"] == card:
            return fields
    raise Failure(f"there is no citizen {card}")


def photo(number, size):
    """As citizens.c makes it: noise that begins with the number."""
    state = 2166136261
    for byte in number.encode():
        state = (state ^ byte) * 16777619 % 2**32
    out = bytearray()
    for _ in range(size):
        state = (state * 1664525 + 1013904223) % 2**32
        out.append(state >> 24)
    return bytes(out)


def texts(name, text):
    return [(f"{name} in UTF-8", text.encode()), (f"{name} in UCS-2", text.encode("utf-16-le"))]


def facts(card):
    """[(what it is, its bytes)] in every form the programs may give it."""
    person = citizen(card)
    birth = person["birth"]
    year, month, day = birth[:4], birth[4:6], birth[6:]
    found = texts("the name", person["name"]) + texts("the number", person["number"])
    found += texts("the address", person["address"])
    for form in (birth, f"{year}-{month}-{day}", f"{year}年{int(month)}月{int(day)}日"):
        found += texts("the birth date", form)
    found.append(("sex, nation and birth date",
                  struct.pack("<iii", int(person["sex"]), int(person["nation"] or 0), int(birth))))
    found.append(("the photograph", photo(person["number"], 32)))
    return found


def regions(pid):
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
        for line in maps:
            words = line.split(maxsplit=5)
            first, last = (int(part, 16) for part in words[0].split("-"))
            name = words[5].strip() if len(words) > 5 else "anonymous memory"
            if words[1][0] == "r" and name not in KERNEL_PAGES and first not in SHADOW:
                yield first, last, name


def blocks(memory, first, last, overlap):
    """(address, bytes) of one region, each block with the end of the one before."""
    rest = b""
    while first < last:
        try:
            memory.seek(first)
            data = memory.read(min(CHUNK, last - first))
        except OSError:  # gone meanwhile, or a page beyond the end of its file
            return
        if not data:
            return
        yield first - len(rest), rest + data
        first += len(data)
        rest = data[-overlap:]


def shown(data, at, length):
    around = data[max(0, at - CONTEXT):at + length + CONTEXT]
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in around) + " " + around.hex()


def search(pid, wanted):
    """{what: [where]} for each of [(what, bytes)] that lies in the memory of a stopped process."""
    found = {}
    overlap = max(len(pattern) for _, pattern in wanted)
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for first, last, name in regions(pid):
            for address, data in blocks(memory, first, last, overlap):
                for what, pattern in wanted:
                    at = data.find(pattern)
                    while at >= 0:
                        where = f"{address + at:#x} in {name}: {shown(data, at, len(pattern))}"
                        if len(found.setdefault(what, [])) < 8 and where not in found[what]:
                            found[what].append(where)
                        at = data.find(pattern, at + 1)
    return found
