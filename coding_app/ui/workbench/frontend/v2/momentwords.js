// Drawn moments in words: what they are called, when they are, and what is still missing of them.

import { openAttribute } from "./coding.js";
import { clock } from "./time.js";
import { texts } from "./texts.js";

const FINE_MS = 2000; // shorter than this, times are shown with tenths

/** signsOf(key): the signs of a unit's remarks. The moments are those of momentsOf() in spans.js. */
export function createMomentWords({ scheme, signsOf }) {
  const codeOf = (criterion, id) => criterion.codes.find((each) => each.id === id);

  function label({ criterion, codes }) {
    return criterion ? codes.map((each) => codeOf(criterion, each.code).label).join(", ") : texts.remark;
  }

  function when({ running, start_ms, end_ms }) {
    if (running) return texts.since(clock(start_ms));
    if (end_ms === start_ms) return clock(start_ms);
    const [from, to] = [start_ms, end_ms].map((ms) => clock(ms, { tenths: end_ms - start_ms < FINE_MS }));
    return texts.fromTo(from, to);
  }

  /** "no end yet, How strong": "" when nothing is missing. */
  function openOf({ criterion, codes, running }) {
    if (!criterion) return "";
    const missing = codes.flatMap((applied) => {
      const attribute = openAttribute(codeOf(criterion, applied.code), applied);
      const link = scheme.links?.some((each) => each.required && each.from.includes(applied.code));
      return [...(attribute ? [scheme.attributes[attribute].label] : []), ...(link && !applied.links.length ? [texts.linkMissing] : [])];
    });
    if (running && criterion.mark === "span") missing.unshift(texts.noEndYet);
    return [...new Set(missing)].join(", ");
  }

  function detailsOf({ codes }) {
    const nameOf = ([id, value]) => scheme.attributes[id].values.find((each) => each.value === value)?.label ?? value;
    return codes.flatMap((applied) => Object.entries(applied.attributes).map(nameOf)).join(" · ");
  }

  /** What momentlist.js shows of a moment. */
  function rowOf(moment) {
    return { key: moment.key, criterionIndex: scheme.criteria.indexOf(moment.criterion), time: when(moment), label: label(moment),
      details: detailsOf(moment), open: openOf(moment), running: moment.running, marks: signsOf(moment.key) };
  }

  return { label, when, openOf, rowOf };
}
