"""Sealed files: encrypted in segments, so that any part can be read without the rest, and no part can be changed.

The format is Tink's AES-GCM-HKDF streaming, as Tink's documentation publishes it (analysed by Hoang and Shen, "Security
of Streaming Encryption in Google's Tink Library", CCS 2020), with 256-bit keys and segments of 64 KiB: Tink itself can
read these files, and in the tests it does. A header of 40 bytes (its length, a salt of 32, a nonce prefix of 7), then
segments, each with a tag of 16. The file's own key is HKDF-SHA256(key, salt, name); the nonce of a segment is prefix,
number, and whether it is the last.
"""

import io
import os
import struct
from typing import Any, BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from coding_app.errors import StoreError

KEY_BYTES = 32
SEGMENT_BYTES = 64 * 1024  # measured against 1 MiB: see docs/reference/benchmarks.md
PREFIX_BYTES = 7
TAG_BYTES = 16
HEADER_BYTES = 1 + KEY_BYTES + PREFIX_BYTES
DAMAGED = (
    "A file of this recording in the data folder does not open with its key: it was changed, cut short or damaged; "
    "put the data folder back from a backup, or add the same recording again."
)


def new_key() -> bytes:
    """A random key for one recording."""
    return AESGCM.generate_key(bit_length=8 * KEY_BYTES)


def sealed_size(n_bytes: int, segment_bytes: int = SEGMENT_BYTES) -> int:
    """How large a file of n_bytes becomes.

    >>> sealed_size(0), sealed_size(65480), sealed_size(65481)
    (56, 65536, 65553)
    """
    n_segments = max(1, -(-(n_bytes + HEADER_BYTES) // (segment_bytes - TAG_BYTES)))
    return HEADER_BYTES + n_bytes + TAG_BYTES * n_segments


def _cipher(key: bytes, salt: bytes, name: str) -> AESGCM:
    return AESGCM(HKDF(SHA256(), KEY_BYTES, salt, name.encode()).derive(key))


def _nonce(prefix: bytes, number: int, is_last: bool) -> bytes:
    return prefix + struct.pack(">IB", number, is_last)


class SealedWriter:
    """Seals what is written, in order, into a file; it can be read only after finish()."""

    def __init__(self, file: BinaryIO, key: bytes, name: str, segment_bytes: int = SEGMENT_BYTES) -> None:
        """name: what the file is ("recording"); it does not open under another name."""
        self._file, self._segment_bytes = file, segment_bytes
        salt, self._prefix = os.urandom(KEY_BYTES), os.urandom(PREFIX_BYTES)
        self._aead = _cipher(key, salt, name)
        self._plain = bytearray(segment_bytes - TAG_BYTES)
        self._room = len(self._plain) - HEADER_BYTES  # in the segment that is being filled
        self._filled = self._number = 0
        file.write(bytes([HEADER_BYTES]) + salt + self._prefix)

    def write(self, data: Any) -> int:
        """Takes bytes, or anything that holds bytes, and says how many."""
        view = memoryview(data).cast("B")
        at = 0
        while at < len(view):
            if self._filled == self._room:  # more follows, so this segment is not the last
                self._seal(is_last=False)
            n = min(self._room - self._filled, len(view) - at)
            self._plain[self._filled : self._filled + n] = view[at : at + n]
            self._filled += n
            at += n
        return len(view)

    def finish(self) -> None:
        """Writes the last segment, which says that it is the last; the file stays open."""
        self._seal(is_last=True)

    def _seal(self, *, is_last: bool) -> None:
        out = bytearray(self._filled + TAG_BYTES)
        plain = memoryview(self._plain)[: self._filled]
        self._aead.encrypt_into(_nonce(self._prefix, self._number, is_last), plain, None, out)
        self._file.write(out)
        self._number += 1
        self._filled, self._room = 0, self._segment_bytes - TAG_BYTES


class SealedReader(io.RawIOBase):
    """A sealed file as if it were plain: read, seek, tell; in memory is one segment. For one thread at a time."""

    def __init__(self, file: BinaryIO, key: bytes, name: str, segment_bytes: int = SEGMENT_BYTES) -> None:
        """file: opened unbuffered. Raises StoreError unless header and last segment, and so the length, are true."""
        super().__init__()
        self._file, self._segment_bytes, self._at = file, segment_bytes, 0
        self._total = file.seek(0, os.SEEK_END)
        self._last = max(0, -(-self._total // segment_bytes) - 1)
        self.size = self._total - HEADER_BYTES - TAG_BYTES * (self._last + 1)
        file.seek(0)
        header = file.read(HEADER_BYTES)
        if self.size < 0 or len(header) < HEADER_BYTES or header[0] != HEADER_BYTES:
            raise StoreError(DAMAGED)
        self.salt, self._prefix = header[1 : 1 + KEY_BYTES], header[1 + KEY_BYTES :]
        self._aead = _cipher(key, self.salt, name)
        self._kept: tuple[int, memoryview] = (-1, memoryview(b""))
        self._opened(self._last)  # a file cut short at a segment's end would end in one that is not the last

    def readable(self) -> bool:
        """Always."""
        return True

    def seekable(self) -> bool:
        """Always."""
        return True

    def tell(self) -> int:
        """Where the next read begins."""
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        """Also beyond the end, where nothing is read. Raises ValueError before the beginning."""
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("A place before the beginning of a file")
        self._at = base + offset
        return self._at

    def readall(self) -> bytes:
        """What is left."""
        return self.read(max(0, self.size - self._at)) or b""

    def readinto(self, buffer: Any) -> int:
        """Fills the buffer unless the file ends before. Raises StoreError when a segment is not what was written."""
        out = memoryview(buffer).cast("B")
        wanted, done = min(len(out), max(0, self.size - self._at)), 0
        while done < wanted:
            number, within = divmod(self._at + HEADER_BYTES, self._segment_bytes - TAG_BYTES)
            if number == 0:
                within -= HEADER_BYTES
            n_here = self._n_plain(number)
            if within == 0 and n_here <= wanted - done:  # a whole segment: straight to where it is wanted
                self._open_into(number, out[done : done + n_here])
                n = n_here
            else:
                n = min(n_here - within, wanted - done)
                out[done : done + n] = self._opened(number)[within : within + n]
            done += n
            self._at += n
        return done

    def close(self) -> None:
        """Closes the file under it too."""
        self._file.close()
        super().close()

    def _bounds(self, number: int) -> tuple[int, int]:
        start = number * self._segment_bytes
        return (start or HEADER_BYTES), min(start + self._segment_bytes, self._total)

    def _n_plain(self, number: int) -> int:
        start, end = self._bounds(number)
        return end - start - TAG_BYTES

    def _opened(self, number: int) -> memoryview:
        if self._kept[0] != number:
            plain = bytearray(max(0, self._n_plain(number)))
            self._open_into(number, memoryview(plain))
            self._kept = (number, memoryview(plain))
        return self._kept[1]

    def _open_into(self, number: int, out: memoryview) -> None:
        start, end = self._bounds(number)
        self._file.seek(start)
        sealed = self._file.read(end - start)
        nonce = _nonce(self._prefix, number, number == self._last)
        try:
            self._aead.decrypt_into(nonce, sealed, None, out)
        except (InvalidTag, ValueError) as error:
            raise StoreError(DAMAGED) from error
