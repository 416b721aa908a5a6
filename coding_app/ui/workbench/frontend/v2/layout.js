// The frame of the workbench: the tabs of its side panel, and its height, which is what the window leaves.

import { button, el } from "./dom.js";
import { texts } from "./texts.js";

const LOWEST_PX = 540;
const NARROW_PX = 900; // as in workbench.css: the panel stands below the transcript there
const LOWEST_NARROW_PX = 900;

/** Tabs that come one by one with add({id, label, element}); the first is open. */
export function createTabs({ scope, onOpen }) {
  const tabs = []; // {id, label, head, count, page}
  const bar = el("div", { class: "tabs", role: "tablist", "aria-label": texts.side });
  const pages = el("div", { class: "pages" });
  let opened = null;

  function open(id) {
    opened = id;
    for (const each of tabs) {
      each.head.setAttribute("aria-selected", String(each.id === id));
      each.head.setAttribute("tabindex", each.id === id ? "0" : "-1");
      each.page.hidden = each.id !== id;
      if (each.id === id) each.head.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
    onOpen(id);
  }
  scope.on(bar, "click", (event) => {
    const found = tabs.find((each) => each.head === event.target.closest?.(".tab"));
    if (found) open(found.id);
  });
  scope.on(bar, "keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const from = tabs.findIndex((each) => each.head === event.target);
    if (!step || from < 0) return;
    event.preventDefault();
    const next = tabs[(from + step + tabs.length) % tabs.length];
    open(next.id);
    next.head.focus();
  });
  return {
    bar,
    pages,
    open,
    opened: () => opened,
    ids: () => tabs.map((each) => each.id),
    label: (id) => tabs.find((each) => each.id === id)?.label ?? "",
    focus: (id) => tabs.find((each) => each.id === id)?.head.focus(),
    add({ id, label, element }) {
      const first = tabs.length === 0;
      const count = el("span", { class: "tab-count" });
      const head = button({ class: "tab", role: "tab", id: `tab-${id}`, "aria-controls": `page-${id}`, "aria-selected": String(first), tabindex: first ? "0" : "-1" },
        el("span", {}, label), count);
      const page = el("div", { class: "page", role: "tabpanel", id: `page-${id}`, "aria-labelledby": `tab-${id}`, hidden: !first }, element);
      tabs.push({ id, label, head, count, page });
      bar.append(head);
      pages.append(page);
      if (first) opened = id;
    },
    /** Takes a tab away; when it was open, the first one opens. */
    remove(id) {
      const [gone] = tabs.splice(tabs.findIndex((each) => each.id === id), 1);
      gone.head.remove();
      gone.page.remove();
      if (opened === id) open(tabs[0].id);
    },
    count(id, text) {
      tabs.find((each) => each.id === id).count.textContent = text;
    },
  };
}

/** Keeps the workbench as tall as what is left of the window, so that the page itself does not scroll. */
export function fillWindow({ element, scope }) {
  const page = document.querySelector('[data-testid="stMain"]');
  const fit = scope.beforePaint(() => {
    const top = element.getBoundingClientRect().top + (page?.scrollTop ?? globalThis.scrollY);
    const lowest = globalThis.innerWidth > NARROW_PX ? LOWEST_PX : LOWEST_NARROW_PX;
    element.style.height = `${Math.max(lowest, Math.floor(globalThis.innerHeight - top - 12))}px`;
  });
  scope.on(globalThis, "resize", fit);
  scope.observe(new ResizeObserver(fit), document.body);
  fit();
  return fit;
}
