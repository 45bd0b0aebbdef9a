// What a guest's command finds in its environment: what it would find here, as far as that holds there.

const kept = ['PATH', 'HOME', 'USER', 'SHELL', 'LANG', 'TERM', 'COLORTERM', 'NO_COLOR', 'FORCE_COLOR'];

/**
 * @param {import('./kernel-image.mjs').KernelImage} image
 * @returns {Record<string, string>}
 */
export function guestEnvironment({ release }) {
  const entries = kept.flatMap(name => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(entries), LIBBPF_TS_VM: release };
}
