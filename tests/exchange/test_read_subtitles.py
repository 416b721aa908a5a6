"""WebVTT and SRT, as programs write them."""

from coding_app.domain.transcript import Word
from tests.exchange.files import read, said


def test_voices_cue_settings_and_entities_of_webvtt_are_understood() -> None:
    script = read(
        "\ufeffWEBVTT - some title\nKind: captions\n\nSTYLE\n::cue { color: red }\n\nNOTE for me\n\n"
        "intro\n00:00:01.000 --> 01:00:02.500 align:start position:10%\n"
        "<v.loud Anna &amp; Co>Hello <i>there</i>\n&lt;you&gt;&nbsp;two</v>\n\n"
        "00:05.000 --> 00:06.000\n<c.yellow>No voice</c>\n",
        "a.vtt",
    )
    assert said(script) == [
        ("Anna & Co", 1000, 3_602_500, "Hello there <you> two"),
        (None, 5000, 6000, "No voice"),
    ]
    assert (script.format, script.timing) == ("WebVTT", "exact")


def test_word_times_of_webvtt_are_kept() -> None:
    script = read(
        "WEBVTT\n\n00:03.000 --> 00:05.000\nwell<00:03.500><c> then</c><00:04.000><c> all right</c>\n",
        "a.vtt",
    )
    assert script.lines[0].words == (
        Word(3000, 3500, "well"), Word(3500, 4000, "then"), Word(4000, 4500, "all"), Word(4500, 5000, "right"),
    )  # fmt: skip


def test_captions_that_roll_up_are_read_once() -> None:
    script = read(
        "WEBVTT\n\n00:00.000 --> 00:02.000\n \nso<00:00.500><c> hello</c>\n\n"
        "00:02.000 --> 00:02.010\nso hello\n \n\n"
        "00:02.010 --> 00:04.000\nso hello\nmy<00:03.000><c> friend</c>\n",
        "a.vtt",
    )
    assert [each.text for each in script.lines] == ["so hello", "my friend"]


def test_voices_that_share_a_cue_share_its_time() -> None:
    script = read("WEBVTT\n\n00:01.000 --> 00:02.000\n<v T>Four</v>\n<v C>Two.</v>\n", "a.vtt")
    assert said(script) == [("T", 1000, 1500, "Four"), ("C", 1500, 2000, "Two.")]
    assert script.notes == ("More than one voice in 1 cue: the time was divided by the length of the text.",)


def test_names_before_a_colon_are_speakers_when_the_file_has_no_voices() -> None:
    script = read(
        "WEBVTT\n\n1\n00:01.000 --> 00:02.000\nAnna Lee: Hi: there\n\n2\n00:02.000 --> 00:03.000\nT: Yes\n\n"
        "3\n00:03.000 --> 00:04.000\nAnna Lee: I said: no\n\n4\n00:04.000 --> 00:05.000\nSo he said: why not\n",
        "a.vtt",
    )
    assert [(each.speaker, each.text) for each in script.lines] == [
        ("Anna Lee", "Hi: there"), ("T", "Yes"), ("Anna Lee", "I said: no"), (None, "So he said: why not"),
    ]  # fmt: skip


def test_srt_with_tags_points_and_windows_line_ends() -> None:
    script = read(
        "1\r\n00:00:01,000 --> 00:00:02,5\r\n<i>{\\an8}Therapist: hi</i>\r\nyou\r\n\r\n"
        "2\r\n00:00:02.000 --> 00:00:03.000 X1:10\r\n<font color=red>C: 1 < 2</font>\r\n",
        "a.srt",
    )
    assert said(script) == [("Therapist", 1000, 2500, "hi you"), ("C", 2000, 3000, "1 < 2")]


def test_an_empty_cue_is_left_out() -> None:
    assert (
        len(read("1\n00:00:01,000 --> 00:00:02,000\n\n2\n00:00:02,000 --> 00:00:03,000\nHm\n", "a.srt").lines)
        == 1
    )


def test_whole_seconds_throughout_are_rough() -> None:
    cues = "\n\n".join(f"{n}\n00:00:0{n},000 --> 00:00:0{n + 1},000\nHm" for n in range(4))
    assert read(cues, "a.srt").timing == "coarse"
