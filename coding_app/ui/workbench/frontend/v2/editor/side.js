// The pages beside the list: what to check, voices, find and replace, revisions.

import { button, el, put } from "../dom.js";
import { texts } from "../texts.js";
import { doubtsPage, openRevisions } from "./pages.js";
import { openFinding } from "./finding.js";
import { voicesPage } from "./voices.js";

const TABS = ["doubts", "voices", "find", "revisions"];

export function openSide(desk) {
  const { frame, scope } = desk;
  const words = texts.editor;
  const tabs = new Map(TABS.map((name) => [name, button({ class: "tab", role: "tab", id: `editor-tab-${name}`, "aria-controls": "editor-page" }, words.tabs[name], el("span", { class: "tab-count" }))]));
  const page = el("div", { class: "page editor-page", role: "tabpanel", id: "editor-page", tabindex: "-1" });
  frame.slots.side.append(el("div", { class: "tabs", role: "tablist" }, ...tabs.values()), el("div", { class: "pages" }, page));
  const finding = openFinding(desk);
  const revisions = openRevisions(desk, keepingFocus);
  let open = "doubts";
  let ends = [];

  /** Draws the page that is open. on(target, type, handler): a listener that goes with the page. */
  function draw() {
    for (const end of ends) end();
    ends = [];
    const on = (target, type, handler) => ends.push(scope.on(target, type, handler));
    for (const [name, tab] of tabs) {
      put(tab, "aria-selected", String(name === open));
      put(tab, "tabindex", name === open ? "0" : "-1");
    }
    tabs.get("doubts").lastChild.textContent = desk.state.header().doubts.length || "";
    put(page, "aria-labelledby", `editor-tab-${open}`);
    const pages = { doubts: () => doubtsPage(desk, on), voices: () => voicesPage(desk, on), find: () => finding.nodes(), revisions: () => revisions.nodes() };
    keepingFocus(() => page.replaceChildren(...pages[open]()));
  }

  /** Lets the page be drawn anew: where the focus was in it, it is again, or on what stands in that place now. */
  function keepingFocus(work) {
    const places = () => [...page.querySelectorAll("button:not(:disabled), select, input")];
    const held = page.getRootNode().activeElement;
    const at = places().indexOf(held);
    const within = page.contains(held);
    work();
    if (within && !page.contains(page.getRootNode().activeElement)) (places()[Math.min(Math.max(0, at), places().length - 1)] ?? tabs.get(open)).focus();
  }

  function show(name, { focus = false } = {}) {
    open = name;
    draw();
    if (name === "revisions") revisions.changed();
    if (focus) tabs.get(name).focus();
  }

  for (const [name, tab] of tabs) {
    scope.on(tab, "click", () => show(name));
    scope.on(tab, "keydown", (event) => {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      event.stopPropagation();
      show(TABS[(TABS.indexOf(name) + step + TABS.length) % TABS.length], { focus: true });
    });
  }
  scope.on(frame.slots.side, "keydown", (event) => {
    if (event.key !== "Escape") return;
    event.preventDefault();
    frame.focusList();
  });
  draw();

  return {
    /** The transcript is another one: pages that show of it are drawn anew, a field that is being written in stays. */
    changed() {
      if (open === "find") finding.changed();
      else if (open === "revisions") revisions.changed();
      else draw();
    },
    chosen() {
      if (open === "doubts") draw();
    },
    find() {
      show("find");
      finding.focus();
    },
  };
}
