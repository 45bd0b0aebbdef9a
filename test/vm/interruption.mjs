// What must be put right when this process ends, by itself or because it was told to.
import { constants } from 'node:os';

/** @type {Set<() => void>} */
const actions = new Set();
let listening = false;

/**
 * Does something when this process ends, at the latest.
 *
 * @param {() => void} action
 * @returns {() => void} does it now instead
 */
export function onExit(action) {
  if (!listening) listen();
  actions.add(action);
  return () => {
    actions.delete(action);
    action();
  };
}

function listen() {
  listening = true;
  process.on('exit', () => {
    for (const action of actions) action();
  });
  for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP']))
    process.on(signal, () => process.exit(128 + constants.signals[signal]));
}
