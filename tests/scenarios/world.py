"""The programs of one scenario, their folder, and what can be asked of them."""

import configparser
import json
import os
import pathlib
import resource
import shlex
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import threading
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
WAIT_S = 15  # for a condition, unless a step says otherwise
POLL_S = 0.02
LOG_LINES = 25
ACCEPTORS = {  # as devices.ini finds each, the second behind the bridge that guichet-sim gives it
    "ssp": "driver = ssp\nvid = 0x191C\npid = 0x4104\n",
    "id003": "driver = id003\nvid = 0x0403\npid = 0x6001\n",
}
PAGE_BYTES = 2048  # of the journal, firmware/store/db.c


class Failure(Exception):
    """The scenario does not hold."""


def split(line):
    try:
        return shlex.split(line, comments=True)
    except ValueError as problem:
        raise Failure(f"{line.strip()}: {problem}") from None


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Program:
    """A started program whose output is kept, in memory and as a file."""

    def __init__(self, name, command, log, env=None):
        self.name, self.lines = name, []
        self._file = open(log, "a", encoding="utf-8")
        # Through a pipe, so that a program that may not write files can still be heard. SIGXFSZ
        # stays ignored as Python has it: for a full disk a write shall fail, not kill.
        self.process = subprocess.Popen(command, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                        stderr=subprocess.STDOUT, restore_signals=False, cwd=log.parent)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def _read(self):
        for raw in self.process.stdout:
            line = raw.decode("utf-8", "replace")
            self.lines.append(line.rstrip("\n"))
            self._file.write(line)
            self._file.flush()

    @property
    def running(self):
        return self.process.poll() is None

    def end(self, how=signal.SIGTERM, seconds=15):
        """Sends a signal and returns the exit status (negative: killed by that signal)."""
        if self.running:
            self.process.send_signal(signal.SIGCONT)
            self.process.send_signal(how)
        try:
            status = self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Failure(f"{self.name} did not end within {seconds} s of signal {how}") from None
        self._reader.join(5)
        self._file.flush()
        return status


