/** Sharing the thread: all readers together take a turn of some milliseconds, then timers and sockets have theirs. */

/** The longest turn; a timer is late by this and by the work of one batch. */
export const turnMilliseconds = 5;

let began = Number.NEGATIVE_INFINITY;
let next: Promise<void> | undefined;

/** Starts a turn: the event loop has just been elsewhere. */
export function beginTurn(): void {
  began = performance.now();
}

/** True once readers have had the thread for so long. */
export function turnIsOver(milliseconds: number): boolean {
  return performance.now() - began > milliseconds;
}

/** Resolves for everybody who waits, in their order, when the event loop has been around. */
export function nextTurn(): Promise<void> {
  next ??= new Promise(resolve => {
    setImmediate(() => {
      next = undefined;
      beginTurn();
      resolve();
    });
  });
  return next;
}
