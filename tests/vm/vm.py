#!/usr/bin/env python3
"""A virtual machine with Debian's stock kernel: QEMU without KVM, busybox, our own init.

usage: vm.py fetch FOLDER      puts the kernel, the few modules needed and udevd into FOLDER, once

Both are Debian's packages (linux-image-amd64, udev) as apt gives them, unpacked and not installed. The
kernel's ELF file boots 2.5 s sooner than the packed one. No KVM, even where its device node opens: on some build
machines it then hangs for ever.
"""
import lzma
import os
import pathlib
import re
import shutil
import stat
import subprocess
import sys
import tempfile

QEMU, BUSYBOX = "qemu-system-x86_64", "/bin/busybox"
DISK_MODULES = ["virtio_pci", "virtio_blk", "crc32c_generic", "ext4"]
USB_MODULES = ["vhci_hcd", "xhci_pci"]
NEEDED_PACKAGES = "qemu-system-x86 busybox-static e2fsprogs"

INIT = """#!/bin/sh
/bin/busybox mkdir -p /proc /sys /dev /disk
/bin/busybox --install -s /bin
mount -t proc proc /proc; mount -t sysfs sys /sys; mount -t devtmpfs dev /dev
for module in $(cat /order); do insmod /modules/$module; done
stty -F /dev/ttyS1 raw -echo -onlcr
exec </dev/null >/dev/ttyS1 2>/dev/ttyS0
sh /script
poweroff -f
"""


LINK = stat.S_IFLNK | 0o777


class Unavailable(Exception):
    """This machine cannot run the virtual machine; the text says why."""


def kernel_package():
    text = subprocess.run(["apt-cache", "depends", "linux-image-amd64"], check=True,
                          capture_output=True, text=True).stdout
    found = re.search(r"Depends: (linux-image-\S+)", text)
    if not found:
        raise Unavailable("apt-cache knows no linux-image-amd64; run apt-get update")
    return found.group(1)


def unpack_kernel(packed, path):
    """The packed kernel holds its ELF file as an xz stream."""
    data, at = packed.read_bytes(), -1
    while (at := data.find(b"\xfd7zXZ\0", at + 1)) >= 0:
        elf = lzma.LZMADecompressor().decompress(data[at:])
        if elf[:4] == b"\x7fELF":
            path.write_bytes(elf)
            return
    raise Unavailable(f"{packed} holds no xz-packed kernel")


def module_order(names, files):
    """The modules and what they depend on, those first that others need."""
    order = []

    def add(name):
        if name in order or name not in files:
            return  # built into the kernel
        needs = re.search(rb"\0depends=([^\0]*)\0", b"\0" + files[name].read_bytes())
        for need in needs.group(1).decode().split(",") if needs else []:
            add(need.replace("-", "_"))
        order.append(name)

    for name in names:
        add(name)
    return order


def download(package, scratch):
    """One of Debian's packages, unpacked; the folder."""
    try:
        # As root apt would hand the download to the user _apt, who cannot come into every
        # folder, and warn.
        subprocess.run(["apt-get", "-o", "APT::Sandbox::User=root", "download", "-q", package],
                       check=True, cwd=scratch, stdout=subprocess.DEVNULL)
    except (OSError, subprocess.CalledProcessError) as error:
        raise Unavailable(f"the package {package} could not be fetched: {error}") from error
    unpacked = scratch / package
    subprocess.run(["dpkg-deb", "-x", next(scratch.glob(f"{package}_*.deb")), unpacked], check=True)
    return unpacked


def fetch_udevd(folder, scratch):
    """libusb hears of devices from udevd alone; udevadm is the daemon when it is called so."""
    if not (folder / "udevadm").exists():
        shutil.copy(download("udev", scratch) / "bin/udevadm", folder / "udevadm")


def fetch_kernel(folder, scratch):
    wanted = DISK_MODULES + USB_MODULES
    modules = folder / "modules"
    if (folder / "vmlinux").exists() and all((modules / f"{name}.ko").exists() for name in wanted):
        return
    unpacked = download(kernel_package(), scratch)
    files = {path.stem.replace("-", "_"): path for path in unpacked.rglob("*.ko")}
    shutil.rmtree(modules, ignore_errors=True)
    modules.mkdir()
    for name in module_order(wanted, files):
        shutil.copy(files[name], modules / f"{name}.ko")
    unpack_kernel(next((unpacked / "boot").glob("vmlinuz-*")), scratch / "vmlinux")
    (scratch / "vmlinux").rename(folder / "vmlinux")  # last: it says that all is there


