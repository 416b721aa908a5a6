"""Two observers in two real browsers on one recording: nothing that one judged reaches the other before submitting."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from coding_app.domain.people import NOBODY
from coding_app.settings import read_settings
from coding_app.store import events, passes
from coding_app.ui import context
from coding_app.ui.account_routes import account_routes
from coding_app.ui.routes import routes
from coding_app.workflows.wiring import open_app
from tests.e2e.blind_study import (
    ANN,
    BEN,
    LABELS,
    NOTE,
    PASSWORD,
    Given,
    anns_events,
    bens_events,
    given_a_blind_study,
    markers,
)
from tests.e2e.server import Server, a_server
from tests.e2e.watched import Watched, settled, watched

pytestmark = [pytest.mark.browser, pytest.mark.slow]

PAGES = sorted({path.stem for path in (Path(context.__file__).parent / "views").glob("*.py")} - {"__init__"})
SHOWS_THE_SCHEME = re.compile(r"websocket on .*/(codebook|scheme_editor)\b")
LEAVES = {
    "/sign-out",
    "/sign-in",
    "/password",
    "/set-up",
}  # they would end the sign-in, or answer with a form only


def sign_in(browser: Browser, server: Server, name: str) -> Watched:
    person = watched(browser)
    person.page.goto(server.url)
    person.page.get_by_label("Name").fill(name)
    person.page.get_by_label("Password").fill(PASSWORD)
    person.read()
    person.page.get_by_role("button", name="Sign in").click()
    expect(person.page.get_by_role("heading", level=1, name="Blind pair")).to_be_visible()
    settled(person.page)
    return person


def begin_coding(person: Watched, server: Server) -> str:
    """Opens the person's own pass in the workbench; its id."""
    person.open(f"{server.url}/code")
    person.page.get_by_role("button", name=re.compile("Begin coding|Go on coding")).click()
    expect(person.page.locator(".row[aria-selected=true]")).to_be_visible()
    found = re.search(r"pass=([0-9a-f]{32})", person.page.url)
    assert found
    return found[1]


def token_of(person: Watched, server: Server, pass_id: str) -> dict[str, str]:
    return {"Authorization": person.tokens[f"{server.url}/api/passes/{pass_id}"]}


def ann_types(page: Page) -> None:
    """With the keyboard: a code, a flag and a note on the first segment."""
    page.keyboard.press("k")
    page.keyboard.press("Shift+Digit1")
    page.keyboard.press("'")
    page.keyboard.insert_text(NOTE)
    page.keyboard.press("Enter")
    expect(page.locator(".segment-box .note")).to_contain_text(NOTE)
    expect(page.get_by_text("Saved", exact=True)).to_be_visible()


def submit(page: Page) -> None:
    page.get_by_role("button", name="Submit").click()
    page.get_by_role("dialog").get_by_role("button", name="Submit").click()
    expect(page.get_by_text(re.compile("Submitted on"))).to_be_visible()


def counts(server: Server, pass_id: str) -> tuple[int, int]:
    """How many judgements and events a pass holds."""
    with open_app(read_settings({}, server.data_dir)) as app, app.store.read() as tx:
        return events.counts(tx, [pass_id])[pass_id], events.count_events(tx, pass_id)


def look_through_the_navigation(person: Watched, server: Server) -> None:
    """Every page that the navigation leads to."""
    person.open(server.url)
    links = person.page.get_by_test_id("stSidebarNav").get_by_role("link")
    expect(links.first).to_be_visible()
    for number in range(links.count()):
        links.nth(number).click()
        settled(person.page)
        person.look_at_everything()


def look_through_addresses(person: Watched, server: Server, given: Given, pass_id: str) -> None:
    """Every page that there is, also those that the navigation hides, about this recording and pass."""
    asked = f"recording={given.recording_id}&pass={pass_id}&study={given.study_id}&compare=1"
    for page in PAGES:
        person.open(f"{server.url}/{page}?{asked}")
        person.look_at_everything()


