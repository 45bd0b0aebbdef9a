/** The programs of test runs, as far as this kernel loads them, and a frame to run them on. */
import { runs } from '../bpf/runs.bpf.js';
import { features } from './features.js';
import { thisKernel } from './kernel.js';
import { obstacle } from './need.js';

export const frame = Uint8Array.from({ length: 64 }, (_, at) => at * 4);

/** What only newer kernels load is left out of those that came before. */
export async function loaded() {
  const opened = await runs.open();
  const optional = {
    longer: 'xdp.frags',
    looked_up: 'sk_lookup',
    multiply: 'syscall',
    untyped: 'syscall',
  } as const;
  for (const [name, feature] of Object.entries(optional))
    opened.programs[name as keyof typeof optional].autoload = has(feature);
  opened.programs.filtered.autoload = has('netfilter');
  opened.programs.entered.autoload = has('fentry');
  return opened.load();
}

/** Whether this kernel must have it. */
export function has(feature: keyof typeof features): boolean {
  return obstacle(features[feature], thisKernel()) === undefined;
}
