#!/usr/bin/env python3
"""Power cuts on a real file system: is anything lost that was said to be durable?

usage: power.py --build FOLDER --kernel FOLDER [--cuts N] [--seed N] [--defect NAME] [--expect-loss]

power_writer runs the kiosk's own journal and cash flow in a virtual machine, on ext4, on a disk with
a volatile write cache. At a random moment the machine is killed and the disk loses what was not
flushed. The next start mounts the same disk, and must find every entry that was told, a sound chain,
and as many notes in the books as lie in the acceptor's box.

Defects, each of which must lose something (--expect-loss turns the verdict round):
  no-flush    the program's fsync and fdatasync do nothing
  no-barrier  the file system does not hand flushes on to the disk (mount option barrier=0)
"""
import argparse
import pathlib
import random
import select
import subprocess
import sys
import tempfile
import time

import disk

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "vm"))
import vm  # noqa: E402 what this test shares with tests/vm

BOOT_S_MAX = 120   # to the first word of a start, on a machine that is busy otherwise
WORD_S_MAX = 60
SILENT_STARTS_MAX = 3  # a kernel that cannot find its clock on a machine without time says nothing
LINES_MIN, LINES_MAX = 1, 90  # told before the cut; below 5 it falls into the recovery
IMAGE_BYTES = 48 << 20
SKIPPED = 77
DEFECTS = {"": ("barrier=1", ""), "no-flush": ("barrier=1", "/no_flush.so"),
           "no-barrier": ("barrier=0", "")}


class Loss(Exception):
    """Something that was durable is not there."""


class Broken(Exception):
    """The test itself cannot go on."""


class Silent(Broken):
    """A start said nothing at all. The power may go once more, and come back."""


class Acceptor:
    """What a note acceptor knows when the power comes back."""

    def __init__(self):
        self.stacked, self.notes = 1000, 0  # its lifetime counter; notes in the box
        self.event_fen, self.escrow_fen = 0, 0

    def take(self, word, value_fen):
        if word == "escrow":
            self.escrow_fen = value_fen
        elif word == "stacked":
            self.escrow_fen, self.event_fen = 0, value_fen
            self.stacked += 1
            self.notes += 1
        elif word == "acknowledged":
            self.event_fen = 0
        elif word == "returned":
            self.escrow_fen = 0

    def forget_event(self):
        """Some devices do not repeat it; then the counter alone tells."""
        self.event_fen = 0


