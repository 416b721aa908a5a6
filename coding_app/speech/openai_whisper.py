"""The openai-whisper engine: the reference implementation on PyTorch."""

from pathlib import Path
from typing import Any

from coding_app.errors import SpeechError
from coding_app.speech.device import GPU, Computing, choices, first_that_works
from coding_app.speech.languages import LANGUAGES, unknown_language
from coding_app.speech.openai_weights import load_from_ct2
from coding_app.speech.transcriber import Attempt, Audio, Part, Recognised, recognised, timed_word


def options(wanted: str) -> tuple[Computing, ...]:
    """What to try on this machine. Raises SpeechError when a graphics card is wanted and there is none."""
    import torch

    return choices(wanted, ("float16",) if torch.cuda.is_available() else (), "float32")


class OpenaiWhisper:
    """A loaded model: an OpenAI .pt file, or a CTranslate2 folder whose weights are taken over.

    computing: what it computes on and with, the first of `tried` that works. beam_size: as in FasterWhisper.
    Raises SpeechError when it is damaged.
    """

    def __init__(self, path: Path, n_threads: int, tried: tuple[Computing, ...], beam_size: int = 1) -> None:
        import torch

        self._beam_size = beam_size
        torch.set_num_threads(n_threads)
        model: Any = load_from_ct2(path) if path.is_dir() else _load_pt(path)
        self._model, self.computing = first_that_works(tried, lambda computing: _placed(model, computing))
        _keep_compiled()

    def transcribe_chunk(self, audio: Audio, language: str | None, prompt: str | None) -> Recognised:
        """See Transcriber."""
        if language is not None and not self._knows(language):
            raise SpeechError(unknown_language(language, " to this model"))
        try:
            return recognised(lambda beam: self._attempt(audio, language, prompt, beam), self._beam_size)
        except (ValueError, RuntimeError) as error:
            raise SpeechError("The speech engine failed on this recording; try the other engine.") from error

    def _attempt(self, audio: Audio, language: str | None, prompt: str | None, beam_size: int) -> Attempt:
        import whisper

        result = whisper.transcribe(
            self._model,
            audio,
            language=language,
            initial_prompt=prompt,
            fp16=self.computing.compute_type == "float16",
            temperature=0.0,
            beam_size=beam_size if beam_size > 1 else None,  # greedy, as a beam of 1
            word_timestamps=True,
            condition_on_previous_text=False,
            hallucination_silence_threshold=2.0,
            verbose=None,
        )
        parts = [
            Part(
                float(segment["avg_logprob"]),
                float(segment["compression_ratio"]),
                tuple(
                    timed_word(word["start"], word["end"], word["word"], float(word["probability"]))
                    for word in segment["words"]
                ),
            )
            for segment in result["segments"]
        ]
        return Attempt(tuple(parts), str(result["language"]))

    def _knows(self, language: str) -> bool:
        """The newest language needs a network with a place for it; English-only ones have none at all."""
        if not self._model.is_multilingual:
            return language == "en"
        return language in LANGUAGES and (language != "yue" or self._model.num_languages > 99)


def published_sha256s() -> dict[str, str]:
    """sha256 -> name of the .pt files that OpenAI publishes, as the installed openai-whisper package states them."""
    import whisper

    return {url.split("/")[-2]: name for name, url in whisper._MODELS.items()}


def _load_pt(path: Path) -> Any:
    """Only tensors and plain values are read from the pickle in the file (weights_only): none of its code runs."""
    import torch
    import whisper
    from whisper.model import ModelDimensions, Whisper

    try:
        checkpoint = torch.load(path, map_location="cpu", weights_only=True)
        model = Whisper(ModelDimensions(**checkpoint["dims"]))
        model.load_state_dict(checkpoint["model_state_dict"])
    except Exception as error:
        raise SpeechError(
            f"The file '{path.name}' is not an openai-whisper model or is damaged; choose another model."
        ) from error
    if path.stem in whisper._ALIGNMENT_HEADS:
        model.set_alignment_heads(whisper._ALIGNMENT_HEADS[path.stem])
    return model.eval()


def _placed(model: Any, computing: Computing) -> Any:
    """The model on the device; a graphics card is tried at once, because what is missing shows only then."""
    import torch

    placed = model.to(computing.device)
    if computing.device == GPU:
        placed.embed_audio(torch.zeros(1, placed.dims.n_mels, 3000, device=computing.device))
    return placed


def _keep_compiled() -> None:
    """Lets numba keep what it compiles for the times of words: 10 to 20 seconds saved from the second time on."""
    from whisper import timing

    for function in (timing.backtrace, timing.dtw_cpu):
        function.enable_caching()
