// Events add up to judgements; the same rule as fold() in coding_app/domain/coding.py, tested on the same sequences.

export function placeOf(unitKey, criterion) {
  return `${unitKey}\u0000${criterion}`;
}

/** Puts one event into present (Map place -> judgement): the last one per unit and criterion counts. */
export function apply(present, event) {
  const place = placeOf(event.unit.key, event.criterion);
  present.delete(place);
  const { unit, criterion, codes, value = null, note = null } = event;
  if (codes.length > 0 || value !== null || note) {
    present.set(place, { unit, criterion, codes, value, note });
  }
  return present;
}

export function fold(events, present = new Map()) {
  for (const event of events) apply(present, event);
  return present;
}
