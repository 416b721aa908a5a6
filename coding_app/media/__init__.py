"""Recordings as files and sound: checked, decoded, drawn, cut, kept."""
