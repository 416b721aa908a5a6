"""A process that writes events until it is stopped.

Arguments: database URL, pass id, limit on the size of a file in bytes (0 = none).

Prints the id of each event once it is acknowledged, and the sentence of the error that ended it.
"""

import resource
import sys

from coding_app.errors import StoreError
from coding_app.store import events
from tests.builders import a_unit, an_event, an_unlocked_store


def main(database_url: str, pass_id: str, size_limit: str) -> None:
    store = an_unlocked_store(database_url)
    if int(size_limit):
        resource.setrlimit(resource.RLIMIT_FSIZE, (int(size_limit), int(size_limit)))
    for number in range(1, 100_000):
        event = an_event(pass_id, unit=a_unit(number), note="n" * 2_000)
        try:
            with store.write() as tx:
                events.append_events(tx, [event])
        except StoreError as error:
            print(f"StoreError: {error}", flush=True)
            return
        print(event.id, flush=True)


if __name__ == "__main__":
    main(*sys.argv[1:])
