"""A disk with a volatile write cache, over NBD on a Unix socket.

What the guest writes lies in the cache until it asks for a flush (or writes with FUA). cut() is the
power cut: of the sectors not yet flushed all are lost, or a random part of them reaches the platter,
in any order, as with a real disk.
"""
import os
import random
import socket
import struct
import threading

SECTOR = 512
OPTION_EXPORT_NAME, OPTION_ABORT, OPTION_INFO, OPTION_GO = 1, 2, 6, 7
REPLY_MAGIC = 0x3e889045565a9
FLAGS = 1 | 4 | 8  # flags are there; flush and FUA are understood
READ, WRITE, DISCONNECT, FLUSH = 0, 1, 2, 3
EINVAL, ENOSPC = 22, 28


class VolatileDisk:
    def __init__(self, image, path):
        self.image = image
        self.platter = bytearray(image.read_bytes())
        self.cache = bytearray(self.platter)
        self.unflushed = set()
        self.lock = threading.Lock()
        self.is_cut = False
        self.requests_left = None  # writes and flushes until the power goes by itself
        self.gone = threading.Event()
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(str(path))
        self.listener.listen(1)
        self.thread = threading.Thread(target=self._serve, daemon=True)
        self.thread.start()

    def cut_after(self, requests):
        """The power goes when so many more writes and flushes have come: in the midst of a commit,
        where a cut by the clock seldom falls. gone tells."""
        with self.lock:
            self.requests_left = requests

    def _count_down(self):
        if self.requests_left is not None:
            self.requests_left -= 1
            if self.requests_left < 0:
                self.is_cut = True
                self.gone.set()

    def cut(self, keep_percent, dice):
        """Gives (sectors unflushed, sectors lost). What was on the platter goes to the image."""
        with self.lock:
            self.is_cut = True
            unflushed = sorted(self.unflushed)
            kept = [sector for sector in unflushed if dice.random() * 100 < keep_percent]
            for sector in kept:
                self._settle(sector)
        self.listener.close()
        self.image.write_bytes(self.platter)
        return len(unflushed), len(unflushed) - len(kept)

    def _settle(self, sector):
        at = sector * SECTOR
        self.platter[at:at + SECTOR] = self.cache[at:at + SECTOR]

    def _serve(self):
        try:
            peer, _ = self.listener.accept()
            with peer:
                if self._haggle(peer):
                    while self._request(peer):
                        pass
        except (OSError, EOFError):
            pass  # the virtual machine was killed, which is what it is here for

    @staticmethod
    def _read(peer, count):
        data = bytearray()
        while len(data) < count:
            piece = peer.recv(count - len(data))
            if not piece:
                raise EOFError
            data += piece
        return bytes(data)

    def _haggle(self, peer):
        size = len(self.platter)
        peer.sendall(b"NBDMAGICIHAVEOPT" + struct.pack(">H", 3))
        client_flags, = struct.unpack(">I", self._read(peer, 4))
        while True:
            _, option, length = struct.unpack(">QII", self._read(peer, 16))
            self._read(peer, length)
            if option == OPTION_EXPORT_NAME:
                padding = b"" if client_flags & 2 else bytes(124)
                peer.sendall(struct.pack(">QH", size, FLAGS) + padding)
                return True
            if option in (OPTION_INFO, OPTION_GO):
                peer.sendall(struct.pack(">QIII", REPLY_MAGIC, option, 3, 12)
                             + struct.pack(">HQH", 0, size, FLAGS)
                             + struct.pack(">QIII", REPLY_MAGIC, option, 1, 0))
                if option == OPTION_GO:
                    return True
                continue
            peer.sendall(struct.pack(">QIII", REPLY_MAGIC, option, 0x80000001, 0))
            if option == OPTION_ABORT:
                return False

    def _request(self, peer):
        _, flags, kind, handle, at, length = struct.unpack(">IHHQQI", self._read(peer, 28))
        data = self._read(peer, length) if kind == WRITE else b""
        answer, error = b"", 0
        with self.lock:
            if kind in (WRITE, FLUSH):
                self._count_down()
            if self.is_cut:
                return False  # the request came too late and is never answered
            if kind == READ:
                answer = bytes(self.cache[at:at + length])
            elif kind == WRITE:
                error = self._write(at, data, is_forced=flags & 1)
            elif kind == FLUSH:
                self._flush(self.unflushed)
            elif kind == DISCONNECT:
                return False
            else:
                error = EINVAL
        peer.sendall(struct.pack(">IIQ", 0x67446698, error, handle) + answer)
        return True

    def _write(self, at, data, is_forced):
        if at + len(data) > len(self.cache):
            return ENOSPC
        self.cache[at:at + len(data)] = data
        sectors = set(range(at // SECTOR, (at + len(data) + SECTOR - 1) // SECTOR))
        self.unflushed |= sectors
        if is_forced:
            self._flush(sectors)
        return 0

    def _flush(self, sectors):
        for sector in sectors:
            self._settle(sector)
        self.unflushed = self.unflushed - sectors
