"""A doubtful chunk is heard once more with a wider beam, and nothing of what is heard is left to chance."""

from pathlib import Path

import numpy as np
import pytest

from coding_app.domain.transcript import Word
from coding_app.media.decode import decode_to_pcm, open_pcm
from coding_app.speech.transcriber import WIDE_BEAM, Attempt, Part, Transcriber, recognised
from coding_app.speech.voice_activity import as_float
from tests.speech.conftest import recording


def part(text: str, log_probability: float = -0.2, compression_ratio: float = 1.4) -> Part:
    words = tuple(Word(n * 500, n * 500 + 400, word, 0.9) for n, word in enumerate(text.split()))
    return Part(log_probability, compression_ratio, words)


LOOP = part("thank you thank you thank you", compression_ratio=2.9)
UNSURE = part("thing cue or it", log_probability=-1.2)
SURE = part("think of it")


@pytest.mark.parametrize(
    ("first", "second", "heard"),
    [
        (SURE, None, "think of it"),
        (LOOP, SURE, "think of it"),
        (UNSURE, SURE, "think of it"),
        (UNSURE, LOOP, "thing cue or it"),
        (UNSURE, UNSURE, "thing cue or it"),
    ],
)
def test_the_try_with_fewer_doubtful_words_counts(first: Part, second: Part | None, heard: str) -> None:
    tries: list[int] = []

    def attempt(beam_size: int) -> Attempt:
        tries.append(beam_size)
        tried = first if beam_size == 1 else second
        assert tried is not None
        return Attempt((tried,), "en")

    assert " ".join(word.text for word in recognised(attempt, 1).words) == heard
    assert tries == ([1] if second is None else [1, WIDE_BEAM])


@pytest.mark.weights
@pytest.mark.filterwarnings("ignore:unclosed file.*tiktoken:ResourceWarning")  # openai-whisper's vocabulary
def test_the_same_sound_gives_the_same_words_whatever_was_heard_before(
    transcriber: Transcriber, tmp_path: Path
) -> None:
    speech = as_float(open_pcm(decode_to_pcm(recording("jfk.flac"), tmp_path / "jfk.pcm").path))
    thrice = np.tile(speech, 3)  # said three times over it looks like a loop, so that it is heard again
    first = transcriber.transcribe_chunk(thrice, "en", None)
    transcriber.transcribe_chunk(speech, "en", None)
    assert transcriber.transcribe_chunk(thrice, "en", None) == first
