"""The settings in Chromium: keys by pressing them, files, times, language; kept on the server."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Locator, Page, expect

from coding_app.store import passes
from coding_app.workflows.workbench_preferences import WorkbenchPreferences, read_preferences_of
from tests.workbench.conftest import Bench

pytestmark = pytest.mark.browser


def kept(bench: Bench) -> WorkbenchPreferences:
    """What the server has of this observer."""
    with bench.app.store.read() as tx:
        return read_preferences_of(tx, passes.get_pass(tx, bench.pass_id).coder_id)


def settings(page: Page) -> Locator:
    """The dialog, open."""
    page.get_by_role("button", name="Settings", exact=True).click()
    return page.get_by_role("dialog", name="Settings")


def put(dialog: Locator, action: str, key: str) -> None:
    """Presses a key for an action."""
    dialog.locator(f'[data-set="{action}"]').click()
    dialog.page.keyboard.press(key)


def test_a_key_is_set_by_pressing_it_and_holds_after_a_reload(bench: Bench) -> None:
    page = bench.ready()
    dialog = settings(page)
    said = dialog.locator(".keys-said")
    put(dialog, "code:emp_t_convey", "q")
    expect(said).to_have_text("Q is now the key for: Conveys understanding (Therapist)")
    for key, why in {
        "F5": "belongs to the browser",
        "Control+k": "belong to the browser or the screen reader",
        "CapsLock": "belongs to the screen reader or the system",
        "7": "numbers answer questions",
    }.items():
        put(dialog, "toggle", key)
        expect(said).to_contain_text(why)
    page.keyboard.press("Escape")
    expect(said).to_have_text("Left as it was.")
    expect(dialog).to_be_visible()
    put(dialog, "code:emp_t_miss", "q")
    expect(said).to_contain_text("Q is the key for: Conveys understanding")
    page.keyboard.press("Enter")  # exchange
    expect(dialog.locator('[data-set="code:emp_t_convey"]')).to_have_text("M")
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    bench.until(lambda: kept(bench).keys == {"code:emp_t_convey": "m", "code:emp_t_miss": "q"})
    page.keyboard.press("q")
    expect(page.locator(".row").first.locator(".chip")).to_contain_text("Misses")
    page.reload()
    page.locator(".row[aria-selected=true]").wait_for()
    expect(page.locator("[data-code=emp_t_convey]").first).to_contain_text("M")
    page.keyboard.press("m")
    expect(page.locator(".row").first.locator(".chip").first).to_contain_text("Conveys understanding")
    bench.until(lambda: bench.n_rows() == 2)


KEPT_BY_THE_BROWSER = """window.media = {};
MediaSession.prototype.setActionHandler = (name, work) => { window.media[name] = work; };"""


def test_what_a_foot_pedal_sends_can_do_anything(bench: Bench) -> None:
    bench.context.add_init_script(KEPT_BY_THE_BROWSER)
    page = bench.ready()
    dialog = settings(page)
    dialog.locator('[data-set="next"]').click()
    press = "(one) => one.dispatchEvent(new KeyboardEvent('keydown', {key: 'F13', bubbles: true, composed: true}))"
    dialog.locator('[data-set="next"]').evaluate(press)
    expect(dialog.locator(".keys-said")).to_have_text("F13 is now the key for: next segment")
    dialog.locator('[data-set="last"]').click()
    page.evaluate("() => window.media.nexttrack()")  # how a browser hands a media key over
    expect(dialog.locator(".keys-said")).to_have_text("Next-track key is now the key for: last segment")
    page.keyboard.press("Escape")
    page.locator(".workbench").evaluate(press)
    expect(page.locator(".row").nth(1)).to_have_attribute("aria-selected", "true")
    page.evaluate("() => window.media.nexttrack()")
    expect(page.locator(".row").last).to_have_attribute("aria-selected", "true")
    page.evaluate("() => window.media.play()")  # nobody else wants it
    expect(page.get_by_role("button", name="Pause", exact=True)).to_be_visible()


def test_keys_go_into_a_file_and_come_out_of_one(bench: Bench, tmp_path: Path) -> None:
    page = bench.ready()
    dialog = settings(page)
    put(dialog, "toggle", "q")
    with page.expect_download() as download:
        dialog.get_by_role("button", name="Save as a file").click()
    saved = json.loads(Path(download.value.path()).read_text("utf-8"))
    assert saved == {"format": "coding-app-keys-1", "keys": {"toggle": "q"}}
    dialog.get_by_role("button", name="All as usual").click()
    expect(dialog.locator('[data-set="toggle"]')).to_have_text("Space")
    upload, said = dialog.locator("input[type=file]"), dialog.locator(".keys-said")
    files = {
        "This file holds no keys of the workbench.": '{"format": 7',
        "1 key read; 1 left out that cannot be used here.": json.dumps(
            {"format": "coding-app-keys-1", "keys": {"toggle": "F14", "fly": "q"}}
        ),
    }
    for sentence, text in files.items():
        path = tmp_path / "keys.json"
        path.write_text(text, "utf-8")
        upload.set_input_files(path)
        expect(said).to_have_text(sentence)
    expect(dialog.locator('[data-set="toggle"]')).to_have_text("F14")
    dialog.locator('[data-off="toggle"]').click()
    expect(dialog.locator('[data-set="toggle"]')).to_have_text("no key")
    bench.until(lambda: kept(bench).keys == {"toggle": "none"})


def test_settings_count_at_once_and_wait_for_the_server_when_it_is_gone(bench: Bench) -> None:
    page = bench.ready()
    page.route("**/preferences", lambda route: route.abort())
    dialog = settings(page)
    dialog.get_by_label("One step back or forward, seconds").fill("1")
    dialog.get_by_label("Play a segment when it is chosen").uncheck()
    dialog.get_by_label("Reaction time, milliseconds").fill("99999")
    page.keyboard.press("Tab")
    expect(dialog.get_by_label("Reaction time, milliseconds")).to_have_value("2000")
    page.keyboard.press("Escape")
    notice = page.locator(".notice")
    expect(notice).to_contain_text("your settings count here")
    page.keyboard.press("ArrowRight")
    expect(page.locator(".time-now")).to_have_text("0:01.0")
    assert kept(bench) == WorkbenchPreferences()
    page.unroute("**/preferences")
    page.evaluate("() => window.dispatchEvent(new Event('online'))")
    expect(notice).to_have_count(0)
    assert kept(bench) == WorkbenchPreferences(step_ms=1_000, autoplay=False, lag_ms=2_000)


def test_another_language_is_spoken_at_once_and_the_work_stays(bench: Bench) -> None:
    page = bench.ready()
    page.keyboard.press("e")
    expect(page.locator(".status")).to_have_text("Saved")
    settings(page).get_by_label("Language").select_option("de")
    expect(page.get_by_role("button", name="Einstellungen", exact=True)).to_be_visible()
    expect(page.locator(".workbench")).to_have_attribute("lang", "de")
    expect(page.locator(".status")).to_have_text("Gespeichert")
    expect(page.locator(".row").first.locator(".chip")).to_contain_text("Conveys understanding")
    page.keyboard.press("2")
    bench.until(lambda: bench.n_rows() == 2)
    page.reload()
    expect(page.get_by_role("button", name="Einstellungen", exact=True)).to_be_visible()


def test_the_list_of_keys_shows_them_as_they_are_now(bench: Bench) -> None:
    page = bench.ready()
    put(settings(page), "toggle", "q")
    page.keyboard.press("Escape")
    page.keyboard.press("?")
    row = page.get_by_role("dialog", name="Keys").locator("dl.keys > div", has_text="play or pause")
    expect(row.locator("kbd")).to_have_text("Q")
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys")).to_be_hidden()
