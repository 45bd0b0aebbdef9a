/** An XDP program under test: no interface, no traffic, nothing is attached. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { firewall } from './firewall.bpf.js';
import './matchers.js';
import { udp } from './packet.js';

describe('the firewall', () => {
  let bpf: Awaited<ReturnType<typeof firewall.load>>;

  beforeAll(async () => {
    bpf = await firewall.load();
  });

  beforeEach(() => {
    bpf.maps.blocked.set(53, 0n);
  });

  afterAll(() => bpf.close());

  it('drops what is sent to a blocked port, and counts it', async () => {
    await expect(bpf.programs.firewall).toDrop(udp({ port: 53 }));
    await expect(bpf.programs.firewall).toDrop(udp({ port: 53, source: 53 }));
    expect(bpf.maps.blocked.get(53)).toBe(2n);
  });

  it('lets the others pass as they are', async () => {
    const frame = udp({ port: 54 });
    await expect(bpf.programs.firewall).toPass(frame);
    await expect(bpf.programs.firewall).toTurn(frame, frame);
    expect(bpf.maps.blocked.get(53)).toBe(0n);
  });

  it('sends back what wants an echo', async () => {
    const frame = udp({ port: 7 });
    const answer = Uint8Array.from([...frame.slice(6, 12), ...frame.slice(0, 6), ...frame.slice(12)]);
    await expect(bpf.programs.firewall).toSendBack(frame);
    await expect(bpf.programs.firewall).toTurn(frame, answer);
  });

  it('looks at no more than there is', async () => {
    for (let length = 14; length < 42; length++)
      await expect(bpf.programs.firewall).toPass(udp({ port: 53 }).slice(0, length));
    await expect(bpf.programs.firewall).not.toPass(udp({ port: 53 }).slice(0, 42));
  });
});
