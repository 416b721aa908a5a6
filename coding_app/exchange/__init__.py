"""Formats that come in and go out: tables, subtitles, files of other tools."""
