/** `--set NAME=VALUE`: global variables from the command line, read as the variable's own type. */

import { UsageError } from '../command/command.js';
import { BpfError } from '../index.js';

/**
 * Splits `NAME=VALUE` arguments at the first `=`.
 *
 * @throws UsageError for one without.
 */
export function pairs(
  command: string,
  option: string,
  args: readonly string[],
): [name: string, value: string][] {
  return args.map(arg => {
    const at = arg.indexOf('=');
    if (at <= 0) throw new UsageError(command, `--${option} takes NAME=VALUE, not ${arg}`);
    return [arg.slice(0, at), arg.slice(at + 1)];
  });
}

/** Variables by name, which read and write themselves. */
type Variables = Record<string, unknown>;

/**
 * Sets variables in whatever section they are.
 *
 * @throws BpfError for an unknown variable, and for a value that its type does not take.
 */
export function applySettings(
  sections: Readonly<Record<string, object>>,
  settings: readonly (readonly [name: string, value: string])[],
): void {
  for (const [name, text] of settings) assign(variablesWith(sections, name), name, text);
}

function variablesWith(sections: Readonly<Record<string, object>>, name: string): Variables {
  const found = Object.values(sections).find(variables => Object.hasOwn(variables, name));
  if (found !== undefined) return found as Variables;
  const known = Object.values(sections).flatMap(variables => Object.keys(variables));
  const reason = `there is no such variable; there are ${known.join(', ') || 'none'}`;
  throw new BpfError({ code: 'ERR_BPF_ARGUMENT', operation: `set ${name}`, reason });
}

/** Tries each reading; if none fits, the complaint about the likeliest one counts. */
function assign(variables: Variables, name: string, text: string): void {
  let complaint: unknown;
  for (const reading of readings(variables[name], text)) {
    try {
      variables[name] = reading;
      return;
    } catch (error) {
      complaint ??= error;
    }
  }
  throw named(name, complaint);
}

/**
 * What the text may mean, likeliest first. The value that is there tells the type, but for enums: their value
 * reads as a name or as a number.
 */
function readings(current: unknown, text: string): unknown[] {
  const number = text.trim() === '' ? Number.NaN : Number(text);
  switch (typeof current) {
    case 'bigint':
      return [/^-?(0[xob])?[\da-f]+$/i.test(text) ? wide(text) : text];
    case 'number':
      return [Number.isNaN(number) ? text : number];
    case 'boolean':
      return [{ true: true, 1: true, false: false, 0: false }[text] ?? text];
    case 'string':
      return Number.isNaN(number) ? [text] : [text, number];
    default:
      return [current instanceof Uint8Array ? Uint8Array.from(Buffer.from(text, 'hex')) : json(text)];
  }
}

/** `BigInt()` takes no sign before a base. */
function wide(text: string): unknown {
  try {
    return text.startsWith('-') ? -BigInt(text.slice(1)) : BigInt(text);
  } catch {
    return text;
  }
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

function named(name: string, error: unknown): unknown {
  if (!(error instanceof BpfError)) return error;
  const reason = error.message.replace(/^.*?: \w+, /, '');
  return new BpfError({ code: error.code, operation: `set ${name}`, reason, cause: error });
}
