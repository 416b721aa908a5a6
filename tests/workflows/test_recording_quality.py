"""What a recording's measures and words are said to mean."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coding_app.domain.sound import CHANNEL_KINDS, ChannelSound, Sound, sound_as_json
from coding_app.domain.sound_quality import WordsQuality, findings, words_quality
from coding_app.domain.times import Span
from coding_app.domain.transcript import Word
from coding_app.errors import NotFoundError
from coding_app.store import recording_checks, recordings, studies, transcripts
from coding_app.workflows.recording_quality import notices, quality, sound_of
from coding_app.workflows.wiring import App
from tests.builders import NOON, a_recording, a_segment, a_session, a_study, a_transcript

GOOD = ChannelSound(
    peak=-6.0, level=-24.0, speech=-22.0, noise=-58.0, snr_db=36.0, clipped=0.0, dc=0.0, speech_share=0.6,
    zero_share=0.0,
)  # fmt: skip


def a_sound(**given: Any) -> Sound:
    channel = replace(GOOD, **{key: given.pop(key) for key in list(given) if hasattr(GOOD, key)})
    usual = {"channels": (channel,), "channel_kind": "mono", "bandwidth_hz": 12_000, "telephone": False}
    return Sound(**{**usual, "silence_share": 0.3, **given})


def kinds(sound: Sound, words: WordsQuality | None = None) -> dict[str, str]:
    return {each.kind: each.weight for each in findings(sound, words)}


def test_a_good_recording_has_nothing_to_be_said_of():
    assert kinds(a_sound(), WordsQuality(900, 0.04, 0.02, 0, 80)) == {}


@pytest.mark.parametrize(("changed", "kind", "weight"), [
    ({"speech": -40.0}, "quiet", "weak"),
    ({"speech": -50.0}, "quiet", "bad"),
    ({"snr_db": 15.0}, "noise", "weak"),
    ({"snr_db": 4.0}, "noise", "bad"),
    ({"clipped": 0.002}, "clipping", "weak"),
    ({"clipped": 0.03}, "clipping", "bad"),
    ({"dc": -0.1}, "dc", "weak"),
    ({"zero_share": 0.5}, "gate", "weak"),
    ({"speech": None, "snr_db": None}, "no_speech", "bad"),
    ({"level": -90.0, "speech": None, "snr_db": None}, "silent", "bad"),
    ({"telephone": True}, "telephone", "weak"),
    ({"silence_share": 0.9}, "long_silence", "hint"),
    ({"n_damaged": 7}, "damaged", "weak"),
    ({"channel_kind": "separate", "channels": (GOOD, GOOD), "dominance": (0.5, 0.4)}, "separate", "hint"),
    ({"channel_kind": "same", "channels": (GOOD, GOOD)}, "same", "hint"),
    ({"channel_kind": "opposite", "channels": (GOOD, GOOD)}, "opposite", "bad"),
    ({"channel_kind": "one_silent", "channels": (GOOD, replace(GOOD, level=-90.0))}, "silent_channel", "bad"),
])  # fmt: skip
def test_each_fault_is_said_once_with_what_to_do(changed: dict, kind: str, weight: str):
    assert kinds(a_sound(**changed)) == {kind: weight}


def test_the_silent_channel_is_named():
    (found,) = findings(a_sound(channel_kind="one_silent", channels=(replace(GOOD, level=-90.0), GOOD)))
    assert found.sentence == "Channel 1 is silent."


@pytest.mark.parametrize(("words", "kind", "weight"), [
    (WordsQuality(100, 0.12, 0.0, 0, 9), "doubtful", "weak"),
    (WordsQuality(100, 0.4, 0.0, 0, 9), "doubtful", "bad"),
    (WordsQuality(100, 0.0, 0.2, 0, 9), "overlap", "weak"),
    (WordsQuality(100, 0.0, 0.0, 3, 9), "invented", "weak"),
])  # fmt: skip
def test_what_the_words_say_is_added(words: WordsQuality, kind: str, weight: str):
    assert kinds(a_sound(), words) == {kind: weight}


levels = st.floats(-100, 18)
maybe = st.none() | levels
shares = st.floats(0, 1)
channels = st.builds(
    ChannelSound, peak=levels, level=levels, speech=maybe, noise=maybe, snr_db=st.none() | st.floats(-5, 80),
    clipped=shares, dc=st.floats(-1, 1), speech_share=shares, zero_share=shares,
)  # fmt: skip


@given(st.lists(channels, min_size=2, max_size=8), st.sampled_from(CHANNEL_KINDS), shares, st.booleans())
def test_whatever_was_measured_is_said_in_whole_sentences_the_worst_first(found, kind, silence, telephone):
    sound = Sound(tuple(found), kind, 8000, telephone, silence, 0, (0.4, 0.5))
    said = findings(sound)
    assert all(each.sentence.endswith(".") and each.advice.endswith(".") for each in said)
    assert len({each.kind for each in said}) == len(said)
    order = [("bad", "weak", "hint").index(each.weight) for each in said]
    assert order == sorted(order)


def test_the_words_of_a_transcript_are_counted():
    def words(*probabilities: float | None) -> tuple[Word, ...]:
        return tuple(Word(0, 10, "x", each) for each in probabilities)

    transcript = a_transcript("r", provenance={"overlap_ms": 4000}, segments=(
        a_segment(1, words=words(0.9, 0.49, None), flags=("overlap", "very_long")),
        a_segment(2, words=words(0.5, 0.1), flags=("repetition", "compressed")),
        a_segment(3, words=(), span=Span(8000, 10_000)),
    ))  # fmt: skip
    found = words_quality(transcript)
    assert found == WordsQuality(4, 0.5, 0.4, 1, 3)
    empty = words_quality(a_transcript("r", segments=()))
    assert (empty.doubtful_share, empty.overlap_share) == (None, None)


def given_a_recording(app: App, check: dict | None, label: str = "C-01") -> tuple[str, str]:
    study, recording = a_study(title=f"Study {label}"), None
    session = a_session(study.id, label=label)
    recording = a_recording(session.id)
    with app.store.write() as tx:
        studies.add_study(tx, study)
        studies.add_session(tx, session)
        recordings.add_recording(tx, recording)
        if check is not None:
            recording_checks.put_check(tx, recording.id, check, NOON)
    return study.id, recording.id


def a_check(sound: Sound | None = None, **given: Any) -> dict[str, Any]:
    kept = {"playable": True, "has_video": False, "holds": None, "failed": None}
    return {**kept, "sound": sound_as_json(sound) if sound else None, **given}


def test_a_recording_is_waiting_until_it_was_looked_at(app: App):
    for check in (None, a_check()):
        study_id, recording_id = given_a_recording(app, check, label=f"C-{check is None}")
        found = quality(app, recording_id)
        assert (found.state, found.sound, found.findings) == ("waiting", None, ())
        assert notices(app, study_id) == ()


def test_sound_and_words_are_brought_together(app: App):
    _, recording_id = given_a_recording(app, a_check(a_sound(snr_db=12.0)))
    with app.store.write() as tx:
        transcripts.add_transcript(
            tx, a_transcript(recording_id, segments=(a_segment(1, words=(Word(0, 9, "x", 0.2),)),))
        )
    found = quality(app, recording_id)
    assert found.state == "measured"
    assert [each.kind for each in found.findings] == ["doubtful", "noise"]
    assert sound_of(app, recording_id) == ("measured", found.sound)


def test_only_what_is_badly_wrong_becomes_a_notice_of_the_study(app: App):
    weak, _ = given_a_recording(app, a_check(a_sound(snr_db=15.0)), "weak")
    bad, bad_id = given_a_recording(app, a_check(a_sound(clipped=0.05, snr_db=15.0)), "bad")
    failed, failed_id = given_a_recording(app, a_check(failed="It cannot be read."), "failed")
    assert notices(app, weak) == ()
    (notice,) = notices(app, bad)
    assert (notice.recording_id, notice.session_label) == (bad_id, "bad")
    assert [each.kind for each in notice.findings] == ["clipping"]
    assert notices(app, failed)[0].findings[0].sentence == "It cannot be read."
    assert quality(app, failed_id).state == "failed"


def test_a_copy_is_mentioned_and_one_without_its_picture_as_a_loss(app: App):
    for holds, video, kind in (
        ("sound", False, "copy"),
        ("video", True, "copy"),
        ("sound", True, "sound_only"),
    ):
        check = a_check(a_sound(), playable=False, holds=holds, has_video=video)
        _, recording_id = given_a_recording(app, check, label=f"{holds}{video}")
        assert [each.kind for each in quality(app, recording_id).findings] == [kind]


def test_measures_that_another_version_kept_are_passed_over(app: App):
    study_id, recording_id = given_a_recording(app, a_check() | {"sound": {"loudness": 3}})
    assert quality(app, recording_id).sound is None
    assert notices(app, study_id) == ()


def test_an_unknown_recording_is_refused(app: App):
    with pytest.raises(NotFoundError):
        quality(app, "nobody")


def test_nobody_is_said_to_speak_alone_where_overlap_was_never_looked_for():
    given = [None, {"engine": "x"}, {"overlap_ms": None}, {"overlap_ms": 0}, {"overlap_ms": 1600}]
    shares = [words_quality(a_transcript("r", provenance=each)).overlap_share for each in given]
    assert shares == [None, None, None, 0.0, 0.1]


def test_talk_of_two_at_once_counts_once_as_time_in_which_somebody_speaks():
    both = (a_segment(1, span=Span(0, 4000)), a_segment(2, span=Span(3000, 5000)))
    assert (
        words_quality(a_transcript("r", provenance={"overlap_ms": 1000}, segments=both)).overlap_share == 0.2
    )
