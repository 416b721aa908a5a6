"""The manual of a scheme as a file to save: HTML or PDF."""

from coding_app.domain.scheme import Scheme
from coding_app.exchange.manual import manual_html


def manual_name(scheme: Scheme, ending: str) -> str:
    """What the file is called."""
    return f"{scheme.id}-{scheme.version}-manual.{ending}"


def as_html(scheme: Scheme) -> str:
    """One HTML page that needs nothing from outside."""
    return manual_html(scheme)


def as_pdf(scheme: Scheme) -> bytes:
    """A4 pages; takes about a second. The PDF library is read only now."""
    from coding_app.exchange.manual_pdf import manual_pdf

    return manual_pdf(scheme)
