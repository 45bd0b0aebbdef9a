/** Division, which on older kernels has no signs, and here no end at zero. */
import type { FunctionWriter } from './function.js';

/**
 * What is divided by nothing is 1, as bpftrace has it. Signs are taken off and put on again: instructions for them came
 * with Linux 6.6.
 */
export function writeDivision({ code }: FunctionWriter, operator: '/' | '%' | 's/' | 's%'): void {
  const [zero, done] = [code.newLabel(), code.newLabel()];
  code.line(`if r1 == 0 goto ${zero}`);
  if (operator.startsWith('s')) writeSignedDivision(code, operator === 's/' ? '/' : '%');
  else code.line(`r0 ${operator}= r1`);
  code.line(`goto ${done}`);
  code.label(zero);
  code.line('r0 = 1');
  code.label(done);
}

function writeSignedDivision(code: FunctionWriter['code'], operator: '/' | '%'): void {
  code.line('r2 = r0');
  if (operator === '/') code.line('r2 ^= r1');
  for (const register of ['r0', 'r1']) writeNegation(code, register, register);
  code.line(`r0 ${operator}= r1`);
  writeNegation(code, 'r0', 'r2');
}

/** Negates a register where a second one is negative. */
function writeNegation(code: FunctionWriter['code'], register: string, sign: string): void {
  const positive = code.newLabel();
  code.line(`if ${sign} s>= 0 goto ${positive}`);
  code.line(`${register} ^= -1`);
  code.line(`${register} += 1`);
  code.label(positive);
}
