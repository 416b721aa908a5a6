"""The faster-whisper engine: Whisper on CTranslate2, 8-bit integers on the CPU."""

from pathlib import Path
from typing import Any

from coding_app.errors import SpeechError
from coding_app.speech.transcriber import SEED, TEMPERATURES, Audio, Recognised, spoken_words, timed_word


class FasterWhisper:
    """A loaded CTranslate2 model. Raises SpeechError when the folder holds no usable model.

    beam_size: how many ways of hearing are followed at once. The app takes 1: wider beams gained nothing on dialogue
    and cost half as much again.
    """

    def __init__(self, folder: Path, n_threads: int, beam_size: int = 1) -> None:
        from faster_whisper import WhisperModel

        self._beam_size = beam_size
        try:
            self._model: Any = WhisperModel(
                str(folder), device="cpu", compute_type="int8", cpu_threads=n_threads, local_files_only=True
            )
        except Exception as error:
            raise SpeechError(
                f"The model in the folder '{folder.name}' is damaged or not for faster-whisper; "
                "delete that folder and start again."
            ) from error

    def transcribe_chunk(self, audio: Audio, language: str | None, prompt: str | None) -> Recognised:
        """See Transcriber."""
        from ctranslate2 import set_random_seed

        set_random_seed(SEED)
        try:
            segments, info = self._model.transcribe(
                audio,
                language=language,
                initial_prompt=prompt,
                beam_size=self._beam_size,
                temperature=TEMPERATURES,
                word_timestamps=True,
                condition_on_previous_text=False,
                hallucination_silence_threshold=2.0,
            )
            words = spoken_words(
                (
                    float(segment.avg_logprob),
                    [
                        timed_word(word.start, word.end, word.word, float(word.probability))
                        for word in segment.words or ()
                    ],
                )
                for segment in segments
            )
        except ValueError as error:
            raise SpeechError(_language_sentence(language)) from error
        except RuntimeError as error:
            raise SpeechError("The speech engine failed on this recording; try the other engine.") from error
        return Recognised(words, str(info.language))


def _language_sentence(language: str | None) -> str:
    return f"The language '{language}' is not known; give a code such as en, de or fr, or none to have it recognised."
