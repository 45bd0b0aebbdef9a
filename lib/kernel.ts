/** The running kernel: its version, and the options that it was built with. */
import { readFileSync } from 'node:fs';
import { release } from 'node:os';
import { gunzipSync } from 'node:zlib';

/** The kernel's release, as `6.1.0-50-amd64`. */
export const kernelRelease: string = release();

/** True when the running kernel came before a version as `6.6`. */
export function isOlderThan(version: string): boolean {
  const [ours, theirs] = [kernelRelease, version].map(text => text.split(/[.-]/, 2).map(Number));
  const [major = 0, minor = 0] = ours ?? [];
  const [wantedMajor = 0, wantedMinor = 0] = theirs ?? [];
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

/** Which of some options, without their `CONFIG_`, are off; empty where nothing tells. */
export function missingOptions(options: readonly string[]): string[] {
  const text = kernelOptions();
  if (text === undefined) return [];
  return options.filter(option => !new RegExp(`^CONFIG_${option}=[ym]$`, 'm').test(text));
}

/** The kernel's own record, or the distribution's. */
function kernelOptions(): string | undefined {
  try {
    return gunzipSync(readFileSync('/proc/config.gz')).toString();
  } catch {
    return fileIfAny(`/boot/config-${kernelRelease}`);
  }
}

function fileIfAny(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
