"""Reads any transcript file: finds its format and hands it to that format's reader."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import PurePath

from coding_app.domain.script import Script
from coding_app.exchange.elan import read_eaf
from coding_app.exchange.script_parts import Source, decoded
from coding_app.exchange.subtitles import read_srt, read_vtt
from coding_app.exchange.text_transcript import read_text
from coding_app.exchange.textgrid import read_textgrid
from coding_app.exchange.transcript_csv import read_csv
from coding_app.exchange.transcript_json import read_json
from coding_app.exchange.word_document import text_of_docx

SUFFIXES = (".vtt", ".srt", ".txt", ".csv", ".tsv", ".json", ".eaf", ".textgrid", ".docx")
_READERS: dict[str, Callable[[Source], Script]] = {
    ".vtt": read_vtt,
    ".srt": read_srt,
    ".txt": read_text,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".json": read_json,
}
_WORD_PROCESSORS = (".doc", ".odt", ".rtf", ".pdf", ".pages")


def read_script(data: bytes, name: str, tracks: Sequence[str] | None = None) -> Script:
    """The transcript in a file. name: the file's own, its ending says the format; tracks: for ELAN and TextGrid.

    Raises TranscriptFileError, with the line where there is one, when it cannot be read.
    """
    shown = PurePath(name).name or "The file"
    suffix = PurePath(name).suffix.lower()
    if suffix == ".eaf":
        return read_eaf(data, shown, tracks)
    if suffix == ".docx":
        return replace(read_text(text_of_docx(data, shown)), format="Word document")
    if suffix not in SUFFIXES:
        raise Source(shown, "").fault(_unknown(suffix))
    source = decoded(data, shown)
    if suffix == ".textgrid":
        return read_textgrid(source, tracks)
    head = source.text.lstrip("\ufeff")
    if suffix == ".txt" and head.startswith("WEBVTT"):
        return read_vtt(source)
    if suffix == ".txt" and "ooTextFile" in head[:100]:
        return read_textgrid(source, tracks)
    return _READERS[suffix](source)


def sha256_of(data: bytes) -> str:
    """The file's fingerprint, for the note of where a transcript came from."""
    return hashlib.sha256(data).hexdigest()


def _unknown(suffix: str) -> str:
    if suffix in _WORD_PROCESSORS:
        return "this kind of document cannot be read; save it as .docx, or as plain text (.txt, UTF-8)."
    return f"transcripts are read from files that end in {', '.join(SUFFIXES[:-2])}, .docx or .TextGrid."
