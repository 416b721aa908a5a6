"""The languages that Whisper knows, by their codes."""

from coding_app.errors import InputError

_CODES = """
af am ar as az ba be bg bn bo br bs ca cs cy da de el en es et eu fa fi fo fr gl gu ha haw he hi hr ht hu hy id is it
ja jw ka kk km kn ko la lb ln lo lt lv mg mi mk ml mn mr ms mt my ne nl nn no oc pa pl ps pt ro ru sa sd si sk sl sn
so sq sr su sv sw ta te tg th tk tl tr tt uk ur uz vi yi yo yue zh
"""
LANGUAGES = frozenset(_CODES.split())


def check_language(language: str | None) -> None:
    """Raises InputError for a code that no Whisper model knows; None, "to be recognised", is fine."""
    if language is not None and language not in LANGUAGES:
        raise InputError(unknown_language(language))


def unknown_language(language: str, to_whom: str = "") -> str:
    """The sentence for it."""
    return (
        f"The language '{language}' is not known{to_whom}; give a code such as en, de or fr, "
        "or none to have it recognised."
    )
