/** An AF_XDP socket: Python makes it and says what it gets; a Node that it starts has the descriptor. */

/**
 * A program for Python: binds the socket to queue 0 of an interface, runs the Node that follows it in the arguments with
 * the socket's descriptor in `XDP_SOCKET`, and prints the payload of each packet that comes.
 *
 * @param device - the interface's name
 */
export const xdpSocket = (device: string) => `
import ctypes, mmap, os, select, socket, struct, sys
XDP, SOL_XDP, COPY, ROOM, SIZE = 44, 283, 2, 16, 2048
OFFSETS, RX_RING, UMEM, FILL_RING, COMPLETION_RING = 1, 2, 4, 5, 6
xdp = socket.socket(XDP, socket.SOCK_RAW)
memory = mmap.mmap(-1, ROOM * SIZE)
address = ctypes.addressof(ctypes.c_char.from_buffer(memory))
xdp.setsockopt(SOL_XDP, UMEM, struct.pack('QQII', address, len(memory), SIZE, 0))
for ring in (FILL_RING, COMPLETION_RING, RX_RING):
    xdp.setsockopt(SOL_XDP, ring, struct.pack('I', ROOM))
offsets = struct.unpack('16Q', xdp.getsockopt(SOL_XDP, OFFSETS, 128))
rx_producer, rx_entries, fill_producer, fill_entries = offsets[0], offsets[2], offsets[8], offsets[10]
rx = mmap.mmap(xdp.fileno(), rx_entries + ROOM * 16)
fill = mmap.mmap(xdp.fileno(), fill_entries + ROOM * 8, offset=0x100000000)
for place in range(ROOM):
    struct.pack_into('Q', fill, fill_entries + place * 8, place * SIZE)
struct.pack_into('I', fill, fill_producer, ROOM)
place = struct.pack('HHIII', XDP, COPY, socket.if_nametoindex('${device}'), 0, 0)
if ctypes.CDLL(None).bind(xdp.fileno(), place, len(place)) != 0:
    sys.exit('bind failed')
os.environ['XDP_SOCKET'] = str(xdp.fileno())
xdp.set_inheritable(True)
if os.fork() == 0:
    os.execv(sys.argv[1], sys.argv[1:])
seen = 0
while True:
    select.select([xdp], [], [])
    while seen != struct.unpack_from('I', rx, rx_producer)[0]:
        start, length = struct.unpack_from('QI', rx, rx_entries + seen % ROOM * 16)
        print(memory[start:start + length][-16:].decode('latin1'), flush=True)
        seen += 1
    if seen > 0:
        break
os.wait()
`;
