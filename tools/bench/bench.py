#!/usr/bin/env python3
"""Measures the release build: the running kiosk from outside, and what a note and a receipt cost.

usage: bench.py BUILD_DIRECTORY [--journal] [--full | --sizes "ENTRIES…"]

--journal measures the journal alone. --sizes lists how many entries wait for the bureau (0 and
100 000); --full stands for --sizes "0 100000 1000000 5000000", and takes minutes and 4 GB.

Everything runs on this machine in one go: a private X server, the virtual hardware, the kiosk with
all devices polled. Figures are for comparing builds on one machine; the ratios are what travels.
"""
import argparse
import json
import os
import pathlib
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
PANEL = (1080, 1920)
IDLE_S = int(os.environ.get("BENCH_IDLE_S", "30"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "20"))
UNSENT, UNSENT_FULL = "0 100000", "0 100000 1000000 5000000"
HEADER_WHITE = "ffffff"


def font_directory():
    for path in ("/usr/share/fonts/opentype/noto",):
        if pathlib.Path(path, "NotoSansCJK-Regular.ttc").exists():
            return path
    sys.exit("bench: the package fonts-noto-cjk is missing")


class Kiosk:
    """Asks the kiosk's automation socket."""

    def __init__(self, path):
        deadline = time.monotonic() + 20
        while True:
            self.socket = socket.socket(socket.AF_UNIX)
            try:
                self.socket.connect(path)
                break
            except OSError:
                if time.monotonic() > deadline:
                    raise
                time.sleep(0.05)
        self.lines = self.socket.makefile("rw")

    def ask(self, **request):
        self.lines.write(json.dumps(request) + "\n")
        self.lines.flush()
        reply = json.loads(self.lines.readline())
        if not reply["ok"]:
            sys.exit(f"bench: {request}: {reply}")
        return reply

    def centre(self, widget):
        for node in self.ask(do="tree")["nodes"]:
            if node["id"] == widget:
                x, y, width, height = node["rect"]
                return x + width // 2, y + height // 2
        sys.exit(f"bench: no widget {widget}")


def process_sum(pid):
    """CPU seconds and voluntary switches of all threads."""
    switches = 0
    for task in pathlib.Path(f"/proc/{pid}/task").iterdir():
        for line in (task / "status").read_text().splitlines():
            if line.startswith("voluntary_ctxt_switches"):
                switches += int(line.split()[1])
    fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK"), switches


def memory_kib(pid):
    wanted = {"Pss": 0, "Pss_Anon": 0, "Pss_File": 0, "Pss_Shmem": 0}
    for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
        name, _, rest = line.partition(":")
        if name in wanted:
            wanted[name] = int(rest.split()[0])
    return wanted


