// The transport in the bar: play, step, time, speed, loop; every button does an action and names its key.

import { actionButton } from "./desk.js";
import { el, put, say } from "./dom.js";
import { texts } from "./texts.js";

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  back: "M12 5V1L6 6l6 5V7a6 6 0 1 1-6 6H4a8 8 0 1 0 8-8z",
  forward: "M12 5V1l6 5-6 5V7a6 6 0 1 0 6 6h2a8 8 0 1 1-8-8z",
  play: "M8 5v14l11-7z",
  pause: "M7 5h4v14H7zm6 0h4v14h-4z",
  loop: "M7 7h10v3l4-4-4-4v3H5v6h2zm10 10H7v-3l-4 4 4 4v-3h12v-6h-2z",
  zoomOut: "M10 4a6 6 0 1 0 3.7 10.7L19 20l1.4-1.4-5.3-5.3A6 6 0 0 0 10 4zm0 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM7 9h6v2H7z",
  zoomIn: "M10 4a6 6 0 1 0 3.7 10.7L19 20l1.4-1.4-5.3-5.3A6 6 0 0 0 10 4zm0 2a4 4 0 1 1 0 8 4 4 0 0 1 0-8zM9 7h2v2h2v2h-2v2H9v-2H7V9h2z",
  stepPrevious: "M6 5h2v14H6zm12 0v14L9 12z",
  stepNext: "M16 5h2v14h-2zM6 5l9 7-9 7z",
  settings: "M3 6h10v2H3zm14 0h4v2h-4zM14 4h2v6h-2zM3 11h4v2H3zm8 0h10v2H11zM8 9h2v6H8zM3 16h10v2H3zm14 0h4v2h-4zM14 14h2v6h-2z",
  video: "M4 6h12v4l4-3v10l-4-3v4H4z",
};

/** A drawing from PATHS, hidden from screen readers. */
function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const shape = document.createElementNS(SVG, "path");
  shape.setAttribute("d", PATHS[name]);
  svg.append(shape);
  return svg;
}

/** A round button with a drawing instead of words; label: its name. */
export function iconButton(desk, id, label, attributes = {}) {
  return actionButton(desk, id, icon(id === "toggle" ? "play" : id), { class: "transport-button", "aria-label": label, ...attributes });
}

export function createTransport(desk) {
  const play = iconButton(desk, "toggle", texts.play, { class: "transport-button play" });
  const loop = iconButton(desk, "loop", texts.loop, { "aria-pressed": "false" });
  const time = el("span", { class: "time-now" }, "0:00.0");
  const length = el("span", { class: "time-all" });
  const rate = el("span", { class: "rate", "aria-live": "off" }, texts.speed(1));
  const signButton = (id, label, sign) => actionButton(desk, id, sign, { class: "transport-button", "aria-label": label });
  const element = el("div", { class: "transport", role: "group", "aria-label": texts.position },
    iconButton(desk, "back", texts.back), play, iconButton(desk, "forward", texts.forward), loop,
    el("span", { class: "times" }, time, el("span", { class: "time-slash", "aria-hidden": "true" }, "/"), length),
    el("span", { class: "rates" }, signButton("slower", texts.slower, "−"), rate, signButton("faster", texts.faster, "+")),
    el("span", { class: "zooms" }, iconButton(desk, "zoomOut", texts.zoomOut), iconButton(desk, "zoomIn", texts.zoomIn)));
  return {
    element,
    time,
    length,
    /** state: as the player tells it. */
    show(state) {
      play.querySelector("path").setAttribute("d", state.playing ? PATHS.pause : PATHS.play);
      put(play, "aria-label", state.playing ? texts.pause : texts.play);
      put(loop, "aria-pressed", String(state.loop !== null));
      say(rate, texts.speed(state.rate));
    },
  };
}
