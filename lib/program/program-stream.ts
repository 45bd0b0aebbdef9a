/**
 * What a program writes by `bpf_stream_printk()`: its streams, one for output and one for errors
 * (bpf_prog_stream_read() in kernel/bpf/stream.c).
 */

import type { BpfError } from '../errors/bpf-error.js';
import { Events } from '../events/events.js';
import { lineCodec } from '../events/line-codec.js';
import { isOlderThan } from '../host/kernel.js';
import { errnoError, errnoName } from '../native/errno.js';
import { native, type ProgramHandle, type Status } from '../native/native.js';
import type { ObjectState } from '../native/owner.js';
import { LineSource } from '../output/line-source.js';

/** `enum bpf_stream_id`. */
const streams = { stdout: 1, stderr: 2 } as const;

/** Which of the two. */
export type StreamName = keyof typeof streams;
const line = lineCodec('line', text => text);

/**
 * Opens a stream of a program. Lines that are not read yet wait in the kernel, up to 100,000 bytes
 * (`BPF_STREAM_MAX_CAPACITY` in include/linux/bpf.h).
 */
export function programStream(
  program: ProgramHandle,
  state: ObjectState,
  name: string,
  stream: StreamName,
): Events<string> {
  const subject = `${stream} of program ${name}`;
  const operation = `read ${subject}`;
  const events = new Events(
    new LineSource({
      subject,
      read: bytes => {
        const length = native().programStreamRead(program, streams[stream], bytes);
        if (length < 0) throw refusal(length, state.use(operation));
        return length;
      },
      wants: () => true,
      counts: () => ({}),
      close: () => {},
    }),
    line,
    () => state.owner?.deref(),
  );
  state.adopt(events);
  return events;
}

function refusal(status: Status, operation: string): BpfError {
  const tooOld = errnoName(status) === 'EINVAL' && isOlderThan('6.17');
  if (!tooOld) return errnoError(status, operation);
  return errnoError(status, operation, {
    reason: 'this kernel has no streams',
    hint: 'they need Linux 6.17',
  });
}
