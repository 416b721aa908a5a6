// Finding words in the transcript, whatever their case and accents; no page.

// Marks that are left out when letters are compared: accents, Hebrew points, Arabic vowel signs. Not the vowel signs of
// Indian scripts, which make another word.
const ACCENTS = /[\u0300-\u036f\u0591-\u05c7\u064b-\u065f\u0670]/g;
const PLAIN = /^[\x00-\x7f]*$/;
const QUOTES = new Map([["\u2019", "'"], ["\u2018", "'"], ["\u201c", '"'], ["\u201d", '"'], ["\u00a0", " "]]);

const known = new Map(QUOTES); // normalising every letter anew would take most of the time of a first search

function foldLetter(letter) {
  if (!known.has(letter)) known.set(letter, letter.normalize("NFD").replace(ACCENTS, "").toLowerCase());
  return known.get(letter);
}

/** {folded, places}: the text to compare, and for each of its UTF-16 units where it came from; places null = the same place. */
export function foldText(text) {
  if (PLAIN.test(text)) return { folded: text.toLowerCase(), places: null };
  let folded = "";
  const places = [];
  let place = 0;
  for (const letter of text) {
    const made = foldLetter(letter);
    for (let unit = 0; unit < made.length; unit += 1) places.push(place);
    folded += made;
    place += letter.length;
  }
  places.push(place);
  return { folded, places };
}

/** Where the letter at this place ends, with the accents that follow it. */
function endOfLetter(text, place) {
  let end = place + (text.codePointAt(place) > 0xffff ? 2 : 1);
  while (end < text.length && text[end].replace(ACCENTS, "") === "") end += 1;
  return end;
}

/**
 * textOf(index) -> string of row index; noteOf(index) -> string or null. Nothing is folded before it is asked for.
 * find(query) -> [{index, from, to}] in order, in UTF-16 units of the text; {index, note: true} where the note holds it.
 */
export function createSearch({ n, textOf, noteOf = () => null }) {
  const folded = new Array(n); // filled at the first search

  return {
    find(query) {
      const wanted = foldText(query).folded;
      if (!wanted.trim()) return [];
      const found = [];
      for (let index = 0; index < n; index += 1) {
        folded[index] ??= foldText(textOf(index));
        const { folded: text, places } = folded[index];
        for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + wanted.length)) {
          const last = at + wanted.length - 1;
          found.push(places
            ? { index, from: places[at], to: endOfLetter(textOf(index), places[last]) }
            : { index, from: at, to: last + 1 });
        }
        const note = noteOf(index);
        if (note && foldText(note).folded.includes(wanted)) found.push({ index, note: true });
      }
      return found;
    },
    /** The row's text is another one now. */
    forget(index) {
      folded[index] = undefined;
    },
  };
}

/** The place in found of the first match at or after this row; the first of all when there is none, -1 without any. */
export function firstFrom(found, index) {
  if (!found.length) return -1;
  let low = 0;
  let high = found.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (found[middle].index < index) low = middle + 1;
    else high = middle;
  }
  return low % found.length;
}

/** The matches of one row, by the same halving: a row is drawn often, and "e" is found 40,000 times. */
export function matchesOf(found, index) {
  const first = firstFrom(found, index);
  const own = [];
  for (let place = Math.max(0, first); found[place]?.index === index; place += 1) own.push({ ...found[place], place });
  return own;
}
