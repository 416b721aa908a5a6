"""Reads the paragraphs of a Word document (.docx) as lines of text; what was deleted with tracked changes is gone.

Source: ECMA-376, WordprocessingML: w:p paragraph, w:t text, w:tab, w:br, w:tc table cell, w:tr table row.
"""

import zipfile
import zlib
from collections.abc import Mapping
from io import BytesIO

from coding_app.exchange.safe_xml import read_xml
from coding_app.exchange.script_parts import MAX_BYTES, Source

_MAIN = "word/document.xml"


def text_of_docx(data: bytes, name: str) -> Source:
    """The document's text, a line per paragraph or table row. Raises TranscriptFileError when it cannot be read."""
    blank = Source(name, "")
    reader = _Reader()
    read_xml(_main_part(data, blank), blank, reader.begin, reader.end, reader.text)
    if not (text := "".join(reader.made)).strip():
        raise blank.fault("the document holds no text.")
    return Source(name, text)


def _main_part(data: bytes, blank: Source) -> bytes:
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            if archive.getinfo(_MAIN).file_size > MAX_BYTES:
                raise blank.fault("the document is too large for a transcript.")
            with archive.open(_MAIN) as part:
                content = part.read(MAX_BYTES + 1)
    except KeyError as error:
        raise blank.fault("this is no Word document; save it as .docx or as plain text.") from error
    except (zipfile.BadZipFile, OSError, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise blank.fault(
            "the document is damaged, or protected by a password; save it again without."
        ) from error
    except zlib.error as error:
        raise blank.fault("the document is damaged; save it again.") from error
    if len(content) > MAX_BYTES:
        raise blank.fault("the document is too large for a transcript.")
    return content


class _Reader:
    """Collects the text; what is shown in old versions only (mc:Fallback) would come twice and is skipped."""

    def __init__(self) -> None:
        self.made: list[str] = []
        self._stack: list[str] = []

    def begin(self, tag: str, _given: Mapping[str, str], _line: int) -> None:
        self._stack.append(tag)
        if tag in ("w:tab", "w:br", "w:cr") and "w:pPr" not in self._stack:
            self.made.append("\t" if tag == "w:tab" else "\n")

    def end(self, tag: str) -> None:
        self._stack.pop()
        if tag == "w:p":
            self.made.append(" " if "w:tc" in self._stack else "\n")
        elif tag == "w:tc":
            self.made.append("\t")
        elif tag == "w:tr":
            self.made.append("\n")

    def text(self, letters: str) -> None:
        if self._stack and self._stack[-1] == "w:t" and "mc:Fallback" not in self._stack:
            self.made.append(letters)
