/** A source of known sequences: the stream object, told by this process's own system calls. */
import type { LoadedObject } from 'libbpf-ts';
import { stream } from '../bpf/stream.bpf.js';
import { watchGetppid } from './getppid.js';

/** The object while it is loaded. */
export type Stream = LoadedObject<typeof stream.description>;

/** Loads and attaches it; each getppid(2) of this process writes `burst` events. */
export async function attachedStream(burst = 1): Promise<Stream> {
  const bpf = await stream.load({ ...watchGetppid, data: { burst } });
  await bpf.attach();
  return bpf;
}

/** A worker that calls getppid(2) as fast as it can, on whatever CPU it gets, for so long; then it ends by itself. */
export const floodWorker = `
  const { workerData } = require('node:worker_threads');
  const end = performance.now() + workerData;
  while (performance.now() < end) for (let call = 0; call < 100; call++) process.ppid;
`;
