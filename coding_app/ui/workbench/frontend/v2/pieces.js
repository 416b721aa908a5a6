// A text cut where something begins or ends: words recognised with doubt, and what the search found; no page.

/**
 * text: string. doubtful: [[from, to, percent], ...]. matches: [{from, to, active}]. Both in UTF-16 units and in order;
 * what lies outside the text is left out. Returns [{text, percent, match, active}] that join to the text.
 */
export function piecesOf(text, doubtful = [], matches = []) {
  const inside = (from, to) => from >= 0 && from < to && to <= text.length;
  const doubts = doubtful.filter(([from, to]) => inside(from, to));
  const found = matches.filter(({ from, to }) => inside(from, to));
  if (!doubts.length && !found.length) return text ? [{ text, percent: null, match: false, active: false }] : [];
  const cuts = [...new Set([0, text.length, ...doubts.flatMap(([from, to]) => [from, to]), ...found.flatMap(({ from, to }) => [from, to])])]
    .sort((a, b) => a - b);
  return cuts.slice(1).map((end, place) => {
    const start = cuts[place];
    const match = found.find(({ from, to }) => from <= start && end <= to);
    return {
      text: text.slice(start, end),
      percent: doubts.find(([from, to]) => from <= start && end <= to)?.[2] ?? null,
      match: match !== undefined,
      active: match?.active ?? false,
    };
  });
}
