/** Objects that are collected while attached: nothing detaches, but a warning says so. */
import { escapeLine } from '../errors/escape.js';
import type { ObjectState } from './owner.js';

const registry = new FinalizationRegistry<ObjectState>(state => {
  if (state.closed || !state.attached) return;
  const text = `BPF object ${escapeLine(state.name)} was garbage-collected while attached; its programs stay attached until the process ends`;
  process.emitWarning(text, {
    code: 'LIBBPF_TS_LOST_OBJECT',
    detail: 'Keep a reference to it and close() it.',
  });
});

/** Warns once if `object` is collected while something of it is attached. */
export function watchForLoss(object: object, state: ObjectState): void {
  registry.register(object, state);
}
