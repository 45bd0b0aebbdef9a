/** The example of a user's suite is run as it is; and its matchers fail where they have to. */
import { expect, it } from 'vitest';
import { firewall } from '../../examples/testing/firewall.bpf.js';
import '../../examples/testing/firewall.test.js';
import { udp } from '../../examples/testing/packet.js';

it('a matcher that does not match says what happened', async () => {
  await using bpf = await firewall.load();
  const wrong = expect(bpf.programs.firewall).toDrop(udp({ port: 1 }));
  await expect(wrong).rejects.toThrow(/expected firewall to drop the frame, and it does pass:\n02 00 00/);
  await expect(expect(bpf.programs.firewall).not.toPass(udp({ port: 1 }))).rejects.toThrow(/firewall/);
});
