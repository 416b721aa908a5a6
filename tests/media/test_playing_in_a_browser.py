"""What is said to be playable plays in a real browser, and so does every copy."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import Browser, Page

from coding_app.media.playback import write_copy
from coding_app.media.probe import probe
from tests.media import hostile
from tests.media.recordings import SECONDS, a_moving_picture, a_recording

pytestmark = pytest.mark.browser
PLACE = "http://recordings.test/"
PLAY = """async (address) => {
  const blob = await (await fetch(address)).blob()
  const media = document.createElement("video")
  media.muted = true
  const told = new Promise((done, fail) => {
    media.onloadedmetadata = done
    media.onerror = () => fail(new Error(media.error.message))
  })
  media.src = URL.createObjectURL(blob)
  await told
  const moved = new Promise((done) => (media.onseeked = done))
  media.currentTime = media.duration / 2
  await moved
  await media.play()
  await new Promise((done) => (media.ontimeupdate = () => media.currentTime > media.duration / 2 + 0.05 && done()))
  return { duration: media.duration, wide: media.videoWidth }
}"""


@pytest.fixture(scope="module")
def page(chromium: Browser):
    opened = chromium.new_page()
    opened.route(PLACE, lambda route: route.fulfill(body="<html></html>", content_type="text/html"))
    opened.goto(PLACE)
    yield opened
    opened.close()


def played(page: Page, path: Path) -> dict:
    page.route(PLACE + "*", lambda route: route.fulfill(path=path, content_type=probe(path).media_type))
    try:
        return page.evaluate(PLAY, PLACE + "a")
    finally:
        page.unroute(PLACE + "*")


@pytest.mark.parametrize("video", [False, True])
def test_a_copy_plays_from_any_place(page: Page, tmp_path: Path, video: bool):
    write_copy(a_recording(tmp_path / "a.avi", video=video, channels=2), tmp_path / "copy.webm")
    found = played(page, tmp_path / "copy.webm")
    assert found["duration"] == pytest.approx(SECONDS, abs=0.1)
    assert (found["wide"] > 0) is video


def in_bits(bits: int, form: int = 1):
    def build(path: Path) -> Path:
        width = bits // 8
        return hostile.wav(path, bytes(16_000 * 4 * width), bits=bits, form=form)

    return build


FORMS = {
    "8 bit.wav": in_bits(8), "24 bit.wav": in_bits(24), "32 bit.wav": in_bits(32), "float.wav": in_bits(32, 3),
    "96 kHz.wav": lambda path: hostile.wav(path, np.zeros(96_000 * 2, "<i2").tobytes(), rate=96_000),
    "a.mp3": a_recording, "a.m4a": a_recording, "a.ogg": a_recording, "a.webm": a_recording, "a.flac": a_recording,
    "video.mp4": lambda path: a_moving_picture(path, 4), "video.webm": lambda path: a_moving_picture(path, 4),
}  # fmt: skip


@pytest.mark.parametrize("name", FORMS)
def test_what_is_said_to_be_playable_plays(page: Page, tmp_path: Path, name: str):
    path = tmp_path / name
    FORMS[name](path)
    assert probe(path).playable
    assert played(page, path)["duration"] > 1.9
