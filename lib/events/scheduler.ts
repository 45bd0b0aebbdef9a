/** Shares the thread: readers have a slice of some milliseconds, one after the other, then timers and sockets theirs. */

/** The longest slice; a timer is late by this, by the work of one batch, and by what the scheduler gives to others. */
const sliceMilliseconds = 4;

/** A reader that takes its turn. */
export interface Task {
  /** It may read: one batch at most. */
  run(): void;
}

const queue: Task[] = [];
const kept = Promise.resolve();
let began = Number.NEGATIVE_INFINITY;
/** True while the queue is being worked on, or will be. */
let isRunning = false;

/** Calls back behind the promises that were kept before, for a fraction of what `queueMicrotask` costs. */
export function afterPromises(callback: () => void): void {
  void kept.then(callback);
}

/** True once readers have had the thread for the longest slice. */
export function sliceIsOver(): boolean {
  return performance.now() - began > sliceMilliseconds;
}

/** Puts a task behind all others: it runs now if there is none, in this slice, or when the event loop has been around. */
export function enqueue(task: Task): void {
  queue.push(task);
  if (!isRunning) schedule();
}

/** The event loop has been elsewhere: a slice begins. All that `wake` wakes are in the queue before the first one runs. */
export function startSlice(now: number, wake: () => void): void {
  began = now;
  const wasRunning = isRunning;
  isRunning = true;
  try {
    wake();
  } finally {
    isRunning = wasRunning;
    if (!isRunning && queue.length > 0) runNext();
  }
}

/** The first of the queue runs in this slice or in the next. */
function schedule(): void {
  isRunning = true;
  if (sliceIsOver()) setImmediate(nextSlice);
  else runNext();
}

/** The promise of what one reads is kept first: its loop has had the batch when the next one reads. */
function runNext(): void {
  isRunning = true;
  try {
    queue.shift()?.run();
  } finally {
    isRunning = queue.length > 0;
    if (isRunning) afterPromises(schedule);
  }
}

function nextSlice(): void {
  began = performance.now();
  runNext();
}
