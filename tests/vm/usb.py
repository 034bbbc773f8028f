#!/usr/bin/env python3
"""The contract suites on the kernel's own USB stack: Debian's stock kernel in a virtual machine.

usage: usb.py --build FOLDER --kernel FOLDER SUITE…

The models of guichet-sim stand behind vhci_hcd, the kernel's virtual controller; hub, enumeration,
usbfs, udevd and libusb are the real ones. Each suite is the same program that runs behind umockdev.
"""
import argparse
import pathlib
import re
import select
import subprocess
import sys
import tempfile
import time

import vm

SKIPPED = 77
BOOT_S_MAX = 120     # to the first word, on a machine that is busy otherwise
SILENCE_S_MAX = 120  # a suite that says nothing for so long hangs
MEMORY_MB = 1536
GCONV = pathlib.Path("/usr/lib/x86_64-linux-gnu/gconv")  # names on cards are in GBK and GB 18030

# name: (program, options of guichet-sim, arguments of the program)
SUITES = {
    "id_reader": ("id_reader_contract", "", ""),
    "contact_reader": ("contact_reader_contract", "", ""),
    "contact_reader_trouble": ("contact_reader_trouble", "", ""),
    "cash_acceptor_ssp": ("cash_acceptor_contract", "", "ssp"),
    "cash_acceptor_ssp_trouble": ("cash_acceptor_trouble", "", "ssp"),
    "cash_acceptor_id003": ("cash_acceptor_contract", "--acceptor id003", "id003"),
    "cash_acceptor_id003_trouble": ("cash_acceptor_trouble", "--acceptor id003", "id003"),
    "printer": ("printer_contract", "", "/tmp/out"),
}

PROLOGUE = """export PATH=/bin TZ=Asia/Shanghai ASAN_OPTIONS=detect_leaks=0
mkdir -p /tmp/out /run
mount -t devpts devpts /dev/pts 2>/dev/null
/bin/systemd-udevd --daemon || echo broken udevd
exec 2>&1
"""

SUITE = """echo '== begin {name}'
guichet-sim run --kernel --socket /tmp/sim.sock --headless --fast --out /tmp/out {simulator} -- /suites/{program} {arguments}
echo "== end {name} $?"
"""

# On QEMU's own reader; no model of ours.
QEMU_SUITE = "contact_reader_qemu"
QEMU_RUN = f"""echo '== begin {QEMU_SUITE}'
/suites/{QEMU_SUITE}
echo "== end {QEMU_SUITE} $?"
"""


class Broken(Exception):
    """The machine itself did not do its work."""


def make_initrd(options):
    archive = vm.base_archive(options.kernel, vm.USB_MODULES)
    archive.add_program(options.kernel / "udevadm", "bin/udevadm")
    archive.add("bin/systemd-udevd", b"udevadm", vm.LINK)
    for path in (GCONV / "gconv-modules.cache", *sorted(GCONV.glob("*GB*.so"))):
        archive.add(str(path), path.read_bytes())
    archive.add_program(options.build / "tools/simulator/guichet-sim", "bin/guichet-sim")
    script = PROLOGUE
    for name in options.suites:
        if name == QEMU_SUITE:
            archive.add_program(options.build / "tests/vm" / name, f"suites/{name}")
            script += QEMU_RUN
            continue
        program, simulator, arguments = SUITES[name]
        archive.add_program(options.build / "tests/contract" / program, f"suites/{program}")
        script += SUITE.format(name=name, program=program, simulator=simulator, arguments=arguments)
    archive.add("script", script.encode())
    return archive.bytes()


def lines_of(machine):
    """What the guest says, line by line, until it ends."""
    heard, limit = b"", BOOT_S_MAX
    while True:
        if not select.select([machine.stdout], [], [], limit)[0]:
            raise Broken(f"the guest said nothing for {limit} s")
        piece = machine.stdout.read1(65536)
        if not piece:
            return
        heard, limit = heard + piece, SILENCE_S_MAX
        while b"\n" in heard:
            line, heard = heard.split(b"\n", 1)
            yield line.decode(errors="replace").rstrip("\r")


class Card:
    """The card in QEMU's reader: vscard on the host, which joins at the first order."""

    def __init__(self, options, sock):
        self.command = [options.build / "tests/vm/vscard", sock]
        self.process = None

    def order(self, words):
        if self.process is None:
            self.process = subprocess.Popen(self.command, stdin=subprocess.PIPE, text=True)
        self.process.stdin.write(words + "\n")
        self.process.stdin.flush()

    def end(self):
        if self.process is not None:
            self.process.stdin.close()
            self.process.wait()


def run_suites(machine, card):
    """Prints what the suites say and does what they ask for; which ended, and how."""
    results, started = {}, time.monotonic()
    for line in lines_of(machine):
        print(line, flush=True)
        if line.startswith("@card "):
            card.order(line.removeprefix("@card "))
        ended = re.match(r"== end (\S+) (\d+)", line)
        if ended:
            results[ended[1]] = int(ended[2])
            print(f"   after {time.monotonic() - started:.1f} s", flush=True)
    return results


def complaints(kernel_log):
    """What a kernel says only when something is wrong with itself."""
    return [line for line in kernel_log.read_text(errors="replace").splitlines()
            if re.search(r"\b(BUG|WARNING|Oops|usercopy|cannot find a urb)\b", line)]


def run(options, scratch):
    initrd, kernel_log = scratch / "initrd", scratch / "kernel.log"
    initrd.write_bytes(make_initrd(options))
    sock, devices = scratch / "card.sock", []
    if QEMU_SUITE in options.suites:
        devices = ["-device", "qemu-xhci", "-chardev",
                   f"socket,path={sock},server=on,wait=off,id=card", "-device", "usb-ccid",
                   "-device", "ccid-card-passthru,chardev=card"]
    machine, card = vm.start(options.kernel, initrd, devices, kernel_log, MEMORY_MB), Card(options, sock)
    try:
        results = run_suites(machine, card)
    finally:
        card.end()
        machine.kill()
        machine.wait()
        said = kernel_log.read_text(errors="replace") if kernel_log.exists() else ""
        print(f"---- the kernel's log\n{said[-6000:]}")
    bad = [name for name in options.suites if results.get(name) != 0]
    wrong = complaints(kernel_log)
    for name in bad:
        print(f"vm: {name} did not pass ({results.get(name, 'it never ended')})")
    for line in wrong:
        print(f"vm: the kernel complains: {line}")
    return 1 if bad or wrong else 0


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--build", type=pathlib.Path, required=True)
    parser.add_argument("--kernel", type=pathlib.Path, required=True)
    parser.add_argument("suites", nargs="+", choices=[*SUITES, QEMU_SUITE])
    options = parser.parse_args()
    try:
        vm.require(options.kernel)
    except vm.Unavailable as error:
        print(f"SKIPPED, nothing was proved: {error}")
        return SKIPPED
    with tempfile.TemporaryDirectory() as scratch:
        return run(options, pathlib.Path(scratch))


if __name__ == "__main__":
    try:
        sys.exit(main())
    except Broken as error:
        sys.exit(f"vm: {error}")
