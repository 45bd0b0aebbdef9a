/** Writing to standard output. */

/** Prints text; answers the exit code of success, for commands that only print. */
export function print(text: string): 0 {
  process.stdout.write(text);
  return 0;
}

/** Ends quietly when whoever reads our output has gone, as `head` does; the kernel detaches what is attached. */
export function endWithReader(): void {
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
    process.exit();
  });
}

/** A number of bytes for people: `53.0 kB`. */
export function size(bytes: number): string {
  return bytes < 1000 ? `${bytes} B` : `${(bytes / 1000).toFixed(1)} kB`;
}
