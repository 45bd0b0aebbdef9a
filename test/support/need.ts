/** Whether a test may be skipped: only the kernel's version and configuration decide, so that a defect never looks like an old kernel. */
import type { TestContext } from 'vitest';
import { type Condition, type Feature, type FeatureName, features } from './features.js';
import { type Kernel, thisKernel } from './kernel.js';

declare module 'vitest' {
  interface TaskMeta {
    /** What of the kernel the test needs; the support table is made from it. */
    features?: FeatureName[];
  }
}

/**
 * Skips the test where the kernel is too old for a feature or built without it. Everywhere else the feature must work,
 * and a test that finds it missing fails.
 */
export function need(context: TestContext, name: FeatureName): void {
  const { meta } = context.task;
  meta.features = [...(meta.features ?? []), name];
  const reason = obstacle(features[name], thisKernel());
  if (reason !== undefined) context.skip(reason);
}

/** Why a kernel cannot have a feature; undefined where it must. */
export function obstacle({ since, config, also = [] }: Feature, kernel: Kernel): string | undefined {
  if (older(kernel.release, since)) return `needs Linux ${since}`;
  const off = config.find(option => kernel.options?.get(option) === 'n');
  if (off !== undefined) return `needs CONFIG_${off}`;
  const unmet = also.find(condition => !kernel.conditions[condition]);
  return unmet && reasons[unmet];
}

const reasons: Readonly<Record<Condition, string>> = {
  'patches its text': 'this kernel lets nobody patch its functions, not even root through ftrace',
  'runs BPF security hooks': 'bpf is not among the security modules (lsm= on the command line)',
  'is in a virtual machine': 'denies or changes what others need, so it runs in virtual machines only',
};

/** Compares `5.10.0-32-cloud-amd64` with `5.8`. */
function older(release: string, since: string): boolean {
  const [major, minor] = numbers(release);
  const [wantedMajor, wantedMinor] = numbers(since);
  return major < wantedMajor || (major === wantedMajor && minor < wantedMinor);
}

function numbers(version: string): [major: number, minor: number] {
  const [major = 0, minor = 0] = version.split(/[.-]/).map(Number);
  return [major, minor];
}
