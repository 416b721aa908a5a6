"""What the sound says of a transcript: where two talk at once, where nobody talks, where it is very quiet."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from coding_app.domain.times import Span
from coding_app.domain.transcript import Segment
from coding_app.media.decode import open_pcm
from coding_app.speech import talk
from coding_app.speech.doubt_flags import over_silence, with_doubts
from coding_app.speech.faint import with_low_level
from coding_app.speech.overlaps import both, own_at_once, union, with_overlaps
from coding_app.speech.talk import Talk
from coding_app.workflows.prepared import Prepared

OnProgress = Callable[[float], None]


@dataclass(frozen=True, slots=True)
class Heard:
    """speech: where a voice was found. overlaps: where two talk at once, None when that cannot be told here.

    talk: what the talk network heard, None where it was not asked.
    """

    speech: tuple[Span, ...]
    overlaps: tuple[Span, ...] | None
    talk: Talk | None = None

    @property
    def overlap_ms(self) -> int | None:
        """How long two talk at once altogether."""
        return None if self.overlaps is None else sum(each.duration_ms for each in self.overlaps)


def hear(prepared: Prepared, on_progress: OnProgress | None = None) -> Heard:
    """Listens to the whole recording once more. With a microphone each, overlap is where two own voices meet
    and the network hears two.

    Of one mixed recording the talk network tells overlap, and must agree with voice activity that there is a voice;
    where its weights are not installed, overlap is not known.
    """
    own = [
        [span for chunk in prepared.chunks if chunk.track == track for span in chunk.spans]
        for track in range(len(prepared.tracks))
    ]
    speech = union(span for spans in own for span in spans)
    if prepared.channels:
        at_once = own_at_once(own)
        if not talk.available():
            return Heard(speech, at_once)
        # who hardly speaks is heard too well on another's microphone: the network must agree
        together = talk.listen(open_pcm(prepared.mix), speech, on_progress).overlaps()
        return Heard(speech, both(at_once, together))
    if not talk.available():
        return Heard(speech, None)
    heard = talk.listen(open_pcm(prepared.mix), speech, on_progress)
    return Heard(both(speech, heard.voice()), heard.overlaps(), heard)


def flagged(
    prepared: Prepared, segments: Sequence[Segment], heard: Heard, *, recognised: bool
) -> tuple[Segment, ...]:
    """The segments with their flags; nothing else of them changes.

    recognised: whether an engine wrote the words; a person's own may repeat themselves.
    """
    doubted = with_doubts(segments, heard.speech) if recognised else over_silence(segments, heard.speech)
    quiet = with_low_level(doubted, open_pcm(prepared.mix))
    return with_overlaps(quiet, heard.overlaps or ())
