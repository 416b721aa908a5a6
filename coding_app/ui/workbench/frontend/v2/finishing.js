// Finishing: submitting the pass once everything is saved and nothing is missing.

import { actionButton } from "./desk.js";
import { put } from "./dom.js";
import { createSubmit } from "./overlays.js";
import { texts } from "./texts.js";

export function openFinishing(desk) {
  const { outbox, scope, api, status } = desk;
  const submit = createSubmit({ scope, waiting: outbox.waiting, submit: trySubmit, onGap: (gap) => desk.goTo(gap.unit, gap.criterion) });
  const ask = actionButton(desk, "submit", texts.submit, { class: "plain submit-ask" });
  desk.slots.over.append(submit.element);
  desk.slots.tools.append(ask);
  desk.act({ submit: submit.ask });
  desk.signals.on("locked", () => ask.remove());
  // It stands out once there is nothing left to do; what is missing is listed all the same, by the server.
  desk.signals.on("progress", ({ complete }) => put(ask, "data-ready", complete));

  async function trySubmit(wanted) {
    if (!(await outbox.empty())) return { error: texts.closed(outbox.waiting()) };
    try {
      const { submitted_at } = await desk.withRenewal(() => (wanted() ? api.submit() : {}));
      if (!submitted_at) return {}; // the person went on coding meanwhile
      desk.lock(submitted_at);
      status.tell(texts.submitted);
      desk.tellPage();
      return { ok: true };
    } catch (error) {
      return error.body?.gaps?.length ? { gaps: error.body.gaps } : { error: error.message };
    }
  }
}
