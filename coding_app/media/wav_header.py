"""The length a WAV file's header promises: ffmpeg quietly takes what is there instead."""

import struct

from coding_app.media.source import Source, open_source

UNKNOWN_BYTES = 0x7FFF_0000  # recorders that stream write 0 or a size near 2 or 4 GiB: they do not know it


def promised_wav_ms(path: Source) -> int | None:
    """Milliseconds of sound that a RIFF/WAVE header states; None when it states none or is no such header.

    Source: Microsoft/IBM Multimedia Programming Interface 1.0 (1991), RIFF WAVE.
    """
    with open_source(path) as file:
        if file.read(4) != b"RIFF" or file.read(8)[4:] != b"WAVE":
            return None
        bytes_per_second = 0
        while len(head := file.read(8)) == 8:
            name, size = struct.unpack("<4sI", head)
            if name == b"data":
                known = 0 < size < UNKNOWN_BYTES and bytes_per_second
                return size * 1000 // bytes_per_second if known else None
            body = file.read(16) if name == b"fmt " else b""
            if len(body) == 16:
                bytes_per_second = struct.unpack("<I", body[8:12])[0]
            file.seek(size + size % 2 - len(body), 1)
    return None
