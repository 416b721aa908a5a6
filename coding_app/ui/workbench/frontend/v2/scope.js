// One owner of every listener, timer, frame and observer: end() leaves nothing behind.

export function createScope() {
  const endings = new Set();
  let over = false;

  function own(ending) {
    endings.add(ending);
    return () => {
      if (endings.delete(ending)) ending();
    };
  }

  function on(target, type, handler, options) {
    target.addEventListener(type, handler, options);
    return own(() => target.removeEventListener(type, handler, options));
  }

  function timeout(work, ms) {
    // Called on globalThis: a bare reference to setTimeout throws "Illegal invocation" in browsers.
    const clear = () => globalThis.clearTimeout(id);
    const id = globalThis.setTimeout(() => {
      endings.delete(clear);
      work();
    }, ms);
    return own(clear);
  }

  function interval(work, ms) {
    const id = globalThis.setInterval(work, ms);
    return own(() => globalThis.clearInterval(id));
  }

  /** Calls work once, before the next painting, however often it is asked for. */
  function beforePaint(work) {
    let id = null;
    own(() => id !== null && globalThis.cancelAnimationFrame(id));
    return () => {
      if (id !== null) return;
      id = globalThis.requestAnimationFrame((time) => {
        id = null;
        work(time);
      });
    };
  }

  function observe(observer, target, options) {
    observer.observe(target, options);
    return own(() => observer.disconnect());
  }

  function end() {
    over = true;
    for (const ending of [...endings]) {
      endings.delete(ending);
      ending();
    }
  }

  return { on, own, timeout, interval, beforePaint, observe, end, ended: () => over };
}
