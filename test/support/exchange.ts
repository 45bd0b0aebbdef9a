/** A server and a client in one Python, for programs of sockets to come between. */

/** What a client gets back of a server that does not answer. */
export const exchange = `
import errno, socket
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('127.0.0.1', 7001))
server.listen()
client = socket.create_connection(('127.0.0.1', 7001))
connection, _ = server.accept()
client.settimeout(1)
try:
    client.send(b'hello')
    print(client.recv(100).decode())
except TimeoutError:
    print('nothing')
except OSError as error:
    print(errno.errorcode[error.errno])
`;
