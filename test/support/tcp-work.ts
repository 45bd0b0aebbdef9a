/** TCP connections of known bytes, over both families, on loopback; and one that nobody takes. */

/** Of each: what is sent and what comes back. */
export const exchanges = [
  ['127.0.0.1', 0, 0],
  ['127.0.0.1', 1, 70_000],
  ['127.0.0.1', 3_000_000, 5],
  ['::1', 123_456, 4321],
] as const;

/** Python: the ports are printed, one a line, as `port N`. */
export const tcpWork = `
def exchange(address, there, back):
    family = socket.AF_INET6 if ':' in address else socket.AF_INET
    listening = socket.socket(family); listening.bind((address, 0)); listening.listen()
    def serve():
        one, _ = listening.accept()
        while one.recv(65536): pass
        one.sendall(b'x' * back); one.close()
    thread = threading.Thread(target=serve); thread.start()
    client = socket.create_connection(listening.getsockname()[:2])
    print('port', client.getsockname()[1], listening.getsockname()[1], flush=True)
    client.sendall(b'y' * there); client.shutdown(socket.SHUT_WR)
    while client.recv(65536): pass
    client.close(); thread.join(); listening.close()
${exchanges.map(([address, there, back]) => `exchange('${address}', ${there}, ${back})`).join('\n')}
try: socket.create_connection(('127.0.0.1', 1))
except OSError: pass
`;

/** What it printed: the port of the one who connects, and of the one who listens. */
export function portsOf(stdout: string): (readonly [client: number, server: number])[] {
  return Array.from(stdout.matchAll(/^port (\d+) (\d+)$/gm), ([, client, server]) => [
    Number(client),
    Number(server),
  ]);
}
