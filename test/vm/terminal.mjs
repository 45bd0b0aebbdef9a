// This process's terminal, handed to a guest: every key goes there, Ctrl-C too.

/** @typedef {import('node:net').Socket} Socket */

/** Undefined where input or output is not a terminal. */
export function hostTerminal() {
  const { stdin, stdout } = process;
  if (!stdin.isTTY || !stdout.isTTY) return undefined;
  return {
    rows: stdout.rows,
    columns: stdout.columns,
    /** @param {Socket} socket */
    attach(socket) {
      stdin.setRawMode(true);
      stdin.pipe(socket);
      socket.pipe(stdout);
      process.on('exit', () => stdin.setRawMode(false));
    },
  };
}
