"""Coding schemes: YAML -> Scheme with file:line errors, and where schemes are kept."""

from coding_app.schemes.library import BUILT_IN, find_scheme, list_schemes, read_folders, scheme_folders
from coding_app.schemes.reading import FaultySchemeError, kept_scheme, load_scheme, parse_scheme

__all__ = [
    "BUILT_IN",
    "FaultySchemeError",
    "find_scheme",
    "kept_scheme",
    "list_schemes",
    "load_scheme",
    "parse_scheme",
    "read_folders",
    "scheme_folders",
]
