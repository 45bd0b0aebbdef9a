/** What reaches the kernel when a program is loaded, as strace decodes bpf(2). */
import { ended } from './child.js';

/** The fields of `BPF_PROG_LOAD` that loaded a program, as `prog_flags` and `BPF_F_STRICT_ALIGNMENT`. */
export type LoadCall = Readonly<Record<string, string>>;

/**
 * Runs a script that loads one program of a name.
 *
 * @param wrapper - a command before it, as `nsenter`
 */
export async function loadCallOf(
  program: string,
  script: string,
  wrapper: readonly string[] = [],
): Promise<LoadCall> {
  const node = [process.execPath, '--input-type=module', '-e', script];
  const strace = ['strace', '-f', '-qqq', '-v', '-e', 'trace=bpf', '-e', 'signal=none'];
  const [command = '', ...args] = [...wrapper, ...strace, ...node];
  const { stderr } = await ended(command, args);
  const call = stderr.split('\n').find(line => line.includes(`prog_name="${program}"`));
  if (call === undefined) throw new Error(`no program ${program} was loaded: ${stderr}`);
  return Object.fromEntries(
    Array.from(call.matchAll(/(\w+)=([^,}]+)/g), ([, key = '', value = '']) => [key, value]),
  );
}
