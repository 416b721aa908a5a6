// The codebook beside the segment: one key shows it, and it goes with the code in hand. What it takes is loaded when it is first asked for.

import { actionButton } from "./desk.js";
import { texts } from "./texts.js";

export function openCodebook(desk) {
  const { scope, scheme, status, signals } = desk;
  let pane = null;
  let loading = false;
  let last = null; // place of the code or rating that was in hand last

  desk.slots.tools.append(actionButton(desk, "codebook", texts.codebook.title));
  desk.act({ codebook: () => (pane ? pane.step() : load()) });
  signals.on("judged", (unit, criterion) => {
    const given = desk.acts.last();
    if (scheme.ratings.some((each) => each.id === criterion)) follow(`rating:${criterion}`);
    else if (given && given.criterion.id === criterion && desk.acts.judgementsOf(unit).some(({ code }) => code.id === given.code.id)) follow(`code:${given.code.id}`);
  });
  for (const signal of ["place", "hand"]) signals.on(signal, inHand);

  /** Another segment is chosen: its code is shown; where it has none, the one before stays. */
  function inHand() {
    const [unit] = desk.inHand();
    const held = unit ? desk.acts.judgementsOf(unit).at(-1) : null;
    if (held) follow(`code:${held.code.id}`);
  }

  function follow(place) {
    if (place === last) return;
    last = place;
    pane?.follow(place);
  }

  async function load() {
    if (loading) return;
    loading = true;
    try {
      const { createCodebookPane } = await import("./codebook_pane.js");
      if (scope.ended()) return;
      pane = await createCodebookPane(desk);
      inHand();
      pane.follow(last);
      pane.step();
    } catch {
      status.tell(texts.codebook.notLoaded);
    } finally {
      loading = false;
    }
  }
}
