// The frame of the workbench: bar, player, transcript and side panel, as tall as the window allows.

import { button, el } from "./dom.js";
import { texts } from "./texts.js";

const LOWEST_PX = 540;

export function createTransport() {
  const icon = (path) => {
    const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    svg.setAttribute("viewBox", "0 0 24 24");
    svg.setAttribute("aria-hidden", "true");
    const shape = document.createElementNS("http://www.w3.org/2000/svg", "path");
    shape.setAttribute("d", path);
    svg.append(shape);
    return svg;
  };
  const act = (name, label, content, key) => button({ class: "transport-button", "data-act": name, "aria-label": label, title: key ? `${label}  (${key})` : label }, content);
  const playPath = "M8 5v14l11-7z";
  const pausePath = "M7 5h4v14H7zm6 0h4v14h-4z";
  const play = act("toggle", texts.play, icon(playPath), "Space");
  play.classList.add("play");
  const time = el("span", { class: "time-now" }, "0:00.0");
  const length = el("span", { class: "time-all" });
  const rate = el("span", { class: "rate", "aria-live": "off" }, texts.speed(1));
  const element = el("div", { class: "transport", role: "group", "aria-label": texts.position },
    act("back", texts.back, icon("M12 5V1L6 6l6 5V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z"), "←"),
    play,
    act("forward", texts.forward, icon("M12 5V1l6 5-6 5V7a6 6 0 1 0 6 6h2a8 8 0 1 1-8-8z"), "→"),
    el("span", { class: "times" }, time, el("span", { class: "time-slash", "aria-hidden": "true" }, "/"), length),
    el("span", { class: "rates" }, act("slower", texts.slower, "−", "["), rate, act("faster", texts.faster, "+", "]")),
    el("span", { class: "zooms" }, act("zoomOut", texts.zoomOut, icon("M10 4a6 6 0 1 0 3.7 10.7L19 20l1.4-1.4-5.3-5.3A6 6 0 0 0 10 4zm0 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM7 9h6v2H7z"), "−"),
      act("zoomIn", texts.zoomIn, icon("M10 4a6 6 0 1 0 3.7 10.7L19 20l1.4-1.4-5.3-5.3A6 6 0 0 0 10 4zm0 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM9 7h2v2h2v2h-2v2H9v-2H7V9h2z"), "+")));
  return {
    element,
    time,
    length,
    rate,
    showPlaying(playing) {
      play.querySelector("path").setAttribute("d", playing ? pausePath : playPath);
      play.setAttribute("aria-label", playing ? texts.pause : texts.play);
    },
  };
}

/** tabs: [{id, label, element}]; the first is open. */
export function createTabs({ scope, tabs, onOpen }) {
  const heads = tabs.map((tab, place) => button({ class: "tab", role: "tab", id: `tab-${tab.id}`, "aria-controls": `page-${tab.id}`, "aria-selected": String(place === 0), tabindex: place === 0 ? "0" : "-1" },
    el("span", {}, tab.label), el("span", { class: "tab-count" })));
  const pages = tabs.map((tab, place) => el("div", { class: "page", role: "tabpanel", id: `page-${tab.id}`, "aria-labelledby": `tab-${tab.id}`, hidden: place !== 0 }, tab.element));
  const bar = el("div", { class: "tabs", role: "tablist", "aria-label": texts.side }, ...heads);

  function open(id) {
    tabs.forEach((tab, place) => {
      heads[place].setAttribute("aria-selected", String(tab.id === id));
      heads[place].setAttribute("tabindex", tab.id === id ? "0" : "-1");
      pages[place].hidden = tab.id !== id;
    });
    onOpen(id);
  }
  heads.forEach((head, place) => scope.on(head, "click", () => open(tabs[place].id)));
  scope.on(bar, "keydown", (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const from = heads.indexOf(event.target);
    if (!step || from < 0) return;
    event.preventDefault();
    const next = heads[(from + step + heads.length) % heads.length];
    next.focus();
    next.click();
  });
  return {
    bar,
    pages,
    open,
    count(id, text) {
      heads[tabs.findIndex((tab) => tab.id === id)].lastChild.textContent = text;
    },
  };
}

/** Keeps the workbench as tall as what is left of the window, so that the page itself does not scroll. */
export function fillWindow({ element, scope }) {
  const page = document.querySelector('[data-testid="stMain"]');
  const fit = scope.beforePaint(() => {
    const top = element.getBoundingClientRect().top + (page?.scrollTop ?? globalThis.scrollY);
    element.style.height = `${Math.max(LOWEST_PX, Math.floor(globalThis.innerHeight - top - 12))}px`;
  });
  scope.on(globalThis, "resize", fit);
  scope.observe(new ResizeObserver(fit), document.body);
  fit();
  return fit;
}