class World:
    """One disk and one acceptor over many power cuts."""

    def __init__(self, options, scratch):
        self.options, self.scratch = options, scratch
        self.dice = random.Random(options.seed)
        self.image = scratch / "disk.img"
        self.acceptor = Acceptor()
        self.told_seq, self.told_hash = 0, ""
        self.heard = b""
        self.transcript = []  # of the last two starts
        self.cuts = self.entries = self.sectors_lost = self.in_recovery = self.resolved_notes = 0
        self.initrd_base = self.make_initrd()
        self.make_disk()

    def make_disk(self):
        with open(self.image, "wb") as file:
            file.truncate(IMAGE_BYTES)
        subprocess.run(["/sbin/mkfs.ext4", "-q", "-F", str(self.image)], check=True)

    def make_initrd(self):
        archive = vm.base_archive(self.options.kernel)
        power = self.options.build / "tests/power"
        archive.add_program(power / "power_writer", "power_writer")
        archive.add_program(power / "libno_flush.so", "no_flush.so")
        return archive.bytes()

    def run_script(self):
        mount_options, preload = DEFECTS[self.options.defect]
        acceptor = self.acceptor
        if acceptor.event_fen and self.dice.random() < 0.5:
            acceptor.forget_event()
        words = [self.told_seq, acceptor.stacked, acceptor.event_fen, acceptor.escrow_fen,
                 self.dice.randrange(1 << 31)]
        # A sanitizer's library must not mind a library before it, nor look for leaks when killed.
        return (f"mount -t ext4 -o {mount_options} /dev/vda /disk || {{ echo refused mount; exit; }}\n"
                "export ASAN_OPTIONS=verify_asan_link_order=0:detect_leaks=0\n"
                f"LD_PRELOAD={preload} /power_writer /disk/journal.db "
                + " ".join(map(str, words)) + "\n")

    def start(self):
        run = vm.Archive()
        script = self.run_script()
        run.add("script", script.encode())
        initrd = self.scratch / "initrd"
        initrd.write_bytes(self.initrd_base + run.bytes())
        nbd = self.scratch / "nbd.sock"
        nbd.unlink(missing_ok=True)
        self.disk = disk.VolatileDisk(self.image, nbd)
        self.transcript = self.transcript[-40:] + ["--- power comes back: " + script.splitlines()[-1]]
        self.kernel_log = self.scratch / "kernel.log"
        drive = f"if=virtio,cache=writeback,driver=nbd,server.type=unix,server.path={nbd}"
        return vm.start(self.options.kernel, initrd, ["-drive", drive], self.kernel_log)

    def read_lines(self, machine):
        """What the guest says, line by line; ends with it. What was read and not yet taken is in
        self.heard."""
        self.heard, limit, failure = b"", BOOT_S_MAX, Silent
        while True:
            while b"\n" in self.heard:
                line, self.heard = self.heard.split(b"\n", 1)
                yield line.decode(errors="replace")
            if not select.select([machine.stdout], [], [], limit)[0]:
                raise failure(f"the guest said nothing for {limit} s")
            piece = machine.stdout.read1(65536)
            if not piece:
                raise Broken("the guest ended")
            self.heard += piece
            limit, failure = WORD_S_MAX, Broken

    def hear(self, line, state):
        """Takes one line. Raises Loss if it says that something is gone."""
        self.transcript.append(line)
        word, *values = line.split()
        acceptor = self.acceptor
        if word == "opened" and int(values[0]) < self.told_seq:
            raise Loss(f"entry {self.told_seq} was durable, the journal ends at {values[0]}")
        if word in ("broken", "refused"):
            raise Loss(line)
        if word == "entry" and values != [str(self.told_seq), self.told_hash]:
            raise Loss(f"entry {values[0]} is another than the one that was durable")
        if word == "durable":
            self.told_seq, self.told_hash = int(values[0]), values[1]
            self.entries += 1
        elif word == "resolved":
            state["resolved"] = True
            self.resolved_notes = sum(map(int, values))
            if self.resolved_notes != acceptor.notes:
                raise Loss(f"{acceptor.notes} notes are in the box, {self.resolved_notes} booked")
        else:
            acceptor.take(word, int(values[0]) if values else 0)

    def wait_for_moment(self):
        """Most cuts fall into a commit, between two writes or before a flush; some anywhere."""
        if self.dice.random() < 0.2:
            time.sleep(self.dice.random() * 0.01)
            return
        self.disk.cut_after(self.dice.randrange(12))
        if not self.disk.gone.wait(WORD_S_MAX):
            raise Broken("the guest writes nothing any more")

    def cut_once(self):
        lines_wanted = self.dice.randint(LINES_MIN, LINES_MAX)
        keep_percent = self.dice.choice([0, 0, 50, 90])
        machine = self.start()
        state = {"resolved": False}
        first_seq = self.told_seq
        try:
            for count, line in enumerate(self.read_lines(machine), 1):
                self.hear(line, state)
                if count >= lines_wanted and (self.cuts or state["resolved"]):
                    break
            self.wait_for_moment()
        except Broken as error:
            machine.kill()
            raise type(error)(f"{error}\n{self.tail(machine)}") from error
        finally:
            machine.kill()
            unflushed, lost = self.disk.cut(keep_percent, self.dice)
            # What had left the machine before it died was said; half a line was not.
            rest = self.heard + machine.communicate()[0]
            for line in rest.decode(errors="replace").split("\n")[:-1]:
                self.hear(line, state)
        self.cuts += 1
        self.sectors_lost += lost
        self.in_recovery += not state["resolved"]
        print(f"cut {self.cuts}: {self.told_seq - first_seq} entries told, to {self.told_seq}; "
              f"{lost} of {unflushed} sectors not flushed lost; {self.acceptor.notes} notes in the "
              f"box{'' if state['resolved'] else '; cut in the recovery'}", flush=True)

    def tail(self, machine):
        log = self.kernel_log.read_text(errors="replace")[-2000:] if self.kernel_log.exists() else ""
        return log + machine.stderr.read().decode(errors="replace")[-1000:]

    def look_once_more(self):
        """The start after the last cut, without another."""
        machine = self.start()
        state = {"resolved": False}
        try:
            for line in self.read_lines(machine):
                self.hear(line, state)
                if state["resolved"]:
                    return
        finally:
            machine.kill()
            machine.communicate()
            self.disk.cut(0, self.dice)


def start_patiently(step):
    for _ in range(SILENT_STARTS_MAX - 1):
        try:
            return step()
        except Silent as silent:
            print(f"once more, for {silent}", flush=True)
    return step()


def play(world, cuts):
    for _ in range(cuts):
        start_patiently(world.cut_once)
    start_patiently(world.look_once_more)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("--build", type=lambda path: pathlib.Path(path).resolve(), required=True)
    parser.add_argument("--kernel", type=lambda path: pathlib.Path(path).resolve(), required=True)
    parser.add_argument("--cuts", type=int, default=3)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(1 << 31))
    parser.add_argument("--defect", choices=DEFECTS, default="")
    parser.add_argument("--expect-loss", action="store_true")
    options = parser.parse_args()
    try:
        vm.require(options.kernel)
    except vm.Unavailable as error:
        print(f"SKIPPED: {error}")
        return SKIPPED
    started = time.monotonic()
    print(f"seed {options.seed}" + (f", defect {options.defect}" if options.defect else ""), flush=True)
    with tempfile.TemporaryDirectory(prefix="guichet-power-") as scratch:
        world = World(options, pathlib.Path(scratch))
        try:
            play(world, options.cuts)
        except Loss as loss:
            if world.told_seq == 0:  # nothing was ever durable: no verdict on anything
                print(f"the test broke: {loss}")
                return 2
            if not options.expect_loss:
                print("\n".join(world.transcript))
            print(f"LOST after {world.cuts} cuts: {loss}")
            return 0 if options.expect_loss else 1
        except Broken as error:
            print(f"the test broke: {error}")
            return 2
    print(f"{world.cuts} cuts ({world.in_recovery} of them in a recovery), {world.entries} entries told "
          f"durable, {world.sectors_lost} sectors lost with the cache, {world.acceptor.notes} notes in "
          f"the box and {world.resolved_notes} in the books; nothing told was lost; "
          f"{time.monotonic() - started:.0f} s")
    if options.expect_loss:
        print("but something had to be lost with this defect: the test cannot see it")
    return 1 if options.expect_loss else 0


if __name__ == "__main__":
    sys.exit(main())
