/** Errors on standard error: what was tried, why it failed, what to do; a stack only for debugging this package. */
import { debuglog } from 'node:util';
import { BpfError } from '../errors/bpf-error.js';
import { UsageError } from './command.js';
import { warn } from './output.js';

const debugging = debuglog('libbpf').enabled;

/** Prints an error; answers the exit code. */
export function report(error: unknown): number {
  warn(`${textOf(error)}\n`);
  return error instanceof UsageError ? 2 : 1;
}

function textOf(error: unknown): string {
  if (!(error instanceof Error)) return `error: ${String(error)}`;
  const text = error instanceof BpfError ? bpfText(error) : `error: ${error.message}`;
  return debugging ? `${text}\n${error.stack}` : text;
}

/** What clang says is shown as clang shows it, so that editors find the lines. */
function bpfText(error: BpfError): string {
  if (error.code !== 'ERR_BPF_CLANG' || error.log === '') return `error: ${error.message}`;
  if (error.cause instanceof BpfError) return `${error.log.trimEnd()}\nerror: ${error.message}`;
  const remedy = error.hint === undefined ? '' : ` (${error.hint})`;
  const end = /\bended by the signal \w+/.exec(error.message)?.[0] ?? 'failed';
  return `${error.log.trimEnd()}\nerror: ${error.operation}: clang ${end}${remedy}`;
}
