"""Policies of a scenario: two people's keys made for it, what they sign, and what the bureau publishes.

Everything is derived from the shipped file of the development region, issued on a day that is past on any machine."""

import datetime
import hashlib
import os
import re
import subprocess

from world import ROOT, Failure

SHIPPED = ROOT / "config/policy/440300-shenzhen.policy"
FAULTS = ("signature", "unsigned", "figure", "region")


def guichetctl(here, *words):
    done = subprocess.run([here.program("guichetctl"), "policy", *map(str, words)], capture_output=True, text=True)
    if done.returncode != 0:
        raise Failure(f"guichetctl policy {words[0]}: {done.stdout}{done.stderr}")
    return done.stdout


def sign(here, path):
    for role, name in (("author", "a.zhao"), ("approver", "b.qian")):
        guichetctl(here, "sign", path, role, here.folder / "signers" / f"{name}.key",
                   *(["--confirm"] if role == "approver" else []))


def recheck(here):
    """Every accepted quote comes out again from the revision it names; how many there are."""
    done = subprocess.run([here.program("guichetctl"), "policy", "recheck", str(here.journal),
                           str(here.folder / "data" / "policy")], capture_output=True, text=True)
    match = re.match(r"(\d+) quotes, \d+ lines worked out again from \d+ files: all equal", done.stdout)
    if done.returncode != 0 or match is None:
        raise Failure(f"guichetctl policy recheck: {done.stdout}{done.stderr}")
    return int(match[1])


def first_revision():
    return re.sub(r"^issued = .*$", "issued = 2020-01-01", SHIPPED.read_text(encoding="utf-8"), flags=re.M)


def install_signed(here):
    """The shipped policy, signed, with the registry of the two keys."""
    folder = here.folder / "installed"
    signers = here.folder / "signers"
    folder.mkdir()
    signers.mkdir(mode=0o700)
    registry = "".join(guichetctl(here, "make-key", signers, name, role)
                       for role, name in (("author", "a.zhao"), ("approver", "b.qian")))
    (here.folder / "policy.keys").write_text(registry, encoding="utf-8")
    path = folder / SHIPPED.name
    path.write_text(first_revision(), encoding="utf-8")
    sign(here, path)
    here.policy_folder = folder
    here.overrides["paths.policy_keys"] = here.folder / "policy.keys"
    here.policy_in_force = (1, path)


def install_rising(here):
    """The place that sells months left out, whose floor rises with this month, whatever month that is."""
    today = datetime.date.today()
    before = (today.replace(day=1) - datetime.timedelta(days=1)).strftime("%Y-%m")
    this = today.strftime("%Y-%m")
    shipped = ROOT / "tests/scenarios/due_policy/440300-due.policy"
    text = shipped.read_text(encoding="utf-8")
    limits, check = "limits = 2010-01.. 4775.00 27549.00 local\n", "check = 2020-01 4775.00 955.00 local\n"
    if limits not in text or check not in text:
        raise Failure(f"{shipped} no longer has the lines that are replaced here")
    text = text.replace(limits, f"limits = 2010-01..{before} 4775.00 27549.00 local\n"
                                f"limits = {this}.. 4800.00 27549.00 local\n")
    text = text.replace(check, check + f"check = {this} 4800.00 960.00 local\n")
    here.policy_folder = here.folder / "rising"
    here.policy_folder.mkdir()
    (here.policy_folder / shipped.name).write_text(text, encoding="utf-8")


def with_floor(text, floor):
    """Another pension floor from 2025-07, and the check that the approver types for it."""
    whole, part = floor.split(".")
    fen = int(whole) * 100 + int(part)
    text = text.replace("limits = 2025-07.. 4775.00", f"limits = 2025-07.. {floor}")
    amount = (fen * 20 + 50) // 100
    return text.replace("check = 2025-07 4775.00 955.00", f"check = 2025-07 {floor} {amount // 100}.{amount % 100:02}")


def publish(here, revision, floor, fault, retro=None):
    before, path = here.policy_in_force
    text = with_floor(first_revision(), floor or "4775.00")
    if retro:
        text = text.replace("retro = unset", f"retro = {retro} local", 1)  # of the pension
    replaces = hashlib.sha256(path.read_bytes()).hexdigest()
    text = text.replace("revision = 1\n", f"revision = {revision}\nreplaces = {before} sha256:{replaces}\n")
    if fault == "region":
        text = text.replace("id = shenzhen-individual", "id = shenzhen-resident")
    made = here.folder / f"440300-r{revision}.policy"
    made.write_text(text, encoding="utf-8")
    signature = made.with_name(made.name + ".sig")
    signature.unlink(missing_ok=True)
    if fault != "unsigned":
        sign(here, made)
    if fault == "signature":
        good = signature.read_text(encoding="utf-8")
        signature.write_text(good[:-2] + ("1" if good[-2] == "0" else "0") + "\n", encoding="utf-8")
    if fault == "figure":
        made.write_text(made.read_text(encoding="utf-8") + "# changed after it was signed\n", encoding="utf-8")
    if fault not in (None, *FAULTS):
        raise Failure(f"publish fault: {'|'.join(FAULTS)}")
    (here.published / signature.name).unlink(missing_ok=True)
    if signature.exists():
        os.replace(signature, here.published / signature.name)
    os.replace(made, here.published / made.name)
    if fault is None:
        here.policy_in_force = (revision, here.published / made.name)
