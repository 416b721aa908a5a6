"""How numbers and states are written on the pages."""

from coding_app.domain.times import clock

ROLE_WORDS = {
    "therapist": "Therapist",
    "client": "Client",
    "client_2": "Client 2",
    "client_3": "Client 3",
    "client_4": "Client 4",
    "therapist_2": "Second therapist",
    "other": "Other",
    "dyad": "Both together",
}


def how_long(seconds: float) -> str:
    """A waiting time as people say it, never with false precision.

    >>> how_long(20), how_long(100), how_long(4000)
    ('less than a minute', 'about 2 min', 'about 1 h 10 min')
    """
    if seconds < 45:
        return "less than a minute"
    minutes = max(1, round(seconds / 60))
    if minutes < 60:
        return f"about {minutes} min"
    minutes = round(minutes / 10) * 10
    hours, rest = divmod(minutes, 60)
    return f"about {hours} h {rest} min" if rest else f"about {hours} h"


def size(n_bytes: float) -> str:
    """A file size.

    >>> size(484e6), size(3.1e9)
    ('484 MB', '3.1 GB')
    """
    return f"{n_bytes / 1e9:.1f} GB" if n_bytes >= 1e9 else f"{n_bytes / 1e6:.0f} MB"


def moment(start_ms: int, end_ms: int) -> str:
    """A stretch of a recording.

    >>> moment(61_240, 65_980)
    '1:01–1:05'
    """
    return f"{clock(start_ms)}–{clock(end_ms)}"


def number(value: float | None, digits: int = 2) -> str:
    """A statistic rounded for reading; an undefined one is a dash.

    >>> number(0.7434), number(-0.05), number(None)
    ('0.74', '−0.05', '–')
    """
    return "–" if value is None else f"{value:.{digits}f}".replace("-", "−")


def plural(n: int, one: str, many: str | None = None) -> str:
    """A count with its word.

    >>> plural(1, "recording"), plural(3, "recording")
    ('1 recording', '3 recordings')
    """
    return f"{n} {one if n == 1 else many or one + 's'}"


def plain(text: str) -> str:
    """Text that Markdown shows as it is.

    >>> plain("take *2*")
    'take \\\\*2\\\\*'
    """
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]<>()#+-.!|~:$" else letter for letter in text)