def call_every_route(person: Watched, server: Server, given: Given, pass_ids: tuple[str, ...]) -> int:
    """Every route that there is, for each of the passes, with every token that this browser has ever had, and none."""
    with open_app(read_settings({}, server.data_dir)) as app:
        table = [*routes(app.acting(NOBODY)), *account_routes(app)]
    tokens = [{}, *({"Authorization": each} for each in sorted(set(person.tokens.values())))]
    n = 0
    for route in table:
        for pass_id in pass_ids:
            values = {
                "pass_id": pass_id,
                **{name: getattr(given, name) for name in given.__dataclass_fields__},
            }
            missing = set(re.findall(r"{(\w+)", route.path)) - set(values)
            assert not missing, f"say in this test what {missing} of {route.path} is"
            for method in sorted((route.methods or set()) - {"HEAD"}):
                if route.path in LEAVES:
                    continue
                for token in tokens:
                    sent: dict[str, Any] = (
                        {"headers": token} if method == "GET" else {"headers": token, "data": {}}
                    )
                    status = person.ask(method, server.url + route.path.format(**values), **sent)
                    assert status < 500, (method, route.path)
                    n += 1
    return n


def labels_outside_the_codebook(person: Watched) -> list[str]:
    """Where names of Ann's codes came by a page that has no codebook on it."""
    person.read()
    sockets = [(where, content) for where, content in person.received if where.startswith("websocket")]
    return [
        where for where, content in sockets if LABELS.search(content) and not SHOWS_THE_SCHEME.match(where)
    ]


def test_nothing_of_anns_judgements_reaches_ben_before_he_has_submitted_his_own(
    tmp_path: Path, chromium: Browser
) -> None:
    given = given_a_blind_study(tmp_path / "data")
    with a_server(tmp_path / "data") as server:
        ann, ben = (sign_in(chromium, server, name) for name in (ANN, BEN))
        anns = begin_coding(ann, server)
        ann_types(ann.page)
        token = token_of(ann, server, anns)
        stored = ann.ask(
            "POST", f"{server.url}/api/passes/{anns}/events", headers=token, data=anns_events(anns)
        )
        assert stored == 200
        marks = markers(*counts(server, anns))

        # while Ann codes
        bens = begin_coding(ben, server)
        ben.page.keyboard.press("j")
        expect(ben.page.get_by_text("Saved", exact=True)).to_be_visible()
        call_every_route(ben, server, given, (anns, bens))
        for page in ("study", "code", "agreement"):
            ben.open(f"{server.url}/{page}")
        assert ben.found(marks) == {}

        # the search finds what there is: all of it reaches Ann herself
        ann.open(server.url)
        ann.open(f"{server.url}/code?pass={anns}")
        expect(ann.page.locator(".row[aria-selected=true]")).to_be_visible()
        ann.ask("GET", f"{server.url}/api/passes/{anns}/events", headers=token)
        assert set(ann.found(marks)) == set(marks)

        # Ann has submitted, Ben has not
        submit(ann.page)
        look_through_the_navigation(ben, server)
        look_through_addresses(ben, server, given, anns)
        look_through_addresses(ben, server, given, bens)
        assert call_every_route(ben, server, given, (anns, bens)) > 100
        assert ben.found(marks) == {}
        assert labels_outside_the_codebook(ben) == []
        with open_app(read_settings({}, server.data_dir)) as app, app.store.read() as tx:
            assert passes.get_pass(tx, bens).submitted_at is None

        # Ben has submitted
        begin_coding(ben, server)
        token = token_of(ben, server, bens)
        assert (
            ben.ask("POST", f"{server.url}/api/passes/{bens}/events", headers=token, data=bens_events(bens))
            == 200
        )
        ben.page.reload()
        expect(ben.page.locator(".row[aria-selected=true]")).to_be_visible()
        submit(ben.page)
        ben.open(f"{server.url}/agreement")
        ben.look_at_everything()
        assert labels_outside_the_codebook(ben)
        assert (
            ben.ask("GET", f"{server.url}/api/passes/{bens}/others", headers=token_of(ben, server, bens))
            == 200
        )
        came = set(ben.found(marks))
        assert {"stretch", "only_ann_gives_this", "only_ann_draws_this"} <= came
