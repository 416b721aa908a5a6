"""Sealed files: what was written comes back, from any place; what was changed does not open; Tink reads the same."""

import io
from pathlib import Path

import pytest
import tink
from hypothesis import given, settings
from hypothesis import strategies as st
from tink import secret_key_access, streaming_aead
from tink.proto import aes_gcm_hkdf_streaming_pb2, common_pb2, tink_pb2

from coding_app.errors import StoreError
from coding_app.media.sealed import (
    HEADER_BYTES,
    SEGMENT_BYTES,
    TAG_BYTES,
    SealedReader,
    SealedWriter,
    new_key,
    sealed_size,
)
from coding_app.media.source import Sealed, copied, from_json, open_source, read_all, written
from coding_app.media.source import as_json as source_as_json

KEY = bytes(range(32))
FIRST = SEGMENT_BYTES - HEADER_BYTES - TAG_BYTES
SMALL = 256  # bytes of a segment, so that short files have many
BORDERS = [0, 1, *(FIRST + k * (SEGMENT_BYTES - TAG_BYTES) + d for k in (0, 1, 2) for d in (-1, 0, 1))]


def sealed(data: bytes, key: bytes = KEY, name: str = "recording", segment: int = SEGMENT_BYTES) -> bytes:
    out = io.BytesIO()
    writer = SealedWriter(out, key, name, segment)
    writer.write(data)
    writer.finish()
    return out.getvalue()


def opened(file: bytes, key: bytes = KEY, name: str = "recording", segment: int = SEGMENT_BYTES) -> bytes:
    return SealedReader(io.BytesIO(file), key, name, segment).read()


def some_bytes(n: int) -> bytes:
    return bytes(number * number % 251 for number in range(n % 70_000)) + bytes(n - n % 70_000)


def tinks(segment_bytes: int) -> streaming_aead.StreamingAead:
    """Tink's own reader and writer with our key."""
    streaming_aead.register()
    key = aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingKey(
        key_value=KEY,
        params=aes_gcm_hkdf_streaming_pb2.AesGcmHkdfStreamingParams(
            ciphertext_segment_size=segment_bytes, derived_key_size=32, hkdf_hash_type=common_pb2.SHA256
        ),
    )
    data = tink_pb2.KeyData(
        type_url="type.googleapis.com/google.crypto.tink.AesGcmHkdfStreamingKey",
        value=key.SerializeToString(),
        key_material_type=tink_pb2.KeyData.SYMMETRIC,
    )
    only = tink_pb2.Keyset.Key(
        key_data=data, status=tink_pb2.ENABLED, key_id=1, output_prefix_type=tink_pb2.RAW
    )
    keyset = tink_pb2.Keyset(primary_key_id=1, key=[only]).SerializeToString()
    handle = tink.proto_keyset_format.parse(keyset, secret_key_access.TOKEN)
    return handle.primitive(streaming_aead.StreamingAead)


class KeptOpen(io.BytesIO):
    """Tink closes what it wrote to."""

    def close(self) -> None:
        return


@pytest.mark.parametrize("n", BORDERS)
def test_tink_reads_what_we_seal(n: int):
    data = some_bytes(n)
    with tinks(SEGMENT_BYTES).new_decrypting_stream(io.BytesIO(sealed(data)), b"recording") as stream:
        assert stream.read() == data


@pytest.mark.parametrize("n", BORDERS)
def test_we_read_what_tink_seals(n: int):
    data, out = some_bytes(n), KeptOpen()
    with tinks(SEGMENT_BYTES).new_encrypting_stream(out, b"recording") as stream:
        stream.write(data)
    assert opened(out.getvalue()) == data


