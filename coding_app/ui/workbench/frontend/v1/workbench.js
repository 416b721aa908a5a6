// The life of the workbench: loads the pass, shows it, and passes a fresh token on; the desk does the work.

import { ApiError } from "./api.js";
import { openDesk } from "./desk.js";
import { button, el } from "./dom.js";
import { createModel } from "./model.js";
import { createOutbox } from "./outbox.js";
import { openStore } from "./outbox_store.js";
import { createScope } from "./scope.js";
import { createStatus } from "./status.js";
import { texts } from "./texts.js";

const RENEW_EVERY_MS = 5000;

/** first: the answer to api.bootstrap() that was asked for while the modules loaded. trigger: Streamlit's. */
export function openWorkbench({ parent, api, first, trigger }) {
  const scope = createScope();
  const root = el("div", { class: "workbench", tabindex: "-1", role: "application", "aria-label": "Coding workbench" });
  parent.append(root);
  scope.own(() => root.remove());
  let renewals = [];
  let askedAt = -RENEW_EVERY_MS;
  let desk = null;
  let ended = false;

  /** Asks the page for a fresh token; settles when one came. */
  function renew() {
    if (performance.now() - askedAt >= RENEW_EVERY_MS) {
      askedAt = performance.now();
      trigger("renew", Date.now());
    }
    return new Promise((resolve) => renewals.push(resolve));
  }

  async function withRenewal(work) {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      await Promise.race([renew(), new Promise((resolve) => scope.timeout(resolve, RENEW_EVERY_MS))]);
      return work();
    }
  }

  /** The first answer is used once; trying again asks again. */
  function readPass() {
    const answer = first ?? api.bootstrap();
    first = null;
    return answer;
  }

  async function open() {
    root.replaceChildren(el("p", { class: "quiet loading" }, texts.loading));
    const status = createStatus({ scope });
    try {
      const [boot, store] = await Promise.all([withRenewal(readPass), openStore(() => status.notice(texts.noStorage))]);
      if (ended) return store.close();
      scope.own(() => store.close());
      const model = createModel(boot.judgements);
      const outbox = createOutbox({
        store,
        scope,
        renew,
        send: api.sendEvents,
        onState: status.outbox,
        onRefused: (event, why) => desk.refused(event, why),
      });
      const left = await outbox.load(boot.pass.id);
      if (ended) return undefined;
      for (const event of left.waiting) model.add(event);
      if (left.waiting.length) status.notice(texts.takenOver(left.waiting.length));
      if (left.aside.length) status.notice(texts.asideBefore(left.aside.length));
      root.replaceChildren();
      desk = openDesk({ root, boot, api, model, outbox, status, scope, withRenewal, submitted: () => trigger("submitted", Date.now()) });
      scope.on(globalThis, "online", outbox.retryNow);
      outbox.start();
    } catch (error) {
      if (!ended) failed(error);
    }
    return undefined;
  }

  function failed(error) {
    const again = button({ class: "strong" }, texts.tryAgain);
    scope.on(again, "click", open);
    root.replaceChildren(el("div", { class: "failed" }, el("p", { role: "alert" }, texts.failed(error.message)), again));
    if (!(error instanceof ApiError)) throw error; // a fault of ours belongs in the console
  }

  open();
  return {
    update(tokenChanged) {
      if (tokenChanged) for (const done of renewals.splice(0)) done();
      desk?.restyle();
    },
    end() {
      ended = true;
      scope.end();
    },
  };
}
