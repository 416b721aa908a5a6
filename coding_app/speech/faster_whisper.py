"""The faster-whisper engine: Whisper on CTranslate2, 8-bit integers on the processor, 16-bit floats on a card."""

from pathlib import Path
from typing import Any

from coding_app.errors import SpeechError
from coding_app.speech.device import GPU, Computing, choices, first_that_works
from coding_app.speech.languages import unknown_language
from coding_app.speech.transcriber import (
    SAMPLE_RATE_HZ,
    Attempt,
    Audio,
    Part,
    Recognised,
    recognised,
    timed_word,
)


def options(wanted: str) -> tuple[Computing, ...]:
    """What to try on this machine. Raises SpeechError when a graphics card is wanted and there is none."""
    import ctranslate2

    has_card = ctranslate2.get_cuda_device_count() > 0
    return choices(wanted, ctranslate2.get_supported_compute_types(GPU) if has_card else (), "int8")


class FasterWhisper:
    """A loaded CTranslate2 model. Raises SpeechError when the folder holds no usable model.

    computing: what it computes on and with, the first of `tried` that works. beam_size: how many ways of hearing are
    followed at once. The app takes 1: wider beams gained nothing on dialogue and cost half as much again.
    """

    def __init__(
        self, folder: Path, n_threads: int, tried: tuple[Computing, ...], beam_size: int = 1
    ) -> None:
        self._beam_size = beam_size
        try:
            self._model, self.computing = first_that_works(
                tried, lambda computing: _made(folder, n_threads, computing)
            )
        except Exception as error:
            raise SpeechError(
                f"The model in the folder '{folder.name}' is damaged or not for faster-whisper; "
                "delete that folder and start again."
            ) from error

    def transcribe_chunk(self, audio: Audio, language: str | None, prompt: str | None) -> Recognised:
        """See Transcriber."""
        if language is not None and not self._knows(language):
            raise SpeechError(unknown_language(language, " to this model"))
        try:
            return recognised(lambda beam: self._attempt(audio, language, prompt, beam), self._beam_size)
        except (ValueError, RuntimeError) as error:
            raise SpeechError("The speech engine failed on this recording; try the other engine.") from error

    def _attempt(self, audio: Audio, language: str | None, prompt: str | None, beam_size: int) -> Attempt:
        segments, info = self._model.transcribe(
            audio,
            language=language,
            initial_prompt=prompt,
            beam_size=beam_size,
            temperature=0.0,
            word_timestamps=True,
            condition_on_previous_text=False,
            hallucination_silence_threshold=2.0,
        )
        parts = [
            Part(
                float(segment.avg_logprob),
                float(segment.compression_ratio),
                tuple(
                    timed_word(word.start, word.end, word.word, float(word.probability))
                    for word in segment.words or ()
                ),
            )
            for segment in segments
        ]
        return Attempt(tuple(parts), str(info.language))

    def _knows(self, language: str) -> bool:
        has_token = self._model.hf_tokenizer.token_to_id(f"<|{language}|>") is not None
        return has_token and language in self._model.supported_languages


def _made(folder: Path, n_threads: int, computing: Computing) -> Any:
    """The model; on a graphics card it is tried at once, because what its libraries lack shows only then."""
    import numpy as np
    from faster_whisper import WhisperModel

    model = WhisperModel(
        str(folder),
        device=computing.device,
        compute_type=computing.compute_type,
        cpu_threads=n_threads,
        local_files_only=True,
    )
    if computing.device == GPU:
        half_a_minute = np.zeros(30 * SAMPLE_RATE_HZ, np.float32)
        model.encode(model.feature_extractor(half_a_minute)[..., :3000])
    return model
