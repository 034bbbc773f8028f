"""The words of a scenario. Each function is one; README.md documents them."""

import array
import pathlib
import re
import signal
import subprocess
import time

import doubtful
import memory
import policies
import world
from world import Failure

WORDS = {}


def word(function):
    WORDS[function.__name__.removeprefix("step_").replace("_", "-")] = function
    return function


def run(here, words):
    function = WORDS.get(words[0])
    if function is None:
        raise Failure(f"unknown step \"{words[0]}\"; known: {' '.join(sorted(WORDS))}")
    try:
        function(here, *words[1:])
    except (TypeError, ValueError, KeyError) as problem:
        raise Failure(f"{problem.__class__.__name__}: {problem}") from problem


def fen(text):
    """"955.00" or "955" (yuan) as fen."""
    match = re.fullmatch(r"(\d+)(?:\.(\d\d))?", text)
    if match is None:
        raise Failure(f"\"{text}\" is not a sum in yuan")
    return int(match[1]) * 100 + int(match[2] or 0)


def yuan(sum_fen):
    return f"{sum_fen // 100}.{sum_fen % 100:02}"


def choose(name, value, table):
    if value not in table:
        raise Failure(f"{name}: \"{value}\" is none of {' '.join(table)}")
    return table[value]


# Setting the stage


@word
def step_set(here, key, value):
    if "." not in key:
        raise Failure("set SECTION.KEY VALUE")
    here.overrides[key] = value


@word
def step_device(here, kind, name, *pairs):
    """`device contact_reader ccid driver=ccid interface_class=0x0B`: one more section of devices.ini."""
    lines = [" = ".join(pair.split("=", 1)) for pair in pairs]
    here.devices += "\n".join(["", f"[{kind} {name}]", *lines, ""])


PANELS_MM = {"1080x1920": 268, "1920x1080": 476, "1280x1024": 376}


@word
def step_panel(here, size):
    here.overrides["panel.width_mm"] = choose("panel", size, PANELS_MM)
    here.overrides["panel.width_px"], here.overrides["panel.height_px"] = size.split("x")
    here.window = size


@word
def step_hardware(here, speed):
    """`hardware real`: motors and feeds take their true time, so that a moment in between can be met."""
    if here.sim:
        raise Failure("hardware comes before anything that uses it")
    here.fast = choose("hardware", speed, {"fast": True, "real": False})


@word
def step_acceptor(here, driver):
    """`acceptor id003`: a banknote acceptor of another make, and the devices.ini that names its driver."""
    if here.sim:
        raise Failure("acceptor comes before anything that uses the hardware")
    here.choose_acceptor(driver)


@word
def step_policy(here, source):
    """`policy FOLDER` beside the scenario instead of config/policy; `policy signed`, `policy rising`: policies.py."""
    if source == "signed":
        policies.install_signed(here)
    elif source == "rising":
        policies.install_rising(here)
    else:
        here.policy_folder = pathlib.Path(__file__).parent / source


@word
def step_publish(here, revision, *how):
    """`publish 2 [floor YUAN] [retro WORD] [fault WORD]`: the bureau offers that revision of the policy."""
    options = dict(zip(how[::2], how[1::2]))
    policies.publish(here, int(revision), options.pop("floor", None), options.pop("fault", None),
                     options.pop("retro", None))
    if options:
        raise Failure(f"publish REVISION [floor YUAN] [retro WORD] [fault {'|'.join(policies.FAULTS)}]")


@word
def step_bureau(here, action, how="", *rest):
    """`bureau marks CARD employed`: what its register says of that citizen from now on; `-employed` takes it back."""
    if action == "start":
        here.start_bureau()
    elif action == "stop":
        equal("the bureau's exit status", here.bureau.end(signal.SIGTERM), 0)
    elif action == "marks":
        here.mark_person(memory.citizen(how)["number"], " ".join(rest))
    elif action == "reply":
        choose("bureau reply", how, {w: w for w in ("normal", "garbage", "close", "error500")})
        here.bureau_replies(how)
    else:
        raise Failure("bureau start | stop | reply normal|garbage|close|error500")


