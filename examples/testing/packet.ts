/** Frames to test with. */

/** A UDP packet: Ethernet, IPv4 without options, UDP, and four bytes. */
export function udp({ port, source = 40_000 }: { port: number; source?: number }): Uint8Array {
  const frame = new Uint8Array(46);
  const view = new DataView(frame.buffer);
  frame.set([2, 0, 0, 0, 0, 1], 0); // to
  frame.set([2, 0, 0, 0, 0, 2], 6); // from
  view.setUint16(12, 0x0800); // IPv4
  frame.set([0x45, 0, 0, 32, 0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 2, 10, 0, 0, 1], 14);
  view.setUint16(34, source);
  view.setUint16(36, port);
  view.setUint16(38, 12); // length, with these eight bytes
  return frame;
}
