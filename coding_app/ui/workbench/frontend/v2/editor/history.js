// What can be undone and done again, within the revision that the person is editing; no page.

export function createHistory() {
  let done = []; // ids of edits, the last one last
  let undone = [];

  return {
    /** An edit was made: what was undone before it cannot be done again. */
    made(id) {
      done.push(id);
      undone = [];
    },
    /** The id of the edit to undo next, or null; it counts as undone from now on. */
    undo() {
      const id = done.pop() ?? null;
      if (id) undone.push(id);
      return id;
    },
    redo() {
      const id = undone.pop() ?? null;
      if (id) done.push(id);
      return id;
    },
    /** Another revision begins with these edits: earlier ones belong to the one before. */
    restart(ids) {
      done = done.filter((id) => ids.includes(id));
      undone = undone.filter((id) => ids.includes(id));
    },
    forget(id) {
      done = done.filter((each) => each !== id);
      undone = undone.filter((each) => each !== id);
    },
    canUndo: () => done.length > 0,
    canRedo: () => undone.length > 0,
  };
}
