/** How long to follow: until the last process of the tree has ended, or until Ctrl-C. */
import { constants } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Work } from './work.js';

/** The living processes of the tree, by id. */
interface Tree {
  keys(): Iterator<number>;
}

/** Aborts `stop` when it is over; answers the exit code. */
export async function lifetime(work: Work | undefined, tree: Tree, stop: AbortController): Promise<number> {
  const ends = [interruption(work)];
  if (work !== undefined) ends.push(treeEnd(work, tree, stop.signal));
  const code = await Promise.race(ends);
  stop.abort();
  return code;
}

/** A terminal's Ctrl-C reaches the command too, other signals are passed on to it. */
function interruption(work: Work | undefined): Promise<number> {
  return new Promise(resolve => {
    const end = (signal: 'SIGINT' | 'SIGTERM') => {
      if (signal === 'SIGTERM') work?.kill(signal);
      resolve(work === undefined ? 0 : 128 + constants.signals[signal]);
    };
    process.on('SIGINT', end).on('SIGTERM', end);
  });
}

/** Processes may outlive the command, even when nobody waits for them. */
async function treeEnd(work: Work, tree: Tree, signal: AbortSignal): Promise<number> {
  const code = await work.ended;
  while (!signal.aborted && !tree.keys().next().done) await sleep(20);
  return code;
}
