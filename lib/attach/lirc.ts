/** Infrared receivers: lirc_mode2. */
import * as sections from '../kinds/section-kinds.js';
import { type Flow, job } from '../native/flow.js';
import { ownNetns } from '../native/interfaces.js';
import {
  type Attacher,
  type AttachKind,
  capabilities,
  type ErrorContext,
  type HookQuery,
} from './attach-kind.js';
import { withFile } from './file.js';
import { listedHook } from './hook-query.js';
import { requireOption } from './options-check.js';
import { linkOrThrow } from './result.js';

/**
 * One receiver of raw infrared. The kernel has no links of it: the program stays when the process is killed
 * (lirc_prog_attach() in drivers/media/rc/bpf-lirc.c).
 *
 * @since Linux 4.18
 */
export interface LircOptions {
  /** As `/dev/lirc0`. */
  readonly device: string;
}

const attachLirc: Attacher<LircOptions> = (request, { device }) =>
  withDevice(request, device, function* (fd) {
    const outcome = yield* job('programAttachProg', request.program, ownNetns, fd, false, 0, 0, 0, 0, 0n);
    return yield* linkOrThrow(request, `${device}`, outcome);
  });

const queryLirc: HookQuery<LircOptions> = (context, { device }) =>
  withDevice(context, device, fd => listedHook(context, { netns: ownNetns, target: fd }));

function withDevice<T>(
  context: ErrorContext,
  device: string | undefined,
  use: (fd: number) => Flow<T>,
): Flow<T> {
  const path = requireOption(context, 'device', device, 'which device');
  return withFile(path, { operation: context.operation, what: 'a device as /dev/lirc0' }, use);
}

export const lirc = {
  sections: sections.lirc,
  since: '4.18',
  config: ['BPF_LIRC_MODE2'],
  capabilities: capabilities.alone,
  needs: ['device'],
  takes: ['device'],
  attach: attachLirc,
  asks: ['device'],
  query: queryLirc,
} as const satisfies AttachKind;
