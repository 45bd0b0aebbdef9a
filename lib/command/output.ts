/** Writing to the terminal: no other file does, so that control characters in names and records are escaped. */
import { escapeControls } from '../errors/escape.js';

/** Prints text; answers the exit code of success, for commands that only print. */
export function print(text: string): 0 {
  process.stdout.write(escapeControls(text));
  return 0;
}

/** Prints bytes of a file format, or text for one, which is for no terminal. */
export function printFile(content: string | Uint8Array): void {
  process.stdout.write(content);
}

/** Prints to standard error what is no data. */
export function warn(text: string): void {
  process.stderr.write(escapeControls(text));
}

/** Empties the terminal's screen and prints on it. */
export function printScreen(text: string): void {
  process.stdout.write(`\x1b[H\x1b[J${escapeControls(text)}`);
}

/**
 * Ends quietly when the reader of our output has gone, as `head` does, and with a line on what else it cannot be
 * written for, as a full disk; what is attached goes with the process.
 */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit();
    warn(`error: write standard output: ${error.code}, ${error.message.replace(/^\w+: |, write$/g, '')}\n`);
    process.exit(1);
  });
}

/** A number of bytes for people: `53.0 kB`. */
export function size(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}