@word
def step_kiosk(here, action, *words):
    actions = {
        "start": here.start_kiosk,
        "stop": here.stop_kiosk,
        "kill": here.kill_kiosk,
        "freeze": lambda: here.kiosk.process.send_signal(signal.SIGSTOP),
        "thaw": lambda: here.kiosk.process.send_signal(signal.SIGCONT),
        "refuses": lambda: kiosk_refuses(here, *words),
        "become": lambda: here.become_kiosk(*words),
    }
    choose("kiosk", action, actions)()


def kiosk_refuses(here, text):
    """The kiosk must not start, and must say why."""
    here.launch_kiosk()
    here.wait_for("the kiosk to refuse its start", lambda: not here.kiosk.running)
    status = here.kiosk.end()
    if status == 0 or status < 0:
        raise Failure(f"the kiosk ended with status {status}")
    if not any(text in line for line in here.kiosk.lines):
        raise Failure(f"the kiosk did not say \"{text}\"")


@word
def step_close_day(here, how, text):
    """`close-day printed TEXT`, `close-day fails TEXT`: the technician's closing says TEXT, and so does its status."""
    expected = choose("close-day", how, {"printed": 0, "fails": 1})
    service = here.run_service("close")
    said = lambda: any(line.startswith("guichet: ") and text in line for line in service.lines)
    try:
        # It waits for a printer as long as 15 s; its page stays for 30 s, unless it is told to end.
        here.wait_for(f"the closing to say \"{text}\"", lambda: said() or not service.running, 60)
        status = service.end()
    except Failure as problem:
        raise Failure(f"{problem}; it said:\n" + "\n".join(service.lines[-8:])) from None
    if not said() or status != expected:
        raise Failure(f"the closing ended with status {status} and said:\n" + "\n".join(service.lines[-8:]))


@word
def step_disk(here, state):
    """`disk garbage`: while the kiosk is down, every other page of the journal turns to garbage."""
    if state == "garbage":
        here.damage_journal()
    else:
        here.limit_files(choose("disk", state, {"full": True, "free": False}))


# The citizen and the hardware


@word
def step_sim(here, *words):
    if here.sim is None:
        here.start_sim()
    here.ask_sim(*words)


HAND_S = 1.0  # a hand needs that long to change one card for another; readers look several times meanwhile


@word
def step_swap_card(here, card):
    here.ask_sim("remove-card")
    time.sleep(HAND_S)
    here.ask_sim("insert-card", card)


@word
def step_same_day(here, seconds):
    """`same-day 90`: what follows takes no longer than that and lies on one day of China; near midnight it waits."""
    now = time.localtime()
    left = 24 * 3600 - (now.tm_hour * 3600 + now.tm_min * 60 + now.tm_sec)
    if left <= float(seconds):
        here.deadline += left + 1
        time.sleep(left + 1)


def credited(here):
    return sum(1 for _, kind, _ in here.entries() if kind == "note_credited")


@word
def step_feed(here, value, *rest):
    """`feed 100`, `feed 100 x 3`, `feed 100 until receipt`: each waits until the note is booked."""
    if not rest:
        feed_one(here, value)
    elif rest[0] == "x":
        for _ in range(int(rest[1])):
            feed_one(here, value)
    elif rest[0] == "until":
        for _ in range(200):
            if screen(here) != "cash" or is_paid(here):
                break
            feed_one(here, value)
        step_wait(here, "screen", rest[1])
    else:
        raise Failure("feed VALUE [x COUNT | until SCREEN]")


def is_paid(here):
    """All is in: the page follows in its own time, and takes no further note meanwhile."""
    due, paid = 0, 0
    for _, kind, body in here.entries():
        if kind == "quote_accepted":
            due, paid = body["due"], 0
        elif kind == "note_credited":
            paid += body["box"]
    return 0 < due <= paid


