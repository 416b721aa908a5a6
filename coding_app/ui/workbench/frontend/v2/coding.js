// Decisions about codes, without the page: what fits, what a key press makes of a judgement, what is still open.

export const NOT_APPLICABLE = "not_applicable";
export const NOTHING = Object.freeze({ codes: Object.freeze([]), value: null, note: null });

export function contentOf(judgement) {
  return judgement ? { codes: judgement.codes, value: judgement.value, note: judgement.note } : NOTHING;
}

/** "therapist", "client" or "other" of a role such as "client_2"; null for nobody. */
export const sideOf = (role) => (role ? role.split("_")[0] : null);

/** As code_fits() in coding_app/domain/rules.py: a client's code fits every client, one of client_2 this one alone. */
export function fits(code, role) {
  const side = sideOf(role);
  return code.role === "dyad" || (side !== "therapist" && side !== "client") || code.role === role || code.role === side;
}

/** The codes after this one was pressed: on, or off when it was on; an exclusive criterion keeps one per role. */
export function toggled(criterion, codes, code) {
  if (codes.some((each) => each.code === code.id)) {
    return { codes: codes.filter((each) => each.code !== code.id), added: false };
  }
  const roleOf = new Map(criterion.codes.map((each) => [each.id, each.role]));
  const kept = criterion.exclusive ? codes.filter((each) => roleOf.get(each.code) !== code.role) : codes;
  return { codes: [...kept, { code: code.id, attributes: {}, links: [] }], added: true };
}

export function withAttribute(codes, codeId, attribute, value) {
  return codes.map((each) =>
    each.code === codeId ? { ...each, attributes: { ...each.attributes, [attribute]: value } } : each,
  );
}

/** The key that gives each value: its own digit on a numeric scale, else 1, 2, 3 ... by place. */
export function digitsOf(attribute) {
  const numeric = attribute.values.every((each) => Number.isInteger(each.value) && each.value >= 0 && each.value <= 9);
  return attribute.values.map((each, place) => ({ ...each, digit: String(numeric ? each.value : place + 1) }));
}

/** The first attribute of this applied code that has no value yet, or null. */
export function openAttribute(code, applied) {
  return code.attributes.find((id) => applied.attributes[id] === undefined) ?? null;
}

export function newId(source = globalThis.crypto) {
  if (source.randomUUID) return source.randomUUID(); // missing on plain http at another address than localhost
  const bytes = source.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((each) => each.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** act: the id of the act that this event belongs to; step: "do", "undo" or "redo". */
export function makeEvent(passId, unit, criterion, content, { act, step }, at = new Date()) {
  return {
    id: newId(),
    pass_id: passId,
    unit: { key: unit.key, start_ms: unit.start_ms, end_ms: unit.end_ms },
    criterion,
    codes: content.codes,
    value: content.value,
    note: content.note,
    at: at.toISOString(),
    act,
    step,
  };
}