@pytest.mark.parametrize("n", BORDERS)
def test_every_size_comes_back_and_is_as_large_as_foretold(n: int):
    data = some_bytes(n)
    file = sealed(data)
    assert opened(file) == data
    assert len(file) == sealed_size(n)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_any_range_is_what_it_is_in_the_plain_bytes(data: st.DataObject):
    plain = data.draw(st.binary(max_size=5 * SMALL))
    pieces, file, at = data.draw(st.lists(st.integers(1, 2 * SMALL))), io.BytesIO(), 0
    writer = SealedWriter(file, KEY, "recording", SMALL)
    for n in pieces:
        writer.write(plain[at : at + n])
        at += n
    writer.write(plain[at:])
    writer.finish()
    reader = SealedReader(file, KEY, "recording", SMALL)
    assert reader.size == len(plain)
    for _ in range(5):
        start, n = data.draw(st.integers(0, len(plain) + 3)), data.draw(st.integers(0, 3 * SMALL))
        assert reader.seek(start) == start
        assert reader.read(n) == plain[start : start + n]
        assert reader.tell() == min(start + n, max(start, len(plain)))
    assert reader.seek(-min(3, len(plain)), io.SEEK_END) == len(plain) - min(3, len(plain))
    assert reader.read() == plain[-3:]
    with pytest.raises(ValueError, match="before the beginning"):
        reader.seek(-1)


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_a_single_bit_that_was_flipped_anywhere_is_found(data: st.DataObject):
    file = bytearray(sealed(data.draw(st.binary(max_size=3 * SMALL)), segment=SMALL))
    at = data.draw(st.integers(0, len(file) - 1))
    file[at] ^= 1 << data.draw(st.integers(0, 7))
    with pytest.raises(StoreError, match="does not open with its key"):
        opened(bytes(file), segment=SMALL)


def segments_of(file: bytes) -> list[bytes]:
    return [file[at : at + SMALL] for at in range(0, len(file), SMALL)]


def test_segments_that_were_swapped_repeated_or_left_out_are_found():
    first, second, third, *rest = segments_of(sealed(some_bytes(5 * SMALL), segment=SMALL))
    for changed in (
        [first, third, second, *rest],
        [first, second, second, *rest],
        [first, third, *rest],
        [first, second, second, third, *rest],
    ):
        with pytest.raises(StoreError):
            opened(b"".join(changed), segment=SMALL)


def test_a_file_cut_short_is_found_when_it_is_opened_at_a_border_of_segments_too():
    file = sealed(some_bytes(5 * SMALL), segment=SMALL)
    for n in range(len(file)):
        with pytest.raises(StoreError, match="cut short"):
            SealedReader(io.BytesIO(file[:n]), KEY, "recording", SMALL)
    with pytest.raises(StoreError):
        SealedReader(io.BytesIO(file + b"x"), KEY, "recording", SMALL)
    with pytest.raises(StoreError):
        SealedReader(io.BytesIO(file + file[-SMALL:]), KEY, "recording", SMALL)


def test_a_segment_of_another_file_with_the_same_key_is_found():
    one, other = (segments_of(sealed(some_bytes(5 * SMALL), segment=SMALL)) for _ in range(2))
    with pytest.raises(StoreError):
        opened(b"".join([*one[:2], other[2], *one[3:]]), segment=SMALL)


def test_another_key_and_another_name_do_not_open_it():
    file = sealed(b"what was said")
    with pytest.raises(StoreError):
        opened(file, key=new_key())
    with pytest.raises(StoreError):
        opened(file, name="peaks.i8")


def test_the_same_bytes_are_never_sealed_alike():
    assert sealed(b"what was said") != sealed(b"what was said")


def test_a_sealed_file_is_written_whole_or_not_at_all(tmp_path: Path):
    target = Sealed(tmp_path / "a", KEY, "recording")

    def broken_off() -> None:
        with written(target) as out:
            out.write(b"half")
            raise ConnectionError

    with pytest.raises(ConnectionError):
        broken_off()
    assert list(tmp_path.iterdir()) == []
    with written(target) as out:
        out.write(b"all of it")
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
    assert b"all of it" not in target.path.read_bytes()
    assert read_all(target) == b"all of it"
    copied(target, tmp_path / "plain")
    assert (tmp_path / "plain").read_bytes() == b"all of it"


def test_a_request_to_a_child_carries_what_opens_the_file_and_a_message_does_not(tmp_path: Path):
    target = Sealed(tmp_path / "a", KEY, "recording")
    assert from_json(source_as_json(target)) == target
    assert from_json(source_as_json(tmp_path / "a")) == tmp_path / "a"
    assert "x00" not in repr(target)
    assert "AAEC" not in repr(target)
    with pytest.raises(FileNotFoundError):
        open_source(target)