def feed_one(here, value):
    before = credited(here)
    here.ask_sim("note", value)
    here.wait_for(f"the note of {value} yuan to be booked", lambda: credited(here) == before + 1)


@word
def step_tap(here, widget):
    # A widget may come a moment after its screen; one that stays away or off is a failure.
    last = []

    def tapped():
        try:
            here.ask_kiosk(do="tap", id=widget)
            return True
        except Failure as refusal:
            last[:] = [str(refusal)]
            return last[0]

    here.wait_for(f"{widget} to be touchable on the screen", tapped, 5)


@word
def step_tap_if_selected(here, widget):
    if any(node["id"] == widget and node["selected"] for node in tree(here)):
        step_tap(here, widget)


@word
def step_turn_to(here, widget):
    """A screen that does not fit is shown in parts: goes on until the widget is there."""
    for _ in range(8):
        if any(node["id"] == widget for node in tree(here)):
            return
        step_tap(here, "sheet.after")
    raise Failure(f"{widget} is on no part of the screen {screen(here)}")


@word
def step_tap_until(here, widget, *condition):
    """`tap-until footer.next screen months`: again and again, for screens whose number varies."""
    for _ in range(10):
        step_tap(here, widget)
        if condition[0] == "screen" and screen(here) == condition[1]:
            return
    raise Failure(f"ten taps on {widget} did not lead to {' '.join(condition)}")


@word
def step_type(here, digits):
    here.ask_kiosk(do="type", text=digits)


@word
def step_press(here, digits):
    """As `type`, but the number is in no request: for scenarios that search the kiosk's memory."""
    for digit in digits:
        step_tap(here, f"key.{digit}")


@word
def step_sign(here):
    """A signature on the field that is on the screen."""
    here.ask_kiosk(do="sign", points=memory.SIGNATURE)


@word
def step_type_voucher(here):
    """The number of the last receipt, on the keypad."""
    vouchers = [body["voucher"] for _, kind, body in here.entries() if kind == "payment_completed"]
    if not vouchers:
        raise Failure("nothing has been paid")
    here.ask_kiosk(do="type", text=vouchers[-1])


@word
def step_screenshot(here, name):
    here.screenshots += 1
    path = here.out / f"{here.screenshots:02}-{name}.png"
    here.ask_kiosk(do="screenshot", path=str(path))
    if path.read_bytes()[:8] != b"\x89PNG\r\n\x1a\n":
        raise Failure(f"{path} is not a PNG")


@word
def step_report(here):
    settled(here, here.report)


def positions(here):
    state = here.ask_kiosk(do="state")
    return state["acked"], state["last_seq"]


def settled(here, judge, seconds=world.WAIT_S):
    """Two sides can only be compared while nothing moves between them: a difference counts if no entry was
    appended or acknowledged from before the look until after it, and else the look is taken again."""
    if not (here.kiosk and here.kiosk.running):
        judge()
        return
    limit = min(time.monotonic() + seconds, here.deadline)
    while True:
        before = positions(here)
        try:
            judge()
            return
        except Failure:
            after = positions(here)
            if before == after and before[0] == before[1] or time.monotonic() > limit:
                raise
            time.sleep(world.POLL_S)


@word
def step_repeat(here):
    """The key that has the page said again."""
    here.ask_kiosk(do="repeat")


# Waiting


def spoken(here):
    """What the voice was given last, as one text."""
    return " | ".join(here.ask_kiosk(do="spoken")["utterances"])


def tree(here):
    return here.ask_kiosk(do="tree")["nodes"]


def screen(here):
    return here.ask_kiosk(do="state")["screen"]


@word
def step_wait(here, what, *words):
    waits = {"screen": wait_kiosk, "text": wait_kiosk, "id": wait_kiosk, "state": wait_state, "synced": wait_synced,
             "log": wait_log, "journal": wait_journal, "note": wait_note, "receipt": wait_receipt, "sim": wait_sim,
             "spoken": wait_spoken, "sound": wait_sound, "silence": wait_silence}
    choose("wait", what, waits)(here, what, *words)


