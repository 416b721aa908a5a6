"""Transcript files as other programs write them, small, and the reading of one from a text."""

import zipfile
from io import BytesIO

from coding_app.domain.script import Script
from coding_app.exchange.transcript_files import read_script

EAF = """<?xml version="1.0" encoding="UTF-8"?>
<ANNOTATION_DOCUMENT AUTHOR="" DATE="2026-01-01T00:00:00+00:00" FORMAT="3.0" VERSION="3.0">
  <HEADER MEDIA_FILE="" TIME_UNITS="milliseconds"/>
  <TIME_ORDER>
    <TIME_SLOT TIME_SLOT_ID="ts1" TIME_VALUE="760"/><TIME_SLOT TIME_SLOT_ID="ts2" TIME_VALUE="2300"/>
    <TIME_SLOT TIME_SLOT_ID="ts3" TIME_VALUE="2500"/><TIME_SLOT TIME_SLOT_ID="ts4"/>
    <TIME_SLOT TIME_SLOT_ID="ts5" TIME_VALUE="4501"/>
  </TIME_ORDER>
  <TIER TIER_ID="T-speech" PARTICIPANT="Therapist" LINGUISTIC_TYPE_REF="default">
    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a1" TIME_SLOT_REF1="ts1" TIME_SLOT_REF2="ts2">
      <ANNOTATION_VALUE>How are you &amp; yours?</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
  </TIER>
  <TIER TIER_ID="client" LINGUISTIC_TYPE_REF="default">
    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a2" TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts5">
      <ANNOTATION_VALUE>Not bad</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
  </TIER>
  <TIER TIER_ID="words" PARENT_REF="client" LINGUISTIC_TYPE_REF="words">
    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a3" TIME_SLOT_REF1="ts3" TIME_SLOT_REF2="ts4">
      <ANNOTATION_VALUE>Not</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
    <ANNOTATION><ALIGNABLE_ANNOTATION ANNOTATION_ID="a4" TIME_SLOT_REF1="ts4" TIME_SLOT_REF2="ts5">
      <ANNOTATION_VALUE>bad</ANNOTATION_VALUE></ALIGNABLE_ANNOTATION></ANNOTATION>
  </TIER>
  <TIER TIER_ID="translation" PARENT_REF="client" LINGUISTIC_TYPE_REF="ref">
    <ANNOTATION><REF_ANNOTATION ANNOTATION_ID="a5" ANNOTATION_REF="a2">
      <ANNOTATION_VALUE>Nicht schlecht</ANNOTATION_VALUE></REF_ANNOTATION></ANNOTATION>
  </TIER>
</ANNOTATION_DOCUMENT>
"""

LONG_GRID = """File type = "ooTextFile"
Object class = "TextGrid"

xmin = 0
xmax = 4.5
tiers? <exists>
size = 2
item []:
    item [1]:
        class = "IntervalTier"
        name = "Therapist"
        xmin = 0
        xmax = 4.5
        intervals: size = 2
        intervals [1]:
            xmin = 0
            xmax = 2.345
            text = "How ""are"" you?"
        intervals [2]:
            xmin = 2.345
            xmax = 4.5
            text = ""
    item [2]:
        class = "IntervalTier"
        name = "Client"
        xmin = 0
        xmax = 4.5
        intervals: size = 1
        intervals [1]:
            xmin = 2.5
            xmax = 4.5
            text = "M\\u""de"
"""

SHORT_GRID = """File type = "ooTextFile"
Object class = "TextGrid"

0
4.5
<exists>
2
"IntervalTier"
"Therapist"
0
4.5
2
0
2.345
"How ""are"" you?"
2.345
4.5
""
"IntervalTier"
"Client"
0
4.5
1
2.5
4.5
"Müde"
"""


def archive(name: str, text: str) -> bytes:
    """A zip archive of one compressed file."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(name, text)
    return made.getvalue()


def read(text: str | bytes, name: str = "a.txt") -> Script:
    """The script in a file of this name with this text (UTF-8)."""
    return read_script(text.encode() if isinstance(text, str) else text, name)


def said(script: Script) -> list[tuple[str | None, int | None, int | None, str]]:
    """Speaker, beginning, end, text of each line."""
    return [(each.speaker, each.start_ms, each.end_ms, each.text) for each in script.lines]
