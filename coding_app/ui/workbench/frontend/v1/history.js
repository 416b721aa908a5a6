// Undo and redo: each step knows the judgement before and after; taking it back is one more event.

export function createHistory() {
  const done = [];
  const undone = [];
  return {
    /** step: {unit, criterion, before, after} with before and after = {codes, value, note}. */
    push(step) {
      done.push(step);
      undone.length = 0;
    },
    undo() {
      const step = done.pop();
      if (step) undone.push(step);
      return step ? { ...step, set: step.before } : null;
    },
    redo() {
      const step = undone.pop();
      if (step) done.push(step);
      return step ? { ...step, set: step.after } : null;
    },
  };
}
