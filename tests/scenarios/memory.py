"""What a running program's memory still tells about a citizen: every page that holds anything is read."""

import array
import mmap
import pathlib
import re
import struct

from world import ROOT, Failure

CHUNK = 1 << 22
CONTEXT = 64
PLACES_MAX = 8  # of each thing found
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


def masked_name(name):
    """As text_mask_name has it."""
    return name[0] + "*" * max(1, len(name) - 2) + (name[-1] if len(name) > 2 else "")


def masked_number(number):
    return number[:4] + "*" * (len(number) - 6) + number[-2:]


def facts(card):
    """[(what it is, its bytes)] in every form the programs may give it."""
    person = citizen(card)
    birth = person["birth"]
    year, month, day = birth[:4], birth[4:6], birth[6:]
    found = texts("the name", person["name"]) + texts("the number", person["number"])
    found += texts("the address", person["address"])
    found += texts("the masked name", masked_name(person["name"]))
    found += texts("the masked number", masked_number(person["number"]))
    for form in (birth, f"{year}-{month}-{day}", f"{year}年{int(month)}月{int(day)}日"):
        found += texts("the birth date", form)
    found.append(("sex, nation and birth date",
                  struct.pack("<iii", int(person["sex"]), int(person["nation"] or 0), int(birth))))
    found.append(("the photograph", photo(person["number"], 32)))
    return found


# [x, y, begins] in 4096ths of the field; values that nothing else in memory has.
SIGNATURE = [[907, 1413, True], [2311, 1319, False], [1607, 613, True], [1553, 2309, False], [1009, 3511, False],
             [1657, 1511, True], [2111, 2609, False], [2707, 3307, False]]


def ink():
    """The signature as the programs hold it: points as drawn, and as they are packed to be sealed."""
    found = [(f"the signature, point {index}", struct.pack("<HHB", x, y, begins))
             for index, (x, y, begins) in enumerate(SIGNATURE)]
    packed = b"".join((begins << 23 | x // 2 << 12 | y).to_bytes(3, "big") for x, y, begins in SIGNATURE[:4])
    return found + [("the signature, packed", packed)]


def regions(pid):
    with open(f"/proc/{pid}/maps", encoding="utf-8") as maps:
        for line in maps:
            words = line.split(maxsplit=5)
            first, last = (int(part, 16) for part in words[0].split("-"))
            name = words[5].strip() if len(words) > 5 else "anonymous memory"
            is_file_as_it_was = name.startswith("/") and "w" not in words[1]
            if words[1][0] == "r" and name not in KERNEL_PAGES and first not in SHADOW and not is_file_as_it_was:
                yield first, last, name


def runs(pagemap, first, last):
    """(first, last) of pages in a row that exist: all others read as noughts."""
    pagemap.seek(first // mmap.PAGESIZE * 8)
    pages = array.array("Q", pagemap.read((last - first) // mmap.PAGESIZE * 8))
    start = None
    for number, page in enumerate(pages):
        address = first + number * mmap.PAGESIZE
        if page >> 62:  # in memory or swapped out
            start = address if start is None else start
        elif start is not None:
            yield start, address
            start = None
    if start is not None:
        yield start, last


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


def without_person(data, wanted):
    """The neighbours tell whose buffer it is; the person is not for a test's log."""
    for _, pattern in wanted:
        data = data.replace(pattern, b"#" * len(pattern))
    return data


def shown(data, at, length, wanted):
    overlap = max(len(pattern) for _, pattern in wanted)
    first = max(0, at - CONTEXT)
    masked = without_person(data[max(0, first - overlap):at + length + CONTEXT + overlap], wanted)
    around = masked[min(first, overlap):][:at - first + length + CONTEXT]
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in around) + " " + around.hex()


def threads(pid):
    """[(stack pointer, name)] of the threads of a stopped process."""
    found = []
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        words = (task / "syscall").read_text(encoding="ascii").split()
        if len(words) >= 3:
            found.append((int(words[-2], 16), (task / "comm").read_text(encoding="utf-8").strip() + " " + task.name))
    return found


def place(address, first, last, name, stacks):
    """The mapping, the offset in it and, on a stack, whose it is and on which side of its top."""
    text = f"{address:#x}, {name} {first:#x}-{last:#x} + {address - first:#x}"
    for top, thread in stacks:
        if first <= top < last:
            text += f", stack of thread {thread}: {'in use' if address >= top else 'free'}, {address - top:+#x} from its top"
    return text


def judge(data, address, region, wanted, found):
    """region: (first, last, name, stacks)"""
    for what, pattern in wanted:
        at = data.find(pattern)
        while at >= 0:
            where = f"{place(address + at, *region)}: {shown(data, at, len(pattern), wanted)}"
            if len(found.setdefault(what, [])) < PLACES_MAX and where not in found[what]:
                found[what].append(where)
            at = data.find(pattern, at + 1)


def search(pid, wanted):
    """{what: [where]} for each of [(what, bytes)] that lies in the memory of a stopped process."""
    found = {}
    overlap = max(len(pattern) for _, pattern in wanted)
    stacks = threads(pid)
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory, open(f"/proc/{pid}/pagemap", "rb") as pagemap:
        for first, last, name in regions(pid):
            for run in runs(pagemap, first, last):
                for address, data in blocks(memory, *run, overlap):
                    judge(data, address, (first, last, name, stacks), wanted, found)
    return found
