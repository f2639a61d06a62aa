"""The second laptop of the tour: a desktop process of its own, with its own folder. Says which visits it shows."""

import json
import os
from collections.abc import Sequence
from pathlib import Path

from healthvisit.practice.hands import Hands
from healthvisit.practice.prepare import PASSPHRASE
from healthvisit.settings import Paths


def main(arguments: Sequence[str]) -> int:
    """Unlock, send and receive, open each family, and print as JSON which of the visits stand in its timeline.

    Args:
        arguments: Folder, office url, picture path, then ``household:visit`` ids.
    """
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    from healthvisit.app import Program, make_application
    from healthvisit.store import exchange

    folder, url, picture, *pairs = arguments
    app = make_application()
    program = Program(app, Paths.under(Path(folder)), practice=True)
    program.start()
    hands = Hands(app, program)
    try:
        hands.unlock(PASSPHRASE)
        hands.at_store(lambda work: exchange.keep_url(work, url), write=True)
        house = hands.house
        hands.until("joined", lambda: house.desk.sync.joined)
        house.send_now()
        hands.until("the exchange ends", lambda: house.desk.sync.running is None)
        hands.settle()
        shown = []
        for pair in pairs:
            household, visit = pair.split(":")
            house.family(household)
            hands.until("the family is read", lambda: house.family_page.presenter.view is not None)
            hands.settle()
            if visit in {line.id for line in house.family_page.presenter.view.timeline}:
                shown.append(visit)
        hands.picture(house.frame, Path(picture))
    finally:
        program.end()
    print(json.dumps({"seen": shown}))  # noqa: T201 -- read by the tour
    return 0
