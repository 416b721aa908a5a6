"""What all readers of transcript files share: bytes to text, lines, times, labels, and the sentence for a fault."""

import html
import re
from collections.abc import Sequence
from dataclasses import dataclass

from coding_app.domain.script import ScriptLine, Timing
from coding_app.errors import TranscriptFileError

MAX_BYTES = 32 * 1024 * 1024
MAX_LINES = 50_000
MAX_LABEL = 60
MAX_SPEAKERS = 40
MAX_MS = 100 * 3_600_000
WINDOWS = "The file is not UTF-8; it was read as Windows-1252. Look whether its letters are right."

_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2})(?:[.,](\d{1,6}))?")
_SECONDS = re.compile(r"(\d{1,7})(?:[.,](\d{1,9}))?")
_UNSTORABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Source:
    """A file under reading. name: as it is called in a sentence."""

    name: str
    text: str
    notes: tuple[str, ...] = ()

    @property
    def lines(self) -> list[str]:
        """Its lines without their ends; only real line ends cut, so that numbers agree with an editor."""
        return re.split("\r\n|\r|\n", self.text)

    def fault(self, what: str, line: int | None = None) -> TranscriptFileError:
        """The error that says what is wrong; line counts from 1."""
        return TranscriptFileError(f"{self.name}{f', line {line}' if line else ''}: {what}")


def decoded(data: bytes, name: str) -> Source:
    """The text of a file in UTF-8, UTF-16 or, with a note, Windows-1252.

    Raises TranscriptFileError for an empty or too large file, and for one that holds no text.
    """
    blank = Source(name, "")
    if len(data) > MAX_BYTES:
        raise blank.fault(
            f"The file has {len(data) // 2**20} MB; a transcript has {MAX_BYTES // 2**20} at most."
        )
    text, notes = _text_of(data, blank)
    if "\0" in text:
        line = text.count("\n", 0, text.index("\0")) + 1
        raise blank.fault("this is not a text file; export the transcript as text.", line)
    if not text.strip():
        raise blank.fault("the file is empty; choose the one that holds the transcript.")
    return Source(name, text, notes)


def _text_of(data: bytes, blank: Source) -> tuple[str, tuple[str, ...]]:
    for mark, encoding in (
        (b"\xef\xbb\xbf", "utf-8-sig"),
        (b"\xff\xfe", "utf-16"),
        (b"\xfe\xff", "utf-16"),
    ):
        if data.startswith(mark):
            try:
                return data.decode(encoding), ()
            except UnicodeDecodeError as error:
                raise blank.fault("the text is damaged; save it again as UTF-8.") from error
    try:
        return data.decode("utf-8"), ()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
    try:
        return data.decode("cp1252"), (WINDOWS,)
    except UnicodeDecodeError as error:
        raise blank.fault("the letters cannot be read; save the file as UTF-8.", line) from error


def clean(text: str, *, entities: bool = False) -> str:
    """Text with one space between words and nothing that cannot be stored.

    entities: "&amp;" and its like become the letters they stand for.
    """
    return " ".join(_UNSTORABLE.sub("", html.unescape(text) if entities else text).split())


def clean_label(label: str) -> str | None:
    """A speaker's label, shortened to what can be stored; None for an empty one."""
    return clean(label)[:MAX_LABEL].strip() or None


def clock_ms(text: str) -> int | None:
    """Milliseconds of "1:02:03.5", "02:03" or "02:03,500"; None when it is no such time.

    >>> clock_ms("1:02:03.5"), clock_ms("02:03"), clock_ms("2:61"), clock_ms("12")
    (3723500, 123000, None, None)
    """
    found = _CLOCK.fullmatch(text.strip())
    if not found:
        return None
    hours, minutes, seconds, fraction = found.groups()
    if int(seconds) > 59 or (hours is not None and int(minutes) > 59):
        return None
    whole = (int(hours or 0) * 60 + int(minutes)) * 60 + int(seconds)
    return whole * 1000 + _fraction_ms(fraction)


def seconds_ms(text: str) -> int | None:
    """Milliseconds of a plain number of seconds, "12" or "12.345"; None when it is none."""
    found = _SECONDS.fullmatch(text.strip())
    return int(found[1]) * 1000 + _fraction_ms(found[2]) if found else None


def number_ms(seconds: object) -> int | None:
    """Milliseconds of a number of seconds from JSON; None for anything that is no usable number."""
    if isinstance(seconds, bool) or not isinstance(seconds, int | float):
        return None
    if not 0 <= seconds <= MAX_MS / 1000:  # also refuses NaN
        return None
    return round(seconds * 1000)


def _fraction_ms(digits: str | None) -> int:
    return round(int(digits) * 1000 / 10 ** len(digits)) if digits else 0


def counted(n: int, one: str) -> str:
    """A number with its noun.

    >>> counted(1, "cue"), counted(2, "cue")
    ('1 cue', '2 cues')
    """
    return f"{n:,} {one}{'' if n == 1 else 's'}"


def checked(source: Source, lines: Sequence[ScriptLine]) -> tuple[ScriptLine, ...]:
    """The lines that say something. Raises TranscriptFileError when there is none, or far too much."""
    kept = tuple(each for each in lines if each.text)
    if not kept:
        raise source.fault("no line of talk was found; look whether this is the file you meant.")
    if len(kept) > MAX_LINES:
        raise source.fault(f"it has {len(kept):,} lines; a transcript has {MAX_LINES:,} at most.")
    speakers = {each.speaker for each in kept if each.speaker}
    if len(speakers) > MAX_SPEAKERS:
        raise source.fault(
            f"{len(speakers)} different speakers were found, more than {MAX_SPEAKERS}; write them alike, one name each."
        )
    if any((each.end_ms or each.start_ms or 0) > MAX_MS for each in kept):
        raise source.fault("a time is beyond 100 hours; look how the times are written.")
    return kept


def timing_of(lines: Sequence[ScriptLine]) -> Timing:
    """How much the times are worth. Whole seconds throughout are coarse: a boundary may be off by one."""
    times = [at for each in lines for at in (each.start_ms, each.end_ms) if at is not None]
    if not times:
        return "missing"
    if len(times) < 2 * len(lines):
        return "coarse"
    return "coarse" if len(times) >= 6 and all(at % 1000 == 0 for at in times) else "exact"