def start_x_server():
    for number in range(90, 190):
        if not pathlib.Path(f"/tmp/.X11-unix/X{number}").exists():
            server = subprocess.Popen(
                ["Xvfb", f":{number}", "-screen", "0", f"{PANEL[0]}x{PANEL[1]}x24", "-nolisten", "tcp"],
                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            while not pathlib.Path(f"/tmp/.X11-unix/X{number}").exists():
                time.sleep(0.02)
            return server, f":{number}"
    sys.exit("bench: no free display")


def start_bureau(build, scratch):
    """The bureau on a free port; gives its address."""
    certs = scratch / "tls"
    bureau = f"{build}/tools/bureau/guichet-bureau"
    subprocess.run([str(ROOT / "tools/bureau/make-dev-certs.sh"), str(certs)], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                   env=dict(os.environ, GUICHET_BUREAU=bureau, KIOSK_ID="000003"))
    process = subprocess.Popen([bureau, "--db", str(scratch / "bureau.db"), "--tls-dir", str(certs),
                                "--port", "0"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
                               text=True)
    return process, process.stdout.readline().split()[1]


def write_settings(scratch, bureau_url):
    """A development kiosk in a scratch folder."""
    certs = scratch / "tls"
    data = scratch / "data"
    data.mkdir()
    template = (ROOT / "config/dev/kiosk.ini").read_text()
    wanted = {"data_dir": data, "policy_dir": ROOT / "config/policy", "font": font_directory(),
              "ca_cert": certs / "ca.pem", "client_cert": certs / "kiosk.pem",
              "client_key": certs / "kiosk.key", "bureau_public_key": certs / "bureau.pub",
              "url": bureau_url, "poll_s": 60, "full_screen": "no"}
    lines = []
    for line in template.splitlines():
        key = line.split("=")[0].strip()
        lines.append(f"{key} = {wanted[key]}" if key in wanted else line)
    settings = scratch / "kiosk.ini"
    settings.write_text("\n".join(lines) + "\n")
    shutil.copy(ROOT / "config/devices.ini", scratch / "devices.ini")
    return settings


def bench_start(build, display, settings):
    times = []
    for _ in range(7):
        output = subprocess.run(
            [f"{build}/tools/bench/panel_probe", "first", display, "8,8", HEADER_WHITE, "--",
             f"{build}/firmware/app/guichet", "--settings", str(settings)],
            check=True, capture_output=True, text=True, env=dict(os.environ, DISPLAY=display)).stdout
        times.append(float(output))
    print(f"start to first frame, journal open: {statistics.median(times):.0f} ms "
          f"(median of {len(times)}, {min(times):.0f} to {max(times):.0f})")


def bench_press(build, display, kiosk):
    start = kiosk.centre("home.start")
    kiosk.ask(do="tap", id="home.start")
    kiosk.ask(do="wait", screen="identify")
    back = kiosk.centre("footer.back")
    kiosk.ask(do="tap", id="footer.back")
    kiosk.ask(do="wait", screen="home")
    output = subprocess.run(
        [f"{build}/tools/bench/panel_probe", "press", display, "%d,%d" % start, "%d,%d" % back,
         "40,150,1000,700", str(ROUNDS)], check=True, capture_output=True, text=True).stdout
    pairs = [tuple(map(float, line.split())) for line in output.splitlines()]
    for name, index in (("press to press-feedback", 0), ("release to new screen", 1)):
        values = sorted(pair[index] for pair in pairs)
        print(f"{name}: {statistics.median(values):.2f} ms (90th {values[len(values) * 9 // 10]:.2f})")


def count_waits(pid, seconds):
    """Returns from poll() and futex waits: the kiosk's own wake-ups. The virtual bus answers each
    USB ioctl over a socket, and waiting for that answer is no wake-up of a kiosk on a real bus."""
    with tempfile.NamedTemporaryFile("r") as trace:
        subprocess.run(["timeout", str(seconds), "strace", "-f", "-q", "-e", "trace=poll,ppoll,futex",
                        "-o", trace.name, "-p", str(pid)], stderr=subprocess.DEVNULL)
        lines = trace.read().splitlines()
    return sum(1 for line in lines
               if "<unfinished" not in line and "FUTEX_WAKE" not in line and "+++" not in line)


def bench_idle(pid):
    time.sleep(3)
    memory = memory_kib(pid)
    cpu0, switches0 = process_sum(pid)
    time.sleep(IDLE_S)
    cpu1, switches1 = process_sum(pid)
    print(f"memory: PSS {memory['Pss'] / 1024:.1f} MB (anonymous {memory['Pss_Anon'] / 1024:.1f}, "
          f"file {memory['Pss_File'] / 1024:.1f}, shared {memory['Pss_Shmem'] / 1024:.1f}); goal <= 40")
    print(f"idle {IDLE_S} s, all devices polled: CPU {(cpu1 - cpu0) / IDLE_S * 100:.2f} % of a core, "
          f"{count_waits(pid, IDLE_S) / IDLE_S:.2f} wake-ups/s (goal <= 2); "
          f"{(switches1 - switches0) / IDLE_S:.2f} voluntary switches/s with the virtual bus's own")


def count_flushes(program, folder, entries):
    """(all, of the database file: one a checkpoint) of fdatasync and fsync, with opening the journal."""
    folder.mkdir()
    trace = folder / "trace"
    subprocess.run(["strace", "-f", "-y", "-qq", "-e", "trace=fdatasync,fsync", "-o", str(trace), program,
                    "append", str(folder), str(entries)], check=True)
    flushes = [line for line in trace.read_text().splitlines() if "sync(" in line]
    return len(flushes), sum(1 for line in flushes if ".db>" in line)


def bench_flushes(program, scratch):
    (few, some, many) = (count_flushes(program, scratch / f"flushes-{n}", n) for n in (20, 120, 2020))
    print(f"  flushes: {some[0] - few[0]} for 100 entries with {some[1] - few[1]} checkpoints (goal: 1 each); "
          f"{many[0] - few[0]} for 2000 with {many[1] - few[1]}")


def bench_journal(build, scratch, sizes):
    program = f"{build}/tools/bench/guichet-bench-journal"
    print("journal as the queue to the bureau (whole visits; taken in turns)", flush=True)
    subprocess.run([program, "backlog", str(scratch), *sizes], check=True)
    bench_flushes(program, scratch)


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument("build", type=lambda path: pathlib.Path(path).resolve())
    parser.add_argument("--journal", action="store_true")
    parser.add_argument("--full", dest="sizes", action="store_const", const=UNSENT_FULL)
    parser.add_argument("--sizes")
    options = parser.parse_args()
    build, sizes = options.build, (options.sizes or UNSENT).split()
    if options.journal:
        with tempfile.TemporaryDirectory(prefix="guichet-bench-") as folder:
            bench_journal(build, pathlib.Path(folder), sizes)
        return
    scratch = pathlib.Path(tempfile.mkdtemp(prefix="guichet-bench-"))
    processes = []
    try:
        server, display = start_x_server()
        processes.append(server)
        bureau, bureau_url = start_bureau(build, scratch)
        processes.append(bureau)
        settings = write_settings(scratch, bureau_url)
        bench_start(build, display, settings)
        control, automation = scratch / "sim.sock", scratch / "kiosk.sock"
        sim = f"{build}/tools/simulator/guichet-sim"
        processes.append(subprocess.Popen([sim, "run", "--socket", str(control), "--headless"],
                                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL))
        while not control.exists():
            time.sleep(0.02)
        log = open(scratch / "kiosk.log", "w")
        kiosk_process = subprocess.Popen(
            [sim, "--socket", str(control), "exec", "--", f"{build}/firmware/app/guichet",
             "--settings", str(settings), "--automation", str(automation)],
            stderr=log, env=dict(os.environ, DISPLAY=display))
        processes.append(kiosk_process)
        kiosk = Kiosk(str(automation))
        while kiosk.ask(do="state")["visit"] != "offered":
            time.sleep(0.1)
        pid = kiosk_process.pid  # guichet-sim exec replaces itself by the kiosk
        bench_press(build, display, kiosk)
        bench_idle(pid)
        subprocess.run([f"{build}/tools/bench/guichet-bench", str(scratch), font_directory()],
                       check=True)
        bench_journal(build, scratch, sizes)
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait()
        shutil.rmtree(scratch, ignore_errors=True)


if __name__ == "__main__":
    main()