def fetch(folder):
    """Does nothing if all is there."""
    folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder) as scratch_name:
        scratch = pathlib.Path(scratch_name)
        os.chmod(scratch, 0o755)
        fetch_udevd(folder, scratch)
        fetch_kernel(folder, scratch)


def require(folder):
    for tool in (QEMU, "mkfs.ext4"):
        if not shutil.which(tool, path=os.environ["PATH"] + ":/usr/sbin:/sbin"):
            raise Unavailable(f"{tool} is missing; tools/dev setup installs {NEEDED_PACKAGES}")
    if not pathlib.Path(BUSYBOX).exists():
        raise Unavailable(f"{BUSYBOX} is missing; tools/dev setup installs {NEEDED_PACKAGES}")
    if not all((folder / name).exists() for name in ("vmlinux", "udevadm", "modules/vhci_hcd.ko")):
        raise Unavailable(f"no kernel, modules or udevd in {folder}; tools/dev setup fetches them")


class Archive:
    """A cpio archive as the kernel unpacks it."""

    def __init__(self):
        self.data = bytearray()
        self.names = set()

    def add(self, name, content=b"", mode=stat.S_IFREG | 0o755):
        name = name.lstrip("/")
        if name in self.names:
            return
        parent = os.path.dirname(name)
        if parent:
            self.add(parent, mode=stat.S_IFDIR | 0o755)
        self.names.add(name)
        self._put(name, content, mode)

    def add_program(self, path, name):
        """An ELF file with the libraries it needs."""
        self.add(name, pathlib.Path(path).read_bytes())
        needs = subprocess.run(["ldd", path], capture_output=True, text=True).stdout
        for library in re.findall(r"(/\S+) \(0x", needs):
            self.add(library, pathlib.Path(library).read_bytes())

    def _put(self, name, content, mode):
        fields = [len(self.names) + 1, mode, 0, 0, 1, 0, len(content), 0, 0, 0, 0, len(name) + 1, 0]
        self.data += b"070701" + b"".join(b"%08X" % field for field in fields) + name.encode() + b"\0"
        self.data += bytes(-len(self.data) % 4) + content
        self.data += bytes(-len(self.data) % 4)

    def bytes(self):
        closed = Archive()
        closed.data = bytearray(self.data)
        closed._put("TRAILER!!!", b"", 0)
        return bytes(closed.data)


def base_archive(folder, modules=tuple(DISK_MODULES)):
    """busybox, our init and the modules, which init loads."""
    archive = Archive()
    archive.add("bin/busybox", pathlib.Path(BUSYBOX).read_bytes())
    archive.add("bin/sh", b"busybox", LINK)
    archive.add("init", INIT.encode())
    files = {path.stem: path for path in (folder / "modules").glob("*.ko")}
    order = module_order(modules, files)
    for name in order:
        archive.add(f"modules/{name}.ko", files[name].read_bytes())
    archive.add("order", "".join(f"{name}.ko\n" for name in order).encode())
    return archive


def start(folder, initrd, devices, kernel_log, memory_mb=512):
    """Boots with QEMU's arguments for devices; what the guest writes to its second serial line comes
    out of .stdout."""
    return subprocess.Popen(
        [QEMU, "-M", "pc", "-accel", "tcg", "-cpu", "max", "-smp", "1", "-m", str(memory_mb),
         "-display", "none", "-nodefaults", "-no-user-config", "-no-reboot",
         "-serial", f"file:{kernel_log}", "-serial", "stdio",
         "-kernel", str(folder / "vmlinux"), "-initrd", str(initrd),
         "-append", "console=ttyS0 quiet loglevel=5 panic=-1 oops=panic mitigations=off nokaslr "
                    "tsc=reliable random.trust_cpu=on",
         *devices],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)


if __name__ == "__main__":
    if len(sys.argv) != 3 or sys.argv[1] != "fetch":
        sys.exit(__doc__)
    try:
        fetch(pathlib.Path(sys.argv[2]).resolve())
    except Unavailable as error:
        sys.exit(f"vm: {error}")
