/** The public door `libbpf-ts/testing`: objects without a kernel, and recordings as streams, for an application's own tests. */

export { type Replay, type ReplayOptions, replay, type TypeSource } from '../events/recording/replay.js';
export type { AttachCounts } from '../testing/attachments.js';
export {
  FakeObject,
  type FakeObjectOptions,
  fakeObject,
  type MapNamesOf,
  type RecordOf,
} from '../testing/stand-in.js';
