/** `struct pt_regs` of architectures: where a function's arguments and result are, and registers by their names. */

interface Registers {
  readonly names: Readonly<Record<string, number>>;
  readonly arguments: readonly string[];
  readonly result: string;
}

/** arch/x86/include/asm/ptrace.h: words of 8 bytes in this order. */
const x64Names = 'r15 r14 r13 r12 bp bx r11 r10 r9 r8 ax cx dx si di orig_ax ip cs flags sp ss'.split(' ');

const x64: Registers = {
  names: Object.fromEntries(x64Names.map((name, at) => [name, at * 8])),
  arguments: ['di', 'si', 'dx', 'cx', 'r8', 'r9'],
  result: 'ax',
};

/** `struct user_pt_regs` in arch/arm64/include/uapi/asm/ptrace.h. */
const arm64Names = [...Array.from({ length: 31 }, (_, at) => `r${at}`), 'sp', 'pc', 'pstate'];

const arm64: Registers = {
  names: Object.fromEntries(arm64Names.map((name, at) => [name, at * 8])),
  arguments: Array.from({ length: 8 }, (_, at) => `r${at}`),
  result: 'r0',
};

const byArchitecture: Readonly<Record<string, Registers>> = { x64, arm64 };

export function registersOf(arch: string): Registers | undefined {
  return Object.hasOwn(byArchitecture, arch) ? byArchitecture[arch] : undefined;
}

/** The places of all arguments and the result. */
export function callRegisters(arch: string) {
  const known = registersOf(arch);
  if (known === undefined) return { arguments: [] };
  const at = (name: string) => known.names[name] ?? 0;
  return { arguments: known.arguments.map(at), result: at(known.result) };
}
