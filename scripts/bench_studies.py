"""Measures what keeping people apart costs: a sign-in, the permission path of pages and routes, the check of blindness.

Prints, as JSON on the last line: processor time of a whole sign-in (sign_in_cpu_ms; argon2 is slow by design); what
stands before a page and before a route without the sign-in (page_permission_ms, route_permission_ms, the slower of
them as permission_path_ms; medians, permission_path_ms_p95, and permission_path_cpu_ms of the processor); and how long
it takes to find out what an observer may see of n_judgements of others before submitting anything
(blind_check_100k_s, and blind_check_100k_cpu_s of the processor: the study's overview, what agreement may be computed
from, and for every recording whether others' passes open), and how many of them reached the observer (seen).

    python scripts/bench_studies.py --json [--smoke]
"""

import argparse
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))
from coding_app.domain.people import Action, Actor, Role
from coding_app.errors import AccessError, NotFoundError
from coding_app.settings import read_settings
from coding_app.store import events, passes, recordings, studies, transcripts
from coding_app.ui import tokens
from coding_app.ui.context import PAGE_ACTIONS, shown_to
from coding_app.workflows import accounts, code_session, members, overview, signing_in, study
from coding_app.workflows.other_passes import other_passes
from coding_app.workflows.permission import check
from coding_app.workflows.reliability_data import read_study
from coding_app.workflows.wiring import App, open_app
from tests.builders import a_coder, a_recording, a_session, a_transcript, a_unit, an_event

PASSWORD = "correct horse battery"
N_OTHERS = 2
N_PEOPLE = 20


def given_a_study(app: App, n_recordings: int, n_segments: int) -> tuple[str, list[str]]:
    """A study in which two observers have submitted every segment of every recording; ids of study and recordings."""
    made = study.create_study(app, "Bench", "alliance-core")
    found = []
    with app.store.write() as tx:
        others = [a_coder(made.id, name=f"Other {number}") for number in range(N_OTHERS)]
        for each in others:
            studies.add_coder(tx, each)
    for _ in range(n_recordings):
        with app.store.write() as tx:
            session = a_session(made.id)
            studies.add_session(tx, session)
            recording = a_recording(session.id, duration_ms=4000 * n_segments)
            recordings.add_recording(tx, recording)
            transcripts.add_transcript(tx, a_transcript(recording.id, n_segments))
        found.append(recording.id)
        for coder in others:
            opened = code_session.open_pass(app, recording.id, coder.id)
            with app.store.write() as tx:
                units = (a_unit(number) for number in range(1, n_segments + 1))
                events.append_events(tx, [an_event(opened.id, unit=unit) for unit in units])
                passes.mark_submitted(tx, opened.id, datetime.now(UTC))
    return made.id, found


def given_people(app: App, study_id: str) -> str:
    """Accounts for a team; the name of an observer who has coded nothing yet."""
    accounts.create_first_account(app, "Ruth", "", PASSWORD)
    accounts.add_account(app, "Ben", password=PASSWORD)
    for number in range(N_PEOPLE):
        members.add_person(app, study_id, f"Person {number}", Role.CODER)
    members.add_person(app, study_id, "Ben", Role.CODER)
    return "Ben"


def milliseconds(
    work: Callable[[], object], n: int, clock: Callable[[], float] = time.perf_counter
) -> list[float]:
    """How long each of n times took."""
    took = []
    for _ in range(n):
        began = clock()
        work()
        took.append((clock() - began) * 1000)
    return took


def actor_of(app: App, token: str) -> Actor:
    """Who is behind the cookie, as every request finds out anew."""
    found = signing_in.who(app, token)
    assert found is not None
    return found.actor


