/** What tests find, however vitest was started: tracepoints, and in `dist` what `lib` is now. */
import { step } from '../../.setup/progress.mjs';
import { isFresh, stamp } from '../../.setup/stamp.mjs';
import { bundle } from '../../.setup/steps.mjs';
import { mountTracefs } from '../../.setup/tracefs.mjs';

export async function setup(): Promise<void> {
  // Pure tests run without root, who alone may mount.
  if (process.getuid?.() === 0) mountTracefs();
  if (isFresh(bundle)) return;
  await step(bundle.title, bundle.work);
  stamp(bundle);
}
