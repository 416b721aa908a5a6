// The life of the workbench: loads the pass, shows it, and passes a fresh token on; the desk does the work.

import { ApiError } from "./api.js";
import { openDesk } from "./desk.js";
import { button, el, put } from "./dom.js";
import { download } from "./download.js";
import { createModel } from "./model.js";
import { createOutbox } from "./outbox.js";
import { openStore } from "./outbox_store.js";
import { createScope } from "./scope.js";
import { createStatus } from "./status.js";
import { loadStyles } from "./styles.js";
import { language, speak, texts } from "./texts.js";

const RENEW_EVERY_MS = 5000;

/** first: the answer to api.bootstrap() that was asked for while the modules loaded. trigger: Streamlit's. */
export function openWorkbench({ parent, api, first, trigger }) {
  const scope = createScope();
  // "application": a screen reader hands every key on, which is what makes a letter code; what is to be read has role "document".
  const root = el("div", { class: "workbench", tabindex: "-1", role: "application", "aria-label": texts.workbench });
  parent.append(root);
  scope.own(() => root.remove());
  let renewals = [];
  let askedAt = -RENEW_EVERY_MS;
  let desk = null;
  let opening = null; // owns what belongs to one opening of the pass
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
    opening?.end();
    const own = createScope();
    opening = own;
    const over = () => opening !== own || ended;
    scope.own(() => own.end());
    root.replaceChildren(el("p", { class: "quiet loading" }, texts.loading));
    try {
      let status = null;
      let forbidden = false; // the browser keeps nothing, known before there is a place to say so
      const noRoom = () => (status ? status.notice(texts.noStorage, "storage") : (forbidden = true));
      const [boot, store] = await Promise.all([withRenewal(readPass), openStore({ scope: own, onProblem: noRoom }), loadStyles({ root, scope: own })]);
      if (over()) return store.close();
      own.own(() => store.close());
      speak(boot.preferences?.language);
      put(root, "lang", language());
      put(root, "aria-label", texts.workbench);
      status = createStatus({ scope: own, keeps: store.keeps });
      if (forbidden) noRoom();
      await show({ boot, store, status, own, over });
    } catch (error) {
      if (!over()) failed(error);
    }
    return undefined;
  }

  async function show({ boot, store, status, own, over }) {
    const model = createModel(boot.judgements);
    const outbox = createOutbox({
      store, renew, scope: own, send: api.sendEvents, onState: status.outbox, onRefused: (event, why) => desk.refused(event, why),
    });
    const left = await outbox.load(boot.pass.id);
    if (over()) return;
    for (const event of left.waiting) model.add(event);
    if (left.waiting.length) status.notice(texts.takenOver(left.waiting.length));
    if (left.aside.length) status.notice(texts.asideBefore(left.aside.length));
    guard({ outbox, store, status, own, passId: boot.pass.id });
    root.replaceChildren();
    desk = openDesk({ root, boot, api, model, outbox, status, scope: own, withRenewal, submitted: () => trigger("submitted", Date.now()), reopen: open });
    outbox.start();
  }

  /** What keeps the work when something around it goes wrong. */
  function guard({ outbox, store, status, own, passId }) {
    own.on(globalThis, "online", outbox.retryNow);
    own.on(globalThis, "beforeunload", (event) => outbox.waiting() && !store.keeps() && event.preventDefault());
    status.rescue = {
      label: texts.saveUnsent,
      work: () => download({ name: `unsent-${passId}.json`, text: JSON.stringify(outbox.unsent(), null, 1), scope: own, root }),
    };
    api.whenNewer(() => status.notice(texts.newerProgram, "newer", { label: texts.reload, work: () => globalThis.location.reload() }));
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
