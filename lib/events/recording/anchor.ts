/** What the clocks showed when a batch was recorded: stamps become dates by them on any machine, at any time. */
import { sampleClocks } from '../../clock/sample.js';
import type { Sample } from '../../clock/timeline.js';
import { BpfError } from '../../errors/bpf-error.js';

/** Three 64-bit numbers. */
export const anchorBytes = 24;

/** The clocks now; without the addon, those of Node. */
export function anchorNow(): Sample {
  try {
    return sampleClocks();
  } catch (error) {
    if (!(error instanceof BpfError)) throw error;
    const monotonic = process.hrtime.bigint();
    return { monotonic, boottime: monotonic, realtime: BigInt(Date.now()) * 1_000_000n };
  }
}

export function encodeAnchor({ monotonic, boottime, realtime }: Sample): Buffer {
  const bytes = Buffer.alloc(anchorBytes);
  [monotonic, boottime, realtime].forEach((time, index) => {
    bytes.writeBigInt64LE(time, index * 8);
  });
  return bytes;
}

export function decodeAnchor(bytes: Buffer): Sample {
  const [monotonic, boottime, realtime] = [0, 8, 16].map(at => bytes.readBigInt64LE(at));
  return { monotonic: monotonic ?? 0n, boottime: boottime ?? 0n, realtime: realtime ?? 0n };
}
