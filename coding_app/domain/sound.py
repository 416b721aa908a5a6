"""What was measured of a recording's sound; the measures are described in docs/reference/sound-quality.md."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Literal, get_args

ChannelKind = Literal["mono", "stereo", "same", "opposite", "one_silent", "separate", "many"]
CHANNEL_KINDS: tuple[ChannelKind, ...] = get_args(ChannelKind)


@dataclass(frozen=True, slots=True)
class ChannelSound:
    """One channel. Levels are dBFS (0 = full scale); None = cannot be told.

    peak: the loudest sample. speech: mean level while somebody speaks, noise taken off. noise: level of the
    pauses. snr_db: the difference of their powers. clipped, speech_share, zero_share: shares 0-1 of the samples
    or of the time. dc: mean of the samples, -1 to 1.
    """

    peak: float
    level: float
    speech: float | None
    noise: float | None
    snr_db: float | None
    clipped: float
    dc: float
    speech_share: float
    zero_share: float


@dataclass(frozen=True, slots=True)
class Sound:
    """A whole recording. bandwidth_hz: up to where its sound reaches; telephone: whether it is cut as calls are.

    channel_kind: how the channels belong together; "separate" = each has a person's own microphone.
    dominance: share of the talk in which each of two channels is clearly the louder one, () for others.
    """

    channels: tuple[ChannelSound, ...]
    channel_kind: ChannelKind
    bandwidth_hz: int
    telephone: bool
    silence_share: float
    n_damaged: int = 0
    dominance: tuple[float, ...] = ()

    @property
    def best(self) -> ChannelSound:
        """The channel that says most about what can be understood: the one with the loudest speech."""
        return max(self.channels, key=lambda each: (each.speech is not None, each.speech or 0.0, each.level))


def sound_as_json(sound: Sound) -> dict[str, Any]:
    """What sound_from_json reads."""
    return asdict(sound)


def sound_from_json(data: Mapping[str, Any]) -> Sound:
    """Raises TypeError or KeyError for anything that sound_as_json did not write."""
    channels = tuple(ChannelSound(**each) for each in data["channels"])
    return Sound(**{**data, "channels": channels, "dominance": tuple(data["dominance"])})
