"""Reads XML of strangers as a stream: no document type, no entities of its own, no deep nesting."""

from collections.abc import Callable, Mapping
from xml.parsers import expat

from coding_app.exchange.script_parts import Source

MAX_DEPTH = 60

Begin = Callable[[str, Mapping[str, str], int], None]


def read_xml(
    data: bytes, source: Source, begin: Begin, end: Callable[[str], None], text: Callable[[str], object]
) -> None:
    """Calls begin(tag, attributes, line), text(letters) and end(tag) in the order of the file.

    Raises TranscriptFileError, with the line, for damaged XML, a document type, entities or deep nesting.
    """
    parser = expat.ParserCreate()
    parser.buffer_text = True
    depth = 0

    def refuse(*_: object) -> None:
        raise source.fault(
            "the XML declares a document type or entities of its own.", parser.CurrentLineNumber
        )

    def opened(tag: str, given: Mapping[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > MAX_DEPTH:
            raise source.fault("the XML is nested too deeply.", parser.CurrentLineNumber)
        begin(tag, given, parser.CurrentLineNumber)

    def closed(tag: str) -> None:
        nonlocal depth
        depth -= 1
        end(tag)

    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.StartElementHandler = opened
    parser.EndElementHandler = closed
    parser.CharacterDataHandler = text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise source.fault("the XML is damaged; save the file again.", error.lineno) from error
    except (ValueError, LookupError) as error:  # an encoding nobody knows
        raise source.fault("the XML cannot be read; save the file again.", 1) from error
