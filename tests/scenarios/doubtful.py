"""What is left for people: the kiosk's journal and the bureau's books list the same, each by its own program."""

import subprocess

from world import Failure


def lists(here):
    """{name: the command that lists what is doubtful there}"""
    return {
        "kiosk": [here.program("guichetctl"), "journal", "doubtful", str(here.journal)],
        "bureau": [here.program("guichet-bureau"), "doubtful", "--db", str(here.bureau_db)],
    }


def ask(where, command):
    done = subprocess.run(command, capture_output=True, text=True)
    if done.stderr:
        raise Failure(f"{where}: {done.stderr.strip()}")
    return done.returncode, done.stdout


def open_words(text):
    """The remedy words of the items that nothing has answered yet."""
    lines = [line for line in text.splitlines() if line.startswith("doubtful: ") and ", " in line]
    return [line.split("(")[1].split(")")[0] for line in lines if "(" in line and "answered by" not in line]


def expect_doubtful(here, *words):
    """`expect doubtful no_transaction`: exactly these are open, at the kiosk and at the bureau; none: nothing is."""
    wanted = sorted(word for word in words if word != "none")
    for where, command in lists(here).items():
        _, text = ask(where, command)
        if sorted(open_words(text)) != wanted:
            raise Failure(f"doubtful at the {where}: {open_words(text)}, expected {wanted}\n{text}")
        if wanted and not any("\u4e00" <= sign <= "\u9fff" for sign in text):
            raise Failure(f"the {where} does not say in Chinese what to do:\n{text}")


def claim_slips(here):
    """The numbers on the claim slips that were printed for a note."""
    return [body.get("voucher") for _, kind, body in here.entries() if kind == "receipt_state"
            and body.get("paper") == "unknown_note" and body.get("state") == "printed"]


def expect_slip_found(here, *places):
    """`expect slip-found kiosk bureau`: the number on the claim slip finds its note there."""
    here.wait_for("a claim slip to be printed", lambda: bool(claim_slips(here)) or "none")
    slip = claim_slips(here)[-1]
    spaced = " ".join(slip[i:i + 4] for i in range(0, len(slip), 4))
    for where in places:
        command = lists(here)[where] + (["--code"] if where == "bureau" else []) + [spaced]
        status, text = ask(where, command)
        if status != 0 or "note_unknown" not in text or f"slip {slip} (printed)" not in text:
            raise Failure(f"slip {slip} at the {where}, status {status}:\n{text}")
