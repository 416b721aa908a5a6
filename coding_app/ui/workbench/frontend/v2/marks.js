// What lies on the recording and is drawn with the waveform: stretches in rows under it, and arcs between moments over it.

/**
 * Whoever has something to show adds a source and says redraw() when it changed; the waveform reads everything at once.
 * A source: {id, lanes?, spans?, rows?, arcs?}, all functions:
 * - lanes() -> [label]: rows that are there even while they are empty, in this order
 * - spans() -> [{key, start_ms, end_ms, lane, criterionIndex, label, selected, open, edges, differs}]; lane: the label of its row;
 *   open: it has no end yet; edges: which the mouse may drag, "both" (when left out), "start" or "none"; differs: outlined
 * - rows() -> [{label, n, spans}] as inRows() makes them, in place of lanes and spans: for many spans that seldom change
 * - arcs() -> [{from_ms, to_ms, label}]
 */
export function createMarks({ changed }) {
  const sources = new Map(); // id -> source
  let alone = null; // id of the only source that is drawn, or null for all
  const from = (found, name) => found.flatMap((each) => each[name]?.() ?? []);
  const all = (name) => from([...sources.values()], name);
  const drawn = (name) => from([...sources].filter(([id]) => alone === null || id === alone).map(([, source]) => source), name);

  return {
    add(source) {
      sources.set(source.id, source);
      changed();
    },
    remove(id) {
      if (sources.delete(id)) changed();
    },
    /** Draws the rows and arcs of this source alone (null: of all), without forgetting the others. */
    only(id) {
      alone = id;
      changed();
    },
    redraw: changed,
    lanes: () => [...inRows(drawn("spans"), drawn("lanes")), ...drawn("rows")],
    arcs: () => drawn("arcs"),
    /** The span of this unit, or null. */
    find: (key) => (key === null ? null : all("spans").find((each) => each.key === key) ?? null),
  };
}

/**
 * [{label, n, spans: [{..., row}]}]: the lanes in order, each with as many rows (n) as its spans need to lie side by side.
 * Spans that touch share a row; a lane without spans has one.
 */
export function inRows(spans, labels = []) {
  const lanes = new Map(labels.map((label) => [label, []]));
  for (const each of spans) {
    if (!lanes.has(each.lane)) lanes.set(each.lane, []);
    lanes.get(each.lane).push(each);
  }
  return [...lanes].map(([label, members]) => ({ label, ...packed(members) }));
}

function packed(members) {
  const ends = []; // where the last span of each row ends
  const spans = [...members].sort((one, other) => one.start_ms - other.start_ms || other.end_ms - one.end_ms).map((each) => {
    const free = ends.findIndex((end) => end <= each.start_ms);
    const row = free < 0 ? ends.length : free;
    ends[row] = each.open ? Infinity : Math.max(each.end_ms, each.start_ms + 1);
    return { ...each, row };
  });
  return { n: Math.max(1, ends.length), spans };
}
