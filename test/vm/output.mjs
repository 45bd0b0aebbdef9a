// What a command prints, or an error with the line in which it says why it failed.
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

const execute = promisify(execFile);
/** kmod's commands are where only root's shell looks for them. */
const env = { ...process.env, LC_ALL: 'C', PATH: `${process.env.PATH}:/usr/sbin:/sbin` };

/**
 * @param {string} program
 * @param {readonly string[]} args
 * @param {string} [cwd]
 * @returns {Promise<string>}
 */
export async function outputOf(program, args, cwd) {
  try {
    const { stdout } = await execute(program, args, { maxBuffer: 1 << 28, env, ...(cwd && { cwd }) });
    return stdout;
  } catch (error) {
    const { stderr = '', message } = /** @type {Error & { stderr?: string }} */ (error);
    throw new Error(complaintIn(stderr) || message.split('\n')[0], { cause: error });
  }
}

/** @param {string} stderr apt marks its errors with `E:`, and the reasons behind them with `Err` or `W:` */
function complaintIn(stderr) {
  const lines = stderr.trim().split('\n');
  return lines.find(line => /^(E|Err|W):/.test(line)) ?? lines.at(-1)?.trim();
}
