/** Sharing the thread: readers have a turn of some milliseconds, one after the other, then timers and sockets theirs. */

/** The longest turn; a timer is late by this and by the work of one batch. */
export const turnMilliseconds = 5;

/** Somebody who reads in turns. */
export interface TurnTaker {
  /** The longest turn that it takes. */
  readonly milliseconds: number;
  /** It may read: one batch at most. */
  go(): void;
}

const line: TurnTaker[] = [];
const kept = Promise.resolve();
let began = Number.NEGATIVE_INFINITY;
/** True while somebody will see to the line. */
let moves = false;

/** Calls back behind the promises that were kept before, for a fraction of what `queueMicrotask` costs. */
export function soon(callback: () => void): void {
  void kept.then(callback);
}

/** True once readers have had the thread for so long. */
export function turnIsOver(milliseconds: number): boolean {
  return performance.now() - began > milliseconds;
}

/** Behind all who stand in line: now if there is nobody, in this turn, or when the event loop has been around. */
export function lineUp(reader: TurnTaker): void {
  line.push(reader);
  if (!moves) move();
}

/** The event loop has been elsewhere: a turn. All that `wake` wakes stand in line before the first of them reads. */
export function beginTurn(now: number, wake: () => void): void {
  began = now;
  const moved = moves;
  moves = true;
  wake();
  moves = moved;
  if (!moves) move();
}

/** The promise of what one reads is kept first: its loop has had the batch when the next one reads. */
function move(): void {
  const reader = line[0];
  moves = reader !== undefined;
  if (reader === undefined) return;
  if (turnIsOver(reader.milliseconds)) {
    setImmediate(nextTurn);
    return;
  }
  line.shift();
  reader.go();
  if (line.length > 0) soon(move);
  else moves = false;
}

function nextTurn(): void {
  began = performance.now();
  move();
}
