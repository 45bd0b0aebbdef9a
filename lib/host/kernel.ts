/** The running kernel: its version, and the options that it was built with. */
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { gunzipSync } from 'node:zlib';

/** The kernel's release, as `6.1.0-50-amd64`. */
export const kernelRelease: string = release();

/** The running kernel's own types. */
export const kernelBtfPath = '/sys/kernel/btf/vmlinux';

/** True when the running kernel came before a version as `6.6`. */
export function isOlderThan(version: string): boolean {
  const [ours, theirs] = [kernelRelease, version].map(text => text.split(/[.-]/, 2).map(Number));
  const [major = 0, minor = 0] = ours ?? [];
  const [wantedMajor = 0, wantedMinor = 0] = theirs ?? [];
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

/** Which of some options, without their `CONFIG_`, are off; empty where nothing tells. */
export function missingOptions(options: readonly string[]): string[] {
  known ??= optionsThatAreOn();
  const on = known;
  return on === undefined ? [] : options.filter(option => !on.has(option));
}

let known: ReadonlySet<string> | undefined;

/** Undefined where no record can be read: perhaps not yet, so that it is not remembered. */
function optionsThatAreOn(): ReadonlySet<string> | undefined {
  const text = records.map(contentOf).find(content => content !== undefined);
  if (text === undefined) return undefined;
  return new Set(Array.from(text.matchAll(/^CONFIG_(\w+)=[ym]$/gm), ([, name = '']) => name));
}

/**
 * The options of the kernel (`CONFIG_IKCONFIG_PROC`), or the distribution's record of them: beside the kernel, or
 * beside its modules.
 */
const records = ['/proc/config.gz', `/boot/config-${kernelRelease}`, `/lib/modules/${kernelRelease}/config`];

function contentOf(path: string): string | undefined {
  try {
    const bytes = readFileSync(path);
    return (path.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString();
  } catch {
    return undefined;
  }
}