class World:
    def __init__(self, build, out):
        self.build = build
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="guichet-"))
        self.out = out or self.folder / "out"
        self.out.mkdir(parents=True, exist_ok=True)
        self.failed, self.deadline = False, float("inf")
        self.bureau = self.sim = self.kiosk = None
        self.bureau_port = None
        self.kiosk_id = "000003"
        self.overrides, self.window = {}, "1080x1920"
        self.devices = (ROOT / "config/devices.ini").read_text(encoding="utf-8")
        self.policy_folder = ROOT / "config/policy"
        self.screenshots = 0
        self.fast = True
        self.acceptor = "ssp"
        self._automation = None
        (self.folder / "data").mkdir(mode=0o700)
        self.published = self.folder / "published"
        self.published.mkdir()

    # Where things are

    def program(self, name):
        places = {"guichet": "firmware/app", "guichet-bureau": "tools/bureau", "guichet-sim": "tools/simulator",
                  "guichetctl": "tools/guichetctl"}
        path = self.build / places[name] / name
        if not path.exists():
            raise Failure(f"{path} is not built")
        return str(path)

    @property
    def journal(self):
        return self.folder / "data/journal.db"

    @property
    def bureau_db(self):
        return self.folder / "bureau.db"

    @property
    def sim_socket(self):
        return self.folder / "sim.sock"

    @property
    def automation_socket(self):
        return self.folder / "kiosk.sock"

    @property
    def sound(self):
        """What the loudspeaker played since the audio device was opened last: 16 bits, one channel."""
        return self.folder / "sound.raw"

    # Waiting

    def wait_for(self, what, condition, seconds=WAIT_S):
        """Polls until condition() is true; its last value is in the failure."""
        limit = min(time.monotonic() + seconds, self.deadline)
        while True:
            value = condition()
            if value is True:
                return
            if time.monotonic() > limit:
                raise Failure(f"waited {seconds} s in vain for {what}" + ("" if value is False else f"; it is {value}"))
            time.sleep(POLL_S)

    # Bureau

    def certificates(self):
        certs = self.folder / "certs"
        if not certs.exists():
            self._make_certificates(certs)
        return certs

    def _make_certificates(self, certs):
        """What is there stays."""
        env = dict(os.environ, GUICHET_BUREAU=self.program("guichet-bureau"), KIOSK_ID=self.kiosk_id)
        done = subprocess.run([str(ROOT / "tools/bureau/make-dev-certs.sh"), str(certs)], env=env,
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"make-dev-certs.sh: {done.stderr.strip()}")

    def become_kiosk(self, kiosk_id):
        """From here on another kiosk of the same bureau: its own certificate, journal and hardware."""
        if self.kiosk and self.kiosk.running:
            raise Failure("the kiosk is running")
        certs = self.certificates()
        for name in ("kiosk.pem", "kiosk.key"):
            (certs / name).unlink()
        (self.folder / "data").rename(self.folder / f"data-{self.kiosk_id}")
        (self.folder / "data").mkdir(mode=0o700)
        self.kiosk_id = self.overrides["kiosk.id"] = kiosk_id
        self._make_certificates(certs)
        self.sim.end()
        self.sim = None

    def start_bureau(self):
        certs = self.certificates()
        if self.bureau_port is None:
            self.bureau_port = free_port()
        self.bureau = Program("guichet-bureau", [
            self.program("guichet-bureau"), "--db", str(self.bureau_db), "--port", str(self.bureau_port),
            "--tls-dir", str(certs), "--misbehave-file", str(self.folder / "misbehave"),
            "--policy-dir", str(self.published)], self.folder / "bureau.log")
        self.wait_for("the bureau to listen",
                      lambda: any("https://" in line for line in self.bureau.lines) or self._alive(self.bureau))

    def _alive(self, program):
        if not program.running:
            tail = "\n".join(program.lines[-5:])
            raise Failure(f"{program.name} ended with status {program.process.returncode}:\n{tail}")
        return False

    def bureau_replies(self, word):
        (self.folder / "misbehave").write_text("" if word == "normal" else word + "\n")

    # Virtual hardware

    def start_sim(self):
        options = ["--fast"] if self.fast else []
        self.sim = Program("guichet-sim", [self.program("guichet-sim"), "run", "--headless", "--socket",
                                           str(self.sim_socket), "--out", str(self.out), "--acceptor", self.acceptor,
                                           *options],
                           self.folder / "sim.log")
        self.wait_for("the virtual hardware", lambda: self.sim_socket.exists() or self._alive(self.sim))

    def choose_acceptor(self, driver):
        if driver not in ACCEPTORS or self.devices.count(ACCEPTORS[self.acceptor]) != 1:
            raise Failure(f"acceptor {'|'.join(ACCEPTORS)}, and devices.ini has that of {self.acceptor} once")
        self.devices = self.devices.replace(ACCEPTORS[self.acceptor], ACCEPTORS[driver])
        self.acceptor = driver

    def ask_sim(self, *words):
        """The answer's lines without the closing ok."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.settimeout(10)
            connection.connect(str(self.sim_socket))
            connection.sendall((shlex.join(words) + "\n").encode())
            lines = []
            for line in connection.makefile(encoding="utf-8"):
                line = line.rstrip("\n")
                if line == "ok":
                    return lines
                if line.startswith("error:"):
                    raise Failure(f"guichet-sim {' '.join(words)}: {line}")
                lines.append(line)
        raise Failure(f"guichet-sim {' '.join(words)}: no answer")

    def sim_state(self):
        state = {}
        for line in self.ask_sim("state"):
            state.update(json.loads(line))
        return state

    def notes(self):
        """Every piece of paper: [(value in yuan, place)], in the order they were fed."""
        (line,) = self.ask_sim("notes")
        return [(note["value"], note["place"]) for note in json.loads(line)["list"]]

    def box_notes(self):
        """Values in yuan of the notes that the kiosk physically keeps."""
        return [value for value, place in self.notes() if place in ("box", "collected")]

    # Kiosk

    def write_settings(self):
        settings = configparser.ConfigParser(interpolation=None)
        settings.read(ROOT / "config/dev/kiosk.ini", encoding="utf-8")
        certs = self.certificates()
        if self.bureau_port is None:
            self.bureau_port = free_port()
        own = {
            "paths.data_dir": self.folder / "data", "paths.policy_dir": self.policy_folder,
            "bureau.url": f"https://localhost:{self.bureau_port}", "bureau.ca_cert": certs / "ca.pem",
            "bureau.client_cert": certs / "kiosk.pem", "bureau.client_key": certs / "kiosk.key",
            "bureau.bureau_public_key": certs / "bureau.pub", "bureau.retry_s_max": "2", "bureau.poll_s": "1",
        }
        for key, value in {**own, **self.overrides}.items():
            section, _, name = key.partition(".")
            if not settings.has_section(section):
                settings.add_section(section)
            settings.set(section, name, str(value))
        path = self.folder / "kiosk.ini"
        with open(path, "w", encoding="utf-8") as file:
            settings.write(file)
        (self.folder / "devices.ini").write_text(self.devices, encoding="utf-8")
        return path

    def launch_kiosk(self):
        if self.sim is None:
            self.start_sim()
        settings = self.write_settings()
        self.automation_socket.unlink(missing_ok=True)
        # SDL writes into a file what would be heard, in true time.
        env = dict(os.environ, SDL_VIDEODRIVER="dummy", SDL_AUDIODRIVER="disk",
                   SDL_DISKAUDIOFILE=str(self.sound), TZ="Asia/Shanghai")
        for name in ("DISPLAY", "WAYLAND_DISPLAY", "JOURNAL_STREAM", "NOTIFY_SOCKET"):
            env.pop(name, None)
        self.kiosk = Program("guichet", [
            self.program("guichet-sim"), "--socket", str(self.sim_socket), "exec", "--", self.program("guichet"),
            "--settings", str(settings), "--devices", str(self.folder / "devices.ini"),
            "--automation", str(self.automation_socket), "--window", self.window],
            self.folder / "kiosk.log", env)

    def run_service(self, name):
        """A service mode of the same program, with the same settings, hardware and data."""
        settings = self.write_settings()
        env = dict(os.environ, SDL_VIDEODRIVER="dummy", TZ="Asia/Shanghai", LANG="zh_CN.UTF-8")
        for variable in ("DISPLAY", "WAYLAND_DISPLAY", "JOURNAL_STREAM", "NOTIFY_SOCKET"):
            env.pop(variable, None)
        return Program(f"guichet --service {name}", [
            self.program("guichet-sim"), "--socket", str(self.sim_socket), "exec", "--", self.program("guichet"),
            "--settings", str(settings), "--devices", str(self.folder / "devices.ini"), "--window", self.window,
            "--service", name], self.folder / "service.log", env)

    def start_kiosk(self):
        if self.kiosk and self.kiosk.running:
            raise Failure("the kiosk is running already")
        self.launch_kiosk()
        self.wait_for("the kiosk's automation socket",
                      lambda: self.automation_socket.exists() or self._alive(self.kiosk))
        self.wait_for("the kiosk's first answer", self._answers)

    def _answers(self):
        try:
            return self.ask_kiosk(do="state") is not None
        except (OSError, Failure):
            return self._alive(self.kiosk)

    def stop_kiosk(self):
        self._disconnect()
        status = self.kiosk.end(signal.SIGTERM)
        if status != 0:
            raise Failure(f"the kiosk ended with status {status}")

    def kill_kiosk(self):
        """The power goes: no handler runs, nothing is flushed by the program."""
        self._disconnect()
        if self.kiosk.end(signal.SIGKILL) != -signal.SIGKILL:
            raise Failure("the kiosk had ended before it was killed")

    def _disconnect(self):
        if self._automation:
            self._automation.close()
        self._automation = None

    def ask_kiosk(self, **request):
        """One request, one reply. Raises if the kiosk refuses."""
        if self._automation is None:
            connection = socket.socket(socket.AF_UNIX)
            connection.settimeout(130)
            connection.connect(str(self.automation_socket))
            self._automation = connection.makefile("rw", encoding="utf-8")
            connection.close()  # the file object keeps it open
        try:
            self._automation.write(json.dumps(request) + "\n")
            self._automation.flush()
            line = self._automation.readline()
        except OSError:
            line = ""
        if not line:
            self._disconnect()
            raise Failure("the kiosk does not answer")
        reply = json.loads(line)
        if not reply.get("ok"):
            raise Failure(f"{request.get('do')}: {reply.get('error', reply)}")
        return reply

    def limit_files(self, full):
        """A full disk: no file can grow, by one byte."""
        limit = 0 if full else resource.RLIM_INFINITY
        resource.prlimit(self.kiosk.process.pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))

    # Books

    def entries(self):
        """The journal as [(seq, kind, body)]."""
        if not self.journal.exists():
            return []
        running = self.kiosk is not None and self.kiosk.running
        path = self.journal if running else self._copy_of_journal()
        mode = "ro" if running else "rw"
        with sqlite3.connect(f"file:{path}?mode={mode}", uri=True, timeout=5) as db:
            try:
                rows = db.execute("SELECT seq, kind, body FROM journal ORDER BY seq").fetchall()
            except sqlite3.OperationalError as problem:
                if "no such table" in str(problem):
                    return []
                raise Failure(f"{path}: {problem}") from None
        db.close()
        return [(seq, kind, json.loads(body)) for seq, kind, body in rows]

    def damage_journal(self):
        """As a dying disk does. The WAL goes too, for it would heal the pages it still holds."""
        data = bytearray(self.journal.read_bytes())
        for start in range(PAGE_BYTES, len(data), 2 * PAGE_BYTES):
            data[start:start + PAGE_BYTES] = os.urandom(PAGE_BYTES)
        self.damaged_journal = bytes(data)
        self.journal.write_bytes(data)
        for suffix in ("-wal", "-shm"):
            pathlib.Path(f"{self.journal}{suffix}").unlink(missing_ok=True)

    def _copy_of_journal(self):
        """Reading would recover the WAL, which is the kiosk's own business."""
        target = self.folder / "copy"
        target.mkdir(exist_ok=True)
        for suffix in ("", "-wal"):
            source = pathlib.Path(f"{self.journal}{suffix}")
            (target / f"journal.db{suffix}").unlink(missing_ok=True)
            if source.exists():
                shutil.copy(source, target / f"journal.db{suffix}")
        (target / "journal.db-shm").unlink(missing_ok=True)
        return target / "journal.db"

    def ledger(self):
        done = subprocess.run([self.program("guichet-bureau"), "ledger", "--db", str(self.bureau_db), "--json"],
                              capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"guichet-bureau ledger: {done.stderr.strip()}")
        return json.loads(done.stdout)

    def mark_person(self, number, mark):
        done = subprocess.run([self.program("guichet-bureau"), "person", "--tls-dir", str(self.certificates()),
                               "--db", str(self.bureau_db), "--by", "scenario"],
                              input=f"{number} {mark}\n", capture_output=True, text=True)
        if done.returncode != 0:
            raise Failure(f"guichet-bureau person: {done.stderr.strip()}")

    def signature(self, account):
        """Width, height and rows of the picture."""
        done = subprocess.run([self.program("guichet-bureau"), "signature", "--tls-dir", str(self.certificates()),
                               "--db", str(self.bureau_db), "--account", account], capture_output=True)
        if done.returncode != 0:
            raise Failure(f"guichet-bureau signature: {done.stderr.decode().strip()}")
        kind, size, rows = done.stdout.split(b"\n", 2)
        (self.out / "signature.pbm").write_bytes(done.stdout)
        if kind != b"P4":
            raise Failure("the signature is no PBM")
        width, height = map(int, size.split())
        return width, height, rows

    def verify_slip(self, picture):
        """What the code on a printed slip says: alone, with the kiosk's public key; and by the bureau's books."""
        scan = subprocess.run(["zbarimg", "-q", "--raw", f"PNG:{picture}"], capture_output=True, text=True)
        if scan.returncode != 0:
            raise Failure(f"{picture.name} has no code that can be read")
        said = ""
        for option, path in (("--key", self.folder / "data/root.pub"), ("--bureau-db", self.bureau_db)):
            done = subprocess.run([self.program("guichetctl"), "receipt", "verify", option, str(path), "-"],
                                  input=scan.stdout, capture_output=True, text=True)
            said += done.stdout
            if done.returncode != 0:
                raise Failure(f"guichetctl receipt verify {option}: {done.stdout}{done.stderr}")
        (self.out / f"{picture.stem}-verified.txt").write_text(scan.stdout + said, encoding="utf-8")
        return said

    def report(self):
        """paid / journal / ledger side by side; guichetctl fails when they differ."""
        done = subprocess.run([self.program("guichetctl"), "report", "--journal", str(self.journal), "--bureau-db",
                               str(self.bureau_db), "--sim-socket", str(self.sim_socket)],
                              capture_output=True, text=True)
        (self.out / "report.txt").write_text(done.stdout, encoding="utf-8")
        if done.returncode != 0:
            raise Failure(f"guichetctl report: {done.stdout}{done.stderr}")

    # The end

    def finish(self):
        """What must hold whatever the scenario was about."""
        if self.kiosk and self.kiosk.running:
            self.stop_kiosk()
        for program in (self.kiosk, self.bureau, self.sim):
            for line in program.lines if program else []:
                if "AddressSanitizer" in line or "runtime error:" in line or "LeakSanitizer" in line \
                        or '"event":"check_failed"' in line:
                    raise Failure(f"{program.name}: {line}")

    def explain(self):
        self.failed = True
        for program in (self.kiosk, self.bureau, self.sim):
            if program:
                state = "running" if program.running else f"ended with status {program.process.returncode}"
                print(f"  {program.name} is {state}; the end of its log:")
                for line in program.lines[-LOG_LINES:]:
                    print(f"    {line}")
        if self.sim and self.sim.running:
            for word in ("state", "notes"):
                try:
                    print(f"  the hardware's {word}: {' '.join(self.ask_sim(word))}")
                except (Failure, OSError) as problem:
                    print(f"  the hardware cannot be asked for its {word}: {problem}")
        if self.kiosk and self.kiosk.running:
            try:
                tree = self.ask_kiosk(do="tree")
                print(f"  the screen is {tree['screen']}:")
                for node in tree["nodes"]:
                    if node["id"] or node["text"]:
                        off = "" if node["enabled"] else " (off)"
                        print(f"    {node['role']:8} {node['id']:20} {node['text']}{off}")
                self.ask_kiosk(do="screenshot", path=str(self.folder / "failure.png"))
            except (Failure, OSError) as problem:
                print(f"  the screen cannot be asked for: {problem}")
        print(f"  everything is kept in {self.folder}")

    def stop_all(self):
        self._disconnect()
        for program in (self.kiosk, self.bureau, self.sim):
            if program and program.running:
                program.process.send_signal(signal.SIGCONT)
                program.process.kill()
                program.process.wait()

    def remove_unless_failed(self):
        if not self.failed:
            shutil.rmtree(self.folder, ignore_errors=True)
