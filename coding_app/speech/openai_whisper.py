"""The openai-whisper engine: the reference implementation on PyTorch."""

from pathlib import Path
from typing import Any

from coding_app.errors import SpeechError
from coding_app.speech.openai_weights import load_from_ct2
from coding_app.speech.transcriber import SEED, TEMPERATURES, Audio, Recognised, spoken_words, timed_word


class OpenaiWhisper:
    """A loaded model: an OpenAI .pt file, or a CTranslate2 folder whose weights are taken over.

    beam_size: as in FasterWhisper. Raises SpeechError when it is damaged.
    """

    def __init__(self, path: Path, n_threads: int, beam_size: int = 1) -> None:
        import torch

        self._beam_size = beam_size if beam_size > 1 else None  # greedy, as a beam of 1
        torch.set_num_threads(n_threads)
        self._model: Any = load_from_ct2(path) if path.is_dir() else _load_pt(path)
        _keep_compiled()

    def transcribe_chunk(self, audio: Audio, language: str | None, prompt: str | None) -> Recognised:
        """See Transcriber."""
        import torch
        import whisper

        torch.manual_seed(SEED)
        try:
            result = whisper.transcribe(
                self._model,
                audio,
                language=language,
                initial_prompt=prompt,
                fp16=False,
                temperature=TEMPERATURES,
                beam_size=self._beam_size,
                word_timestamps=True,
                condition_on_previous_text=False,
                hallucination_silence_threshold=2.0,
                verbose=None,
            )
        except ValueError as error:
            raise SpeechError(
                f"The language '{language}' is not known; give a code such as en, de or fr, "
                "or none to have it recognised."
            ) from error
        except RuntimeError as error:
            raise SpeechError("The speech engine failed on this recording; try the other engine.") from error
        words = spoken_words(
            (
                float(segment["avg_logprob"]),
                [
                    timed_word(word["start"], word["end"], word["word"], float(word["probability"]))
                    for word in segment["words"]
                ],
            )
            for segment in result["segments"]
        )
        return Recognised(words, str(result["language"]))


def _load_pt(path: Path) -> Any:
    import whisper

    try:
        model = whisper.load_model(str(path), device="cpu")
    except Exception as error:
        raise SpeechError(
            f"The file '{path.name}' is not an openai-whisper model or is damaged; choose another model."
        ) from error
    if path.stem in whisper._ALIGNMENT_HEADS:
        model.set_alignment_heads(whisper._ALIGNMENT_HEADS[path.stem])
    return model


def _keep_compiled() -> None:
    """Lets numba keep what it compiles for the times of words: 10 to 20 seconds saved from the second time on."""
    from whisper import timing

    for function in (timing.backtrace, timing.dtw_cpu):
        function.enable_caching()
