/** Matchers for XDP programs, by test runs: copy this file into your own suite and import it there. */
import type { Program } from 'libbpf-ts';
import { expect } from 'vitest';

type XdpProgram = Program<'xdp'>;

/** By what the program returns. */
const verdicts = ['abort', 'drop', 'pass', 'send back', 'redirect'];

interface XdpMatchers<R> {
  /** The frame is dropped, and counted as a fault of the program. */
  toAbort(frame: Uint8Array): Promise<R>;
  toDrop(frame: Uint8Array): Promise<R>;
  toPass(frame: Uint8Array): Promise<R>;
  /** Out of the interface that it came in by. */
  toSendBack(frame: Uint8Array): Promise<R>;
  toRedirect(frame: Uint8Array): Promise<R>;
  /** What the frame is afterwards, whatever becomes of it. */
  toTurn(frame: Uint8Array, into: Uint8Array): Promise<R>;
}

declare module 'vitest' {
  // biome-ignore lint/suspicious/noExplicitAny: as vitest declares it
  interface Matchers<T = any> extends XdpMatchers<T> {}
}

expect.extend({
  toAbort: (program: XdpProgram, frame: Uint8Array) => verdict(program, frame, 'abort'),
  toDrop: (program: XdpProgram, frame: Uint8Array) => verdict(program, frame, 'drop'),
  toPass: (program: XdpProgram, frame: Uint8Array) => verdict(program, frame, 'pass'),
  toSendBack: (program: XdpProgram, frame: Uint8Array) => verdict(program, frame, 'send back'),
  toRedirect: (program: XdpProgram, frame: Uint8Array) => verdict(program, frame, 'redirect'),

  async toTurn(program: XdpProgram, frame: Uint8Array, into: Uint8Array) {
    const { data } = await program.testRun({ data: frame });
    const pass = this.equals(data, into);
    const not = pass ? 'not ' : '';
    return {
      pass,
      actual: hex(data),
      expected: hex(into),
      message: () => `expected ${not}to become this frame`,
    };
  },
});

async function verdict(program: XdpProgram, frame: Uint8Array, expected: string) {
  const { retval } = await program.testRun({ data: frame });
  const found = verdicts[retval] ?? `return ${retval}`;
  const message = () =>
    `expected ${program.name} to ${expected} the frame, and it does ${found}:\n${hex(frame)}`;
  return { pass: found === expected, message };
}

/** Sixteen bytes a line. */
function hex(bytes: Uint8Array): string {
  const digits = Array.from(bytes, byte => byte.toString(16).padStart(2, '0'));
  const lines = Array.from({ length: Math.ceil(digits.length / 16) }, (_, at) =>
    digits.slice(at * 16, at * 16 + 16),
  );
  return lines.map(line => line.join(' ')).join('\n');
}
