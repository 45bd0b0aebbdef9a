// What a guest's command finds in its environment: what it would find here, as far as that holds there.
import { dirname } from 'node:path';

const kept = ['HOME', 'USER', 'SHELL', 'LANG', 'TERM', 'COLORTERM', 'NO_COLOR', 'FORCE_COLOR'];

/**
 * This machine's Node and Debian's programs: a wrapper around one of them, as version managers put into the path, is
 * a script that takes seconds under emulation.
 */
const path = [dirname(process.execPath), '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'].join(
  ':',
);

/**
 * @param {import('./kernel-image.mjs').KernelImage} image
 * @returns {Record<string, string>}
 */
export function guestEnvironment({ release }) {
  const entries = kept.flatMap(name => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(entries), PATH: path, LIBBPF_TS_VM: release };
}
