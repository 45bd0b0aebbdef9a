/** What /proc says of cgroups on machines of each kind. */
import { describe, expect, it } from 'vitest';
import { parseHierarchies } from '../../../lib/containers/hierarchy.js';
import { containerInCgroups, containerInMounts } from '../../../lib/containers/process-container.js';

const id = '4f797c539e6c745de61a93ca3ff892358ecbcaccd8414d5db545c38428142970';

describe('hierarchies', () => {
  it('of version 2 alone', () => {
    const mounts = 'cgroup2 /sys/fs/cgroup cgroup2 rw,nosuid,nodev,noexec,relatime,nsdelegate 0 0\n';
    expect(parseHierarchies(mounts, '0::/user.slice\n')).toEqual([
      { version: 2, number: 0, folder: '/sys/fs/cgroup', controllers: [] },
    ]);
  });

  it('of both, with two controllers in one and a name instead of one', () => {
    const mounts = [
      'tmpfs /sys/fs/cgroup tmpfs ro,nosuid,nodev,noexec,size=4096k,nr_inodes=1024,mode=755 0 0',
      'cgroup2 /sys/fs/cgroup/unified cgroup2 rw,nosuid,nodev,noexec,relatime,nsdelegate 0 0',
      'cgroup /sys/fs/cgroup/systemd cgroup rw,nosuid,nodev,noexec,relatime,xattr,name=systemd 0 0',
      'cgroup /sys/fs/cgroup/cpu,cpuacct cgroup rw,nosuid,nodev,noexec,relatime,cpu,cpuacct 0 0',
      'cgroup /mnt/a\\040b cgroup rw,relatime,memory 0 0',
      'cgroup /elsewhere cgroup rw,relatime,pids 0 0',
    ].join('\n');
    const own = '12:memory:/\n4:cpu,cpuacct:/\n1:name=systemd:/init.scope\n0::/init.scope\n';
    expect(parseHierarchies(mounts, own)).toEqual([
      { version: 2, number: 0, folder: '/sys/fs/cgroup/unified', controllers: [] },
      { version: 1, number: 1, folder: '/sys/fs/cgroup/systemd', controllers: ['name=systemd'] },
      { version: 1, number: 4, folder: '/sys/fs/cgroup/cpu,cpuacct', controllers: ['cpu', 'cpuacct'] },
      { version: 1, number: 12, folder: '/mnt/a b', controllers: ['memory'] },
    ]);
  });
});

describe('the container of a process', () => {
  it('by its cgroup of version 2, though one of version 1 names another', () => {
    const text = `4:memory:/docker/${'0'.repeat(64)}\n0::/system.slice/docker-${id}.scope\n`;
    expect(containerInCgroups(text)).toMatchObject({ id, engine: 'docker' });
  });

  it('by one of version 1, where its engine knows no other', () => {
    expect(containerInCgroups(`2:cpu:/docker/${id}\n1:name=systemd:/docker/${id}\n0::/\n`)).toMatchObject({
      id,
    });
  });

  it.each([
    [
      'Docker',
      `1545 1522 254:1 /var/lib/docker/containers/${id}/hostname /etc/hostname rw,relatime - ext4 /dev/vda1 rw\n`,
      { id, engine: 'docker', pod: undefined },
    ],
    [
      'Podman',
      `862 851 0:24 /containers/storage/overlay-containers/${id}/userdata/hosts /etc/hosts rw - tmpfs tmpfs rw\n`,
      { id, engine: 'podman', pod: undefined },
    ],
    [
      'Kubernetes',
      '2190 2170 8:1 /var/lib/kubelet/pods/ac04f3f2-1f2c-11e9-b015-1ebee232acfa/etc-hosts /etc/hosts rw - ext4 /dev/sda1 rw\n',
      { id: undefined, pod: { uid: 'ac04f3f2-1f2c-11e9-b015-1ebee232acfa', qos: undefined } },
    ],
  ])('by mounts, where a cgroup namespace hides its cgroups: %s', (_, text, expected) => {
    expect(containerInCgroups('0::/\n')).toBeUndefined();
    expect(containerInMounts(`22 1 8:1 / / rw - ext4 /dev/sda1 rw\n${text}`)).toMatchObject(expected);
  });

  it('is none elsewhere', () => {
    expect(containerInCgroups('0::/user.slice/user-1000.slice/session-3.scope\n')).toBeUndefined();
    expect(containerInMounts('22 1 8:1 / / rw - ext4 /dev/sda1 rw\n')).toBeUndefined();
  });
});