def wait_kiosk(here, what, value, seconds=world.WAIT_S):
    if what == "screen" and "|" in value:
        here.wait_for(f"one of the screens {value}", lambda: (now := screen(here)) in value.split("|") or now,
                      float(seconds))
        return
    # The kiosk itself waits: no moment between two questions can be missed.
    left = max(0.0, here.deadline - time.monotonic())
    limit_ms = int(min(float(seconds), left) * 1000)
    try:
        here.ask_kiosk(do="wait", timeout_ms=limit_ms, **{what: value})
    except Failure as failure:
        raise Failure(f"{what} \"{value}\" did not come within {limit_ms / 1000:.0f} s: {failure}; "
                      f"the screen is {screen(here)}") from None


def shown(value):
    return {True: "yes", False: "no"}.get(value, str(value)) if isinstance(value, bool) else str(value)


def wait_state(here, _, name, value, seconds=world.WAIT_S):
    here.wait_for(f"{name} to be {value}", lambda: (now := shown(here.ask_kiosk(do="state")[name])) == value or now,
                  float(seconds))


def wait_synced(here, _, seconds=world.WAIT_S):
    def behind():
        state = here.ask_kiosk(do="state")
        return state["acked"] == state["last_seq"] and state["last_seq"] > 0 or \
            f"acknowledged {state['acked']} of {state['last_seq']}"

    here.wait_for("the bureau to have every entry", behind, float(seconds))


def logged(here, module, event, text=""):
    marks = (f'"module":"{module}"', f'"event":"{event}"', text)
    return any(all(mark in line for mark in marks) for line in here.kiosk.lines)


def wait_log(here, _, module, event, text=""):
    here.wait_for(f"the kiosk to log {module} {event} {text}", lambda: logged(here, module, event, text))


def count_of(here, kind):
    return sum(1 for _, k, _ in here.entries() if k in kind.split("|"))


def wait_journal(here, _, kind, count, seconds=world.WAIT_S):
    here.wait_for(f"{count} entries {kind}", lambda: (now := count_of(here, kind)) >= int(count) or now, float(seconds))


def wait_note(here, _, place, seconds=world.WAIT_S):
    """The note fed last is at this place of the acceptor."""
    here.wait_for(f"the last note to be {place}",
                  lambda: (now := here.notes()[-1][1]) in place.split("|") or now, float(seconds))


def wait_sim(here, _, path, value, seconds=world.WAIT_S):
    """`wait sim acceptor.unacked no`: a member of what `guichet-sim state` prints."""
    device, _, name = path.partition(".")
    here.wait_for(f"{path} to be {value}", lambda: (now := shown(here.sim_state()[device][name])) == value or now,
                  float(seconds))


def wait_receipt(here, _, count, seconds=world.WAIT_S):
    here.wait_for(f"{count} printed receipts",
                  lambda: (now := len(list(here.out.glob("receipt-*.png")))) >= int(count) or now, float(seconds))


def wait_spoken(here, _, text, seconds=world.WAIT_S):
    here.wait_for(f"\"{text}\" to be said", lambda: text in (now := spoken(here)) or now, float(seconds))


WORD_SAMPLES = 1500  # a tenth of a second of voice


