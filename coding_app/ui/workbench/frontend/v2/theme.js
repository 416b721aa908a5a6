// Colours for what is drawn on a canvas: read from the style sheet, which follows Streamlit's light or dark theme.

import { el } from "./dom.js";

const NAMES = ["therapist", "client", "other", "tick", "wave", "played", "cursor"];

export function createColours(root) {
  const probes = new Map(NAMES.map((name) => [name, el("span", { class: `probe probe-${name}`, hidden: true })]));
  root.append(...probes.values());
  return () => Object.fromEntries([...probes].map(([name, probe]) => [name, getComputedStyle(probe).color]));
}
