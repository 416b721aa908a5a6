"""The typeface of the printed manual: Noto Sans, cut down to the signs that a scheme uses."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.resources import files
from pathlib import Path
from tempfile import TemporaryDirectory

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

_FONT = "NotoSans[wdth,wght].ttf"
_ALWAYS = "•–—…“” ·?"
# Signs that turn or hide text; on paper they would be boxes.
_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufe00-\ufe0f\ufeff]")


def printable(text: str) -> str:
    """The text without invisible signs and line breaks.

    >>> printable("a\u202eb")
    'ab'
    """
    return " ".join(_INVISIBLE.sub("", text).split())


@contextmanager
def font_for(text: str) -> Iterator[tuple[Path, frozenset[str]]]:
    """A variable font file with the signs of this text, and those of them that the typeface lacks."""
    source = files("fontpkg_noto_sans") / "files" / _FONT
    with source.open("rb") as stream, TemporaryDirectory() as folder:
        font = TTFont(stream)
        wanted = {*text, *_ALWAYS, *map(chr, range(32, 127))}
        missing = frozenset(sign for sign in wanted if ord(sign) not in font["cmap"].getBestCmap())
        cutter = Subsetter(Options(layout_features=["kern"], notdef_outline=True))
        cutter.populate(unicodes=[ord(sign) for sign in wanted - missing])
        cutter.subset(font)
        path = Path(folder) / "manual.ttf"
        font.save(path)
        yield path, missing
