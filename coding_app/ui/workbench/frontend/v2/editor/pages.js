// The pages "To check" and "Revisions".

import { button, el } from "../dom.js";
import { clock } from "../time.js";
import { texts } from "../texts.js";

const MOST = 200; // places listed at once; the weightiest are the first

/** on(target, type, handler): a listener that goes with the page. */
export function doubtsPage(desk, on) {
  const words = texts.editor;
  const { doubts } = desk.state.header();
  if (!doubts.length) return [el("p", { class: "quiet editor-pad" }, words.noDoubts)];
  const rows = doubts.slice(0, MOST).map((doubt) => {
    const segment = desk.state.segment(doubt.key);
    const go = button({ class: "editor-place", "data-key": doubt.key, "aria-current": doubt.key === desk.key ? "true" : null },
      el("span", { class: "row-time" }, clock(segment.start_ms)),
      el("span", { class: "editor-what" }, ...doubt.kinds.map((kind) => el("span", { class: "editor-flag", "data-kind": kind }, words.kinds[kind] ?? kind)), el("span", { class: "editor-words", dir: "auto" }, segment.text)));
    on(go, "click", () => {
      desk.choose(doubt.key);
      desk.act.replay();
      desk.frame.focusList();
    });
    const right = button({ class: "plain", title: words.confirm }, "✓");
    right.setAttribute("aria-label", `${words.confirm}: ${clock(segment.start_ms)}`);
    on(right, "click", () => desk.edit("confirm", { keys: [doubt.key], on: true }));
    return el("li", {}, go, right);
  });
  return [el("p", { class: "quiet editor-pad" }, words.doubtsLeft(doubts.length)), el("ul", { class: "editor-places" }, ...rows)];
}

/** redrawn(work): lets the list be drawn anew without taking the focus away. */
export function openRevisions(desk, redrawn) {
  const words = texts.editor;
  const list = el("ul", { class: "editor-revisions" });
  let ends = [];
  return { nodes: () => [list], changed: fill };

  async function fill() {
    const found = await desk.api.ask(`${desk.url}/revisions`).catch((error) => error);
    if (desk.scope.ended()) return;
    for (const end of ends) end();
    ends = [];
    redrawn(() => list.replaceChildren(...(found.revisions?.map(row) ?? [el("li", {}, found.message)])));
  }

  function row(revision) {
    const when = new Date(revision.at).toLocaleString([], { dateStyle: "medium", timeStyle: "short" });
    const facts = [words.madeBy(words.sources[revision.source] ?? revision.source, revision.made_by), when, revision.n_edits ? words.edits(revision.n_edits) : null, revision.coded ? words.codedOn : null, revision.current ? words.current : null];
    const made = el("li", {}, el("strong", {}, words.revision(revision.revision)), el("p", { class: "quiet" }, facts.filter(Boolean).join(" · ")));
    const acts = el("div", { class: "editor-acts" });
    if (revision.current && desk.readOnly) acts.append(act(words.back, async () => desk.show(await desk.api.ask(`${desk.url}/transcript`))));
    if (!revision.current) {
      acts.append(act(words.read, async () => desk.show(await desk.api.ask(`${desk.url}/revisions/${revision.transcript_id}`), { readOnly: true })),
        act(words.restore, async () => {
          await desk.api.ask(`${desk.url}/revisions/${revision.transcript_id}/restore`, { method: "POST", body: {} });
          desk.show(await desk.api.ask(`${desk.url}/transcript`));
        }));
    }
    if (acts.childNodes.length) made.append(acts);
    return made;
  }

  function act(label, work) {
    const made = button({ class: "plain" }, label);
    ends.push(desk.scope.on(made, "click", () => work().catch((error) => desk.frame.tell(error.message))));
    return made;
  }
}
