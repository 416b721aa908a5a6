// Who speaks in a transcript and when two speak at once: what a row says of it; no page.

const ROUNDING_MS = 100; // segments that overlap by less were only cut roughly

/**
 * Map from speaker label to {role, number}: number 1, 2, 3 ... among those of the same role, null where there is only one.
 * segments: [{speaker, role}]. The order is that in which they first speak.
 */
export function talkersOf(segments) {
  const byRole = new Map();
  for (const { speaker, role } of segments) {
    if (speaker === null || speaker === undefined) continue;
    const of = role ?? null;
    if (!byRole.has(of)) byRole.set(of, new Set());
    byRole.get(of).add(speaker);
  }
  const found = new Map();
  for (const [role, labels] of byRole) {
    [...labels].forEach((label, place) => found.set(label, { role, number: labels.size > 1 ? place + 1 : null }));
  }
  return found;
}

/** Map from index to the index of a segment that it overlaps in time, both ways. segments: in order of start_ms. */
export function overlapsOf(segments) {
  const found = new Map();
  let longest = -1; // the one that ends last so far
  segments.forEach((segment, index) => {
    if (longest >= 0 && Math.min(segments[longest].end_ms, segment.end_ms) - segment.start_ms >= ROUNDING_MS) {
      if (!found.has(longest)) found.set(longest, index);
      found.set(index, longest);
    }
    if (longest < 0 || segment.end_ms > segments[longest].end_ms) longest = index;
  });
  return found;
}