def permission_paths(app: App, token: str, pass_id: str, n: int) -> dict[str, float]:
    """What stands before a page and before a route."""
    with app.store.read() as tx:
        pass_token = tokens.issue_pass_token(app, passes.get_pass(tx, pass_id))

    def page() -> None:
        actor = actor_of(app, token)
        acting = app.acting(actor)
        (opened,) = overview.studies(acting)
        assert all(isinstance(shown_to(actor, name), bool) for name in PAGE_ACTIONS)
        check(acting, Action.SEE_AGREEMENT, "study_id", {"study_id": opened.id})

    def route() -> None:
        acting = app.acting(actor_of(app, token))
        tokens.check_pass_token(app, pass_token, pass_id)
        check(acting, Action.CODE, "pass_id", {"pass_id": pass_id})

    figures: dict[str, float] = {}
    slowest: list[float] = []
    for name, path in (("page", page), ("route", route)):
        milliseconds(path, 5)  # connections and statements are made at first use
        took = milliseconds(path, n)
        figures[f"{name}_permission_ms"] = round(statistics.median(took), 2)
        cpu = milliseconds(path, n, time.process_time)
        figures["permission_path_cpu_ms"] = max(
            figures.get("permission_path_cpu_ms", 0.0), round(statistics.mean(cpu), 2)
        )
        slowest = max(slowest, took, key=lambda each: statistics.median(each) if each else 0)
    figures["permission_path_ms"] = round(statistics.median(slowest), 2)
    figures["permission_path_ms_p95"] = round(statistics.quantiles(slowest, n=20)[-1], 2)
    return figures


def blind_check(app: App, actor: Actor, study_id: str, own_passes: list[str]) -> tuple[dict[str, float], int]:
    """Everything that decides what this observer may see: its seconds, and how many judgements of others that are."""
    acting = app.acting(actor)
    place = actor.membership(study_id)
    assert place is not None
    seen = 0
    began, cpu_began = time.perf_counter(), time.process_time()
    for each in overview.study_overview(acting, study_id, place.coder_id):
        seen += sum(state.n_judgements or 0 for state in each.states if state.coder.id != place.coder_id)
    try:
        data = read_study(acting, study_id, place.coder_id)
        seen += sum(len(one.judgements) for each in data.recordings for one in each.passes)
    except NotFoundError:
        pass  # as it must be: the observer has submitted nothing
    for pass_id in own_passes:
        try:
            seen += sum(len(each.judgements) for each in other_passes(acting, pass_id))
        except AccessError:
            continue
    figures = {
        "blind_check_100k_s": round(time.perf_counter() - began, 3),
        "blind_check_100k_cpu_s": round(time.process_time() - cpu_began, 3),
    }
    return figures, seen


def measured(folder: Path, n_recordings: int, n_segments: int, n: int) -> dict[str, float]:
    """All figures, on SQLite."""
    with open_app(read_settings(data_dir=folder / "data")) as app:
        study_id, found = given_a_study(app, n_recordings, n_segments)
        name = given_people(app, study_id)
        cpu = milliseconds(
            lambda: signing_in.sign_in(app, name, PASSWORD), 3 if n < 100 else 9, time.process_time
        )
        token = signing_in.sign_in(app, name, PASSWORD)
        actor = actor_of(app, token)
        coder_id = next(each.coder_id for each in actor.memberships)
        assert coder_id is not None
        own = [code_session.open_pass(app.acting(actor), each, coder_id).id for each in found]
        blind, seen = blind_check(app, actor, study_id, own)
        with app.store.read() as tx:
            kept = sum(events.counts(tx, [each.id for each in passes.list_passes(tx)]).values())
        return {
            "n_judgements": kept,
            "sign_in_cpu_ms": round(statistics.median(cpu), 1),
            **permission_paths(app, token, own[0], n),
            **blind,
            "seen": seen,
        }


def main() -> None:
    """Runs the benchmark, with a key of its own."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("--json", action="store_true", help="only the JSON line")
    parser.add_argument("--smoke", action="store_true", help="few judgements: checks that it works")
    options = parser.parse_args()
    n_recordings, n_segments, n = (3, 20, 20) if options.smoke else (50, 1000, 500)
    with tempfile.TemporaryDirectory() as name:
        os.environ["CODING_APP_KEY_FILE"] = str(Path(name) / "master.key")
        figures = measured(Path(name), n_recordings, n_segments, n)
    if not options.json:
        for key, value in figures.items():
            print(f"{key:24} {value}")
    print(json.dumps(figures))


if __name__ == "__main__":
    main()
