/** Sharing the thread: readers have a turn of some milliseconds, one after the other, then timers and sockets theirs. */

/** The longest turn; a timer is late by this, by the work of one batch, and by what the scheduler gives to others. */
export const turnMilliseconds = 4;

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
  try {
    wake();
  } finally {
    moves = moved;
    if (!moves && line.length > 0) read();
  }
}

/** The first in line reads in this turn or in the next. */
function move(): void {
  moves = true;
  if (turnIsOver(line[0]?.milliseconds ?? 0)) setImmediate(nextTurn);
  else read();
}

/** The promise of what one reads is kept first: its loop has had the batch when the next one reads. */
function read(): void {
  moves = true;
  try {
    line.shift()?.go();
  } finally {
    moves = line.length > 0;
    if (moves) soon(move);
  }
}

function nextTurn(): void {
  began = performance.now();
  read();
}