def is_loud(path):
    """Are there as many samples well over silence as a short word has?"""
    if not path.exists():
        return False
    samples = array.array("h", path.read_bytes()[: path.stat().st_size // 2 * 2])
    return sum(1 for sample in samples if abs(sample) > 500) > WORD_SAMPLES


def wait_sound(here, _, seconds=world.WAIT_S):
    """Something is heard, if only by SDL's disk driver."""
    here.wait_for("sound from the loudspeaker", lambda: is_loud(here.sound), float(seconds))


def wait_silence(here, _, seconds=world.WAIT_S):
    """Nobody listens: nothing is said or kept, and the audio device is closed."""
    def silent():
        state = here.ask_kiosk(do="spoken")
        return not (state["on"] or state["speaking"] or state["device_open"] or state["utterances"]) or str(state)

    here.wait_for("silence", silent, float(seconds))
    here.sound.unlink(missing_ok=True)


# What must hold


@word
def step_expect(here, what, *words):
    expects = {
        "screen": expect_screen, "text": expect_text, "no-text": expect_no_text, "off": expect_off,
        "kiosk-journal": expect_journal, "bureau": expect_bureau, "journal-equals-bureau": expect_equal,
        "box": expect_box, "citizen-paid": expect_paid, "log": expect_log, "no-log": expect_no_log,
        "no-trace": expect_no_trace, "books-balance": expect_balance, "all-notes-booked": expect_all_booked,
        "receipts": expect_receipts, "state": expect_state, "wiped": expect_wiped, "protocol-clean": expect_clean,
        "slips-signed": expect_slips_signed,
        "signature-picture": expect_signature_picture, "memory-holds-ink": expect_memory_holds_ink,
        "memory-clean": expect_memory_clean, "memory-holds": expect_memory_holds,
        "doubtful": doubtful.expect_doubtful, "slip-found": doubtful.expect_slip_found,
        "set-aside": expect_set_aside,
        "spoken": expect_spoken, "not-spoken": expect_not_spoken, "volume": expect_volume,
        "no-sound": expect_no_sound, "copies": expect_copies, "damaged-journal-kept": expect_damaged_journal_kept,
        "quotes-again": expect_quotes_again,
    }
    choose("expect", what, expects)(here, *words)


def expect_set_aside(here, *codes):
    """`expect set-aside R03`: exactly these registrations, by their codes, as staff is told them."""
    command = [here.program("guichetctl"), "journal", "registrations", str(here.journal), "--set-aside"]
    done = subprocess.run(command, capture_output=True, text=True)
    told = [line.split()[0] for line in done.stdout.splitlines() if line.startswith("    R")]
    equal("registrations set aside", told, [code for code in codes if code != "none"])
    equal("exit code", done.returncode, 1 if told else 0)


def equal(what, found, expected):
    if found != expected:
        raise Failure(f"{what}: expected {expected}, found {found}")


def expect_copies(here, count):
    """So many copies of the last receipt were printed, numbered from 1, and none twice."""
    receipts = [body for _, kind, body in here.entries() if kind == "receipt_state"]
    printed = [one["copy"] for one in receipts if one["state"] == "printed" and one.get("paper") == "payment"]
    equal("copies printed", printed, list(range(int(count) + 1)))
    equal("numbers on them", len({one["voucher"] for one in receipts if one.get("paper") == "payment"}), 1)


def expect_screen(here, name):
    equal("screen", screen(here), name)


def expect_text(here, text):
    if not any(text in node["text"] for node in tree(here)):
        raise Failure(f"\"{text}\" is not on the screen {screen(here)}")


def expect_no_text(here, text):
    if any(text in node["text"] for node in tree(here)):
        raise Failure(f"\"{text}\" is on the screen {screen(here)}")


def expect_spoken(here, text):
    if text not in (said := spoken(here)):
        raise Failure(f"\"{text}\" is not said, but: {said}")


def expect_not_spoken(here, text):
    if text in (said := spoken(here)):
        raise Failure(f"\"{text}\" is said: {said}")


def expect_volume(here, step):
    equal("volume", here.ask_kiosk(do="spoken")["volume"], int(step))


def expect_quotes_again(here, count):
    equal("quotes worked out again", policies.recheck(here), int(count))


def expect_no_sound(here):
    """Since the last silence the audio device was not even opened."""
    if here.sound.exists():
        raise Failure(f"{here.sound.stat().st_size} bytes of sound were played")


def expect_off(here, widget):
    """Not there, or there and not touchable."""
    if any(node["id"] == widget and node["enabled"] for node in tree(here)):
        raise Failure(f"{widget} can be touched")



def expect_damaged_journal_kept(here):
    """What can no longer be read is still somebody's only record."""
    if here.journal.read_bytes() != here.damaged_journal:
        raise Failure("the damaged journal was changed")


def expect_journal(here, what, *words):
    if what == "count":
        equal(f"entries {words[0]}", count_of(here, words[0]), int(words[1]))
    elif what == "account":
        equal(f"account {words[0]}", yuan(accounts(here).get(words[0], 0)), yuan(fen(words[1])))
    else:
        raise Failure("expect kiosk-journal count KIND N | account NAME YUAN")


ASSETS = ("cash_box",)


def accounts(here):
    """Balances from the postings of the journal's entries, each positive on its own side."""
    balances = {}
    for _, _, body in here.entries():
        for debit, credit, amount in body.get("post", []):
            for name, sign in ((debit, 1), (credit, -1)):
                balances[name] = balances.get(name, 0) + (sign if name in ASSETS else -sign) * amount
    return balances


def bureau_kiosk(here):
    found = [kiosk for kiosk in here.ledger()["kiosks"] if kiosk["id"].removeprefix("kiosk-") == here.kiosk_id]
    if not found:
        raise Failure(f"the bureau has nothing of kiosk {here.kiosk_id}")
    return found[0]


def expect_bureau(here, what, *words):
    ledger = here.ledger()
    if what == "ledger":
        equal(f"the bureau's account {words[0]}", yuan(bureau_kiosk(here)["accounts"].get(words[0], 0)),
              yuan(fen(words[1])))
    elif what in ("payments", "citizens", "dead_letters", "doubtful"):
        equal(f"the bureau's {what}", len(ledger[what]), int(words[0]))
    else:
        raise Failure("expect bureau ledger ACCOUNT YUAN | payments N | citizens N | dead_letters N | doubtful N")


def expect_equal(here):
    """The bureau has every entry, and its books say the same."""
    settled(here, lambda: judge_equal(here))


def judge_equal(here):
    kiosk, entries = bureau_kiosk(here), here.entries()
    equal("the bureau's last entry", kiosk["acked_seq"], entries[-1][0])
    own = {name: value for name, value in accounts(here).items() if value}
    equal("the bureau's accounts", {name: value for name, value in kiosk["accounts"].items() if value}, own)
    equal("dead letters", here.ledger()["dead_letters"], [])


def expect_balance(here):
    books = accounts(here)
    equal("cash_box against citizen + premium + surplus + unknown", books.get("cash_box", 0),
          sum(value for name, value in books.items() if name not in ASSETS))


def expect_box(here, value, _x, count):
    equal(f"notes of {value} yuan in the box", here.box_notes().count(int(value)), int(count))


def expect_paid(here, amount):
    equal("yuan in the box", yuan(sum(here.box_notes()) * 100), yuan(fen(amount)))


def expect_all_booked(here):
    """Notes in the box = notes in the books, credited or unknown: nothing lost, nothing twice."""
    booked = [body.get("box") for _, kind, body in here.entries() if kind in ("note_credited", "note_unknown")]
    paper = [value * 100 for value in here.box_notes()]
    if len(booked) != len(paper):
        raise Failure(f"in the box {sorted(paper)}, in the journal {sorted(map(str, booked))}")
    known = sorted(value for value in booked if value)
    for value in known:
        if value not in paper:
            raise Failure(f"the journal has a note of {value} fen that is not in the box")
        paper.remove(value)
    equal("notes of unknown value", len(paper), booked.count(0))


def expect_log(here, module, event, text=""):
    if not logged(here, module, event, text):
        raise Failure(f"the kiosk did not log {module} {event} {text}")


def expect_no_log(here, module, event):
    if logged(here, module, event):
        raise Failure(f"the kiosk logged {module} {event}")


def expect_no_trace(here, *texts):
    """None of these words lies in the kiosk's files or logs, in any of the forms they may take."""
    files = [path for path in (here.folder / "data").rglob("*") if path.is_file()]
    files += [here.folder / name for name in ("kiosk.log", "bureau.log", "bureau.db", "bureau.db-wal")]
    for path in files:
        content = path.read_bytes() if path.exists() else b""
        for text in texts:
            for encoding in ("utf-8", "utf-16-le"):
                if text.encode(encoding) in content:
                    raise Failure(f"\"{text}\" lies in {path.relative_to(here.folder)}")


def expect_receipts(here, count):
    equal("printed receipts", len(list(here.out.glob("receipt-*.png"))), int(count))


def expect_slips_signed(here, amount):
    """Each printed slip's code is signed by this kiosk over that sum, and the bureau has credited it."""
    for picture in sorted(here.out.glob("receipt-*.png")):
        said = here.verify_slip(picture)
        for what in ("SIGNED.", f"{fen(amount) / 100:,.2f} yuan", "CREDITED"):
            if what not in said:
                raise Failure(f"{picture.name}: not said \"{what}\": {said}")


def expect_state(here, name, value):
    equal(name, shown(here.ask_kiosk(do="state")[name]), value)


def expect_wiped(here):
    equal("the session is wiped", here.ask_kiosk(do="state")["wiped"], True)


def remembered(here, card, *typed):
    """What the kiosk's memory holds of a citizen, of what was typed, and of the account number."""
    wanted = memory.facts(card) + memory.ink()
    for text in typed:
        wanted += memory.texts(f"what was typed ({text})", text)
    for number in {body["account"] for _, kind, body in here.entries() if kind == "registered"}:
        wanted += memory.texts("the account number", number)
    process = here.kiosk.process
    process.send_signal(signal.SIGSTOP)
    try:
        return memory.search(process.pid, wanted)
    finally:
        process.send_signal(signal.SIGCONT)


MEMORY_S = 5  # a turn of the kiosk's loop, also on a busy machine


def expect_memory_clean(here, card, *typed):
    """Not one byte sequence of this citizen lies in the kiosk's memory. A kiosk that was stopped while it read its
    own journal is looked at again: what is not left there is gone a moment later."""
    limit = min(time.monotonic() + MEMORY_S, here.deadline)
    while found := remembered(here, card, *typed):
        if time.monotonic() > limit:
            lines = [f"{what} at {where}" for what, places in found.items() for where in places]
            raise Failure("still in memory:\n    " + "\n    ".join(lines))
        time.sleep(world.POLL_S)


def expect_memory_holds(here, card, *texts):
    """Name, number and these are there: so the search finds what there is to find."""
    found = remembered(here, card, *texts)
    for what in ("the name in UTF-8", "the number in UTF-8", *(f"what was typed ({text}) in UTF-8" for text in texts)):
        if what not in found:
            raise Failure(f"{what} is not found in memory during the visit: the search is blind")


def expect_memory_holds_ink(here, card):
    """What was drawn is there as long as it can be seen: so the search finds it where it is."""
    if not any(what.startswith("the signature") for what in remembered(here, card)):
        raise Failure("the signature is not found in memory while it is on the screen: the search is blind")


def expect_signature_picture(here):
    """The bureau opens the last signature, and it has ink where it was drawn and none in the corners."""
    accounts = [body["account"] for _, kind, body in here.entries() if kind == "registered"]
    if not accounts:
        raise Failure("nobody has registered")
    width, height, rows = here.signature(accounts[-1])
    def is_black(x, y):
        return rows[y * ((width + 7) // 8) + x // 8] >> (7 - x % 8) & 1
    for x, y, _ in memory.SIGNATURE:
        at = (8 + x * (width - 17) // 4096, 8 + y * (height - 17) // 4096)
        if not is_black(*at):
            raise Failure(f"no ink at {at} of {width} x {height}")
    if any(is_black(x, y) for x in (1, width - 2) for y in (1, height - 2)):
        raise Failure("ink in a corner")


def expect_clean(here, *devices):
    """The strict models found nothing wrong in what the kiosk sent."""
    state = here.sim_state()
    for device in devices or ("reader", "acceptor", "printer"):
        equal(f"protocol errors of the {device}", state[device]["protocol_errors"], 0)
