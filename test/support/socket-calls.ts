/** Python programs that do one thing with sockets, and print a line that tells what came of it. */

/** A line with what `expression` gives, or the name of the errno. */
export function attempt(expression: string): string {
  return `
import errno, os, socket
NAME = '\\0ts-%d' % os.getpid()
try:
    value = ${expression}
    print(value if type(value) in (str, int) and value != 0 else 'ok')
except OSError as error:
    print(errno.errorcode[error.errno])
`;
}

export function bind(family: string, address: string): string {
  return `socket.socket(${family}, 1).bind(('${address}', 7001))`;
}

export function option(call: string): string {
  return `socket.socket().${call}`;
}

/** A call of a socket, to a name that nobody has. */
export function unix(call: string, type = 1): string {
  return `socket.socket(1, ${type}).${call}`;
}

export function unixPair(expression: string): string {
  return `
import os, socket
name = '\\0ts-%d' % os.getpid()
right = socket.socket(1, 2)
right.bind(name)
left = socket.socket(1, 2)
left.connect(name)
left.send(b'x')
${expression}
`;
}

/** A request to a port, and its answer. */
export function exchange(port: number): string {
  return `
import socket
server = socket.socket(2, 2)
server.bind(('127.0.0.1', ${port}))
server.settimeout(0.3)
client = socket.socket(2, 2)
try:
    client.sendto(b'x', ('127.0.0.1', ${port}))
    server.recv(1)
    print('answered')
except (TimeoutError, socket.timeout, PermissionError):
    print('timed out')
`;
}

export function boundPort(family: string, address: string): string {
  return `
import socket
server = socket.socket(${family}, 1)
server.bind(('${address}', 7001))
print(server.getsockname()[1])
`;
}

/** Listens on both ports; prints the one that was reached. */
export function connectedPort(family: string, address: string): string {
  return `
import select, socket
servers = [socket.socket(${family}, 1) for _ in range(2)]
for server, port in zip(servers, (7001, 7002)):
    server.bind(('${address}', port))
    server.listen()
socket.socket(${family}, 1).connect(('${address}', 7001))
print(select.select(servers, [], [])[0][0].getsockname()[1])
`;
}

export function sentTo(family: string, address: string): string {
  return `
import select, socket
servers = [socket.socket(${family}, 2) for _ in range(2)]
for server, port in zip(servers, (7001, 7002)):
    server.bind(('${address}', port))
socket.socket(${family}, 2).sendto(b'x', ('${address}', 7001))
print(select.select(servers, [], [])[0][0].getsockname()[1])
`;
}

export function receivedFrom(family: string, address: string): string {
  return `
import socket
sender, receiver = [socket.socket(${family}, 2) for _ in range(2)]
sender.bind(('${address}', 7001))
receiver.bind(('${address}', 7003))
sender.sendto(b'x', ('${address}', 7003))
print(receiver.recvfrom(1)[1][1])
`;
}

export function peerPort(family: string, address: string): string {
  return `
import socket
server = socket.socket(${family}, 1)
server.bind(('${address}', 7001))
server.listen()
client = socket.socket(${family}, 1)
client.connect(('${address}', 7001))
print(client.getpeername()[1])
`;
}

export function congestion(): string {
  return `
import socket
server = socket.socket()
server.bind(('127.0.0.1', 7001))
server.listen()
client = socket.socket()
client.setsockopt(6, 13, b'cubic')
client.connect(('127.0.0.1', 7001))
name = client.getsockopt(6, 13, 16).split(b'\\0')[0].decode()
print(name if name == 'reno' else 'other')
`;
}
