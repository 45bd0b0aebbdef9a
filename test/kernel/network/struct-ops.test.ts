/** Congestion controls of our own: TCP connections really use them. */
import { type LinkVia, openMap, type Program, type StructOpsMap } from 'libbpf-ts';
import { beforeEach, describe, expect, it } from 'vitest';
import { congestion } from '../../bpf/congestion.bpf.js';
import { congestionLink } from '../../bpf/congestion_link.bpf.js';
import { probe } from '../../bpf/probe.bpf.js';
import { bpftool } from '../../support/child.js';
import { fdInfo } from '../../support/descriptors.js';
import { features } from '../../support/features.js';
import { thisKernel } from '../../support/kernel.js';
import { need, obstacle } from '../../support/need.js';
import { Namespace } from '../../support/network.js';

describe('a struct_ops map', () => {
  beforeEach(context => need(context, 'struct_ops'));

  it('is what TCP uses once it is attached', async () => {
    await using bpf = await congestion.load();
    await isUsed('ts_plain', 'map', bpf.maps.plain, bpf.globals.bss);
  });

  it('is so by a link too', async context => {
    need(context, 'struct_ops.link');
    await using bpf = await congestionLink.load();
    await isUsed('ts_linked', 'link', bpf.maps.linked, bpf.globals.bss);
  });

  it('takes the place of another of its name, for connections from then on', async context => {
    need(context, 'struct_ops.link');
    using namespace = new Namespace();
    await using bpf = await congestionLink.load();
    const { linked, renewed } = bpf.maps;
    const link = await linked.attach();
    await link.update(renewed);
    expect(await connected(namespace, 'ts_linked')).toMatch(/\bts_linked\b/);
    expect(bpf.globals.bss).toMatchObject({ started: 0n, restarted: 1n });
    await link.detach();
  });

  it('is attached with its object, unless it is told not to be', async () => {
    using namespace = new Namespace();
    const opened = await congestion.open();
    opened.maps.plain.autoattach = false;
    await using left = await opened.load();
    expect((await left.attach()).links).toEqual({});
    expect(await connected(namespace, 'ts_plain')).toBe('ENOENT');
    await using bpf = await congestion.load();
    const { links } = await bpf.attach();
    expect(Object.keys(links)).toEqual(['plain']);
    expect(await connected(namespace, 'ts_plain')).toMatch(/\bts_plain\b/);
    expect((await bpf.attach()).links).toEqual({}); // it is attached already
    await links.plain?.detach();
    expect(await connected(namespace, 'ts_plain')).toBe('ENOENT');
  });

  it('that fails takes back what was attached before it', async context => {
    need(context, 'struct_ops.link');
    await using bpf = await congestionLink.load();
    await expect(bpf.attach()).rejects.toThrow(/attach struct_ops renewed: EEXIST/);
    await bpf.maps.linked.attach();
  });

  it('is refused where its name is taken', async () => {
    await using one = await congestion.load();
    await using two = await congestion.load();
    const link = one.maps.plain.attachSync();
    const mapId = fdInfo(one.maps.plain.fd, 'map_id');
    await expect(two.maps.plain.attach()).rejects.toThrow(
      `attach struct_ops plain: EEXIST, struct_ops plain (map ${mapId}) sits there (the name is in the table, not its`,
    );
    await link.detach();
    await two.maps.plain.attach();
  });

  it('that was opened without its object is refused', async () => {
    await using bpf = await congestion.load();
    const { plain } = bpf.maps;
    await using bare = (await openMap({ fd: plain.fd })) as unknown as StructOpsMap;
    const refusal =
      /^use struct_ops plain: ERR_BPF_ARGUMENT, it was opened without its object \(load the object/;
    await expect(bare.attach()).rejects.toThrow(refusal);
    await using link = await plain.attach();
    await expect(link.update(bare)).rejects.toThrow(refusal);
  });

  it('has no descriptor of a link where there is none', async () => {
    await using bpf = await congestion.load();
    const link = await bpf.maps.plain.attach();
    expect(() => link.fd).toThrow(/the kernel keeps no link of it: it is attached by map/);
  });

  it('is what its programs point at', async () => {
    await using bpf = await congestion.load();
    const attach = bpf.programs.start.attach as () => Promise<unknown>;
    await expect(attach.call(bpf.programs.start)).rejects.toThrow(
      /it attaches through its map: bpf.maps.NAME.attach/,
    );
  });
});

describe('a program that is associated with a struct_ops map', () => {
  it('keeps it, as bpftool tells, and takes no other', async context => {
    need(context, 'struct_ops.assoc');
    await using probing = await probe.load();
    const { entered } = probing.programs;
    const bpf = await congestionLink.load();
    const { linked, renewed } = bpf.maps;
    const id = String(fdInfo(linked.fd, 'map_id'));
    await entered.assocStructOps(linked);
    await expect(entered.assocStructOps(renewed)).rejects.toThrow(
      'associate entered with struct_ops renewed: EBUSY, it is associated with another one, for good',
    );
    const start = bpf.programs.start as unknown as Program;
    await expect(start.assocStructOps(linked)).rejects.toThrow(
      /: EINVAL, a program of struct_ops has a table/,
    );
    await bpf.close();
    expect(bpftool('map', 'show', 'id', id)).toMatchObject({ type: 'struct_ops', name: 'linked' });
  });

  it('needs a kernel that knows of it', async context => {
    need(context, 'struct_ops');
    if (obstacle(features['struct_ops.assoc'], thisKernel()) === undefined)
      return context.skip('this kernel associates them');
    await using probing = await probe.load();
    await using bpf = await congestion.load();
    await expect(probing.programs.entered.assocStructOps(bpf.maps.plain)).rejects.toThrow(
      /: EINVAL, a program that is associated with a table of struct_ops needs Linux 7\.0, and this is /,
    );
  });
});

type Counts = { started: bigint; acknowledged: bigint };

async function isUsed(name: string, via: LinkVia, map: StructOpsMap, counts: Counts): Promise<void> {
  using namespace = new Namespace();
  expect(await connected(namespace, name)).toBe('ENOENT');
  const link = await map.attach();
  expect(link.via).toBe(via);
  expect(await connected(namespace, name)).toMatch(new RegExp(`\\b${name}\\b.*\\bcwnd:10\\b`));
  expect(counts.started).toBe(1n);
  expect(counts.acknowledged).toBeGreaterThan(0n);
  await link.detach();
  expect(await connected(namespace, name)).toBe('ENOENT');
}

/** What `ss` says of a connection that asked for the congestion control, or why it did not get it. */
async function connected(namespace: Namespace, name: string): Promise<string> {
  const { stdout, stderr } = await namespace.run('python3', '-c', connect(name));
  if (stderr !== '') throw new Error(stderr);
  return stdout.trim();
}

function connect(name: string): string {
  return `
import errno, socket, subprocess
server = socket.socket()
server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
server.bind(('127.0.0.1', 7001))
server.listen()
client = socket.socket()
try:
    client.setsockopt(socket.IPPROTO_TCP, socket.TCP_CONGESTION, b'${name}')
    client.connect(('127.0.0.1', 7001))
    connection, _ = server.accept()
    for _ in range(20):
        client.send(b'x' * 1000)
        connection.recv(1000)
    print(subprocess.run(['ss', '-tinH', 'dport = 7001'], capture_output=True, text=True).stdout.replace('\\n', ' '))
except OSError as error:
    print(errno.errorcode[error.errno])
`;
}
