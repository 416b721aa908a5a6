// Spans that observers draw: which of them hold and where they end; the same rules as coding_app/domain/spans.py.

const byTime = (a, b) => a.unit.start_ms - b.unit.start_ms || a.unit.end_ms - b.unit.end_ms || compare(a.unit.key, b.unit.key);
const byStart = (a, b) => a.unit.start_ms - b.unit.start_ms || compare(a.unit.key, b.unit.key);

function compare(one, other) {
  return one < other ? -1 : Number(one > other);
}

export const isDrawn = (key) => key.startsWith("x-");

/** A span is still open, or a moment has no length: both are stored with their end at their start. */
export const hasNoLength = (unit) => unit.end_ms === unit.start_ms;

/** [{unit, codes}] of the judgements (iterable) of one criterion that have a code of it, codes of others left out. */
export function heldOn(judgements, criterion) {
  const own = new Set(criterion.codes.map((each) => each.id));
  const held = [];
  for (const { unit, criterion: id, codes } of judgements) {
    const mine = id === criterion.id ? codes.filter((each) => own.has(each.code)) : [];
    if (mine.length) held.push({ unit, codes: mine });
  }
  return held;
}

/** Map role -> its starts [{unit, codes}] with that role's codes, by start and then unit key. */
function startsByRole(starts, criterion) {
  const roleOf = new Map(criterion.codes.map((each) => [each.id, each.role]));
  const rows = new Map();
  for (const { unit, codes } of [...starts].sort(byStart)) {
    for (const role of new Set(codes.map((each) => roleOf.get(each.code)))) {
      if (!rows.has(role)) rows.set(role, []);
      rows.get(role).push({ unit, codes: codes.filter((each) => roleOf.get(each.code) === role) });
    }
  }
  return rows;
}

function untilTheNext(starts, criterion, durationMs) {
  return [...startsByRole(starts, criterion).values()].flatMap((row) => row.flatMap((each, place) => {
    const end_ms = row[place + 1]?.unit.start_ms ?? durationMs;
    return end_ms > each.unit.start_ms ? [{ unit: { ...each.unit, end_ms }, codes: each.codes }] : [];
  }));
}

/** The spans that hold, [{unit, codes}] by start, end and key; see stretches() in spans.py for the rules. */
export function stretches(judgements, criterion, durationMs) {
  let held = heldOn(judgements, criterion);
  if (criterion.mark === "start") held = untilTheNext(held, criterion, durationMs);
  else if (criterion.mark === "span") held = held.filter((each) => !hasNoLength(each.unit));
  return held.sort(byTime);
}

/** The spans of a criterion that have begun and not ended, by start. With starts only: the last one of each role. */
export function running(judgements, criterion) {
  const held = heldOn(judgements, criterion);
  if (criterion.mark === "span") return held.filter((each) => hasNoLength(each.unit)).sort(byStart);
  if (criterion.mark === "start") return [...startsByRole(held, criterion).values()].map((row) => row.at(-1));
  return [];
}

/**
 * All drawn units that hold something, as they are listed, by start:
 * [{key, unit (as stored), criterion, codes, start_ms, end_ms (derived), running}]. One with a remark alone has criterion null.
 */
export function momentsOf(judgements, criteria, durationMs) {
  const all = [...judgements].filter((each) => isDrawn(each.unit.key));
  const found = criteria.filter((each) => each.unit_kind === "span").flatMap((criterion) => {
    const ends = new Map(stretches(all, criterion, durationMs).map((each) => [each.unit.key, each.unit.end_ms]));
    const open = new Set(running(all, criterion).map((each) => each.unit.key));
    return heldOn(all, criterion).map(({ unit, codes }) => ({
      key: unit.key, unit, criterion, codes, start_ms: unit.start_ms, end_ms: ends.get(unit.key) ?? unit.end_ms, running: open.has(unit.key),
    }));
  });
  const coded = new Set(found.map((each) => each.key));
  const bare = all.filter(({ unit, criterion }) => criterion === "remark" && isDrawn(unit.key) && !coded.has(unit.key))
    .map(({ unit }) => ({ key: unit.key, unit, criterion: null, codes: [], start_ms: unit.start_ms, end_ms: unit.end_ms, running: false }));
  return [...found, ...bare].sort(byTime);
}
