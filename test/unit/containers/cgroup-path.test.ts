/** Cgroups of containers, as their engines' own documentation and users' reports show them. */
import { describe, expect, it } from 'vitest';
import { podAt } from '../../../lib/containers/cgroup-path.js';
import { containerAt } from '../../../lib/containers/index.js';

const id = '4f797c539e6c745de61a93ca3ff892358ecbcaccd8414d5db545c38428142970';
const other = '7f1477ac7aa29f3e52d8d4f25632e9df461a3855cc8cd8ad071ad94181381215';
const uid = 'ac04f3f2-1f2c-11e9-b015-1ebee232acfa';
const escaped = uid.replaceAll('-', '_');

describe('containerAt()', () => {
  it.each<[string, string, string | undefined]>([
    ['Docker by systemd', `/system.slice/docker-${id}.scope`, 'docker'],
    ['Docker by cgroupfs', `/docker/${id}`, 'docker'],
    ['Docker of old, on Debian', `/${id}`, undefined],
    ['containerd by nerdctl', `/system.slice/nerdctl-${id}.scope`, 'containerd'],
    ['containerd by ctr', `/default/${id}`, undefined],
    ['Podman', `/machine.slice/libpod-${id}.scope`, 'podman'],
    ['Podman with a cgroup of its own inside', `/machine.slice/libpod-${id}.scope/container`, 'podman'],
    [
      'Podman without root',
      `/user.slice/user-1000.slice/user@1000.service/user.slice/libpod-${id}.scope`,
      'podman',
    ],
    ['Podman by cgroupfs', `/libpod_parent/libpod-${id}`, 'podman'],
    ['a process that systemd started inside', `/docker/${id}/system.slice/cron.service`, 'docker'],
  ])('%s', (_, path, engine) => {
    expect(containerAt(path)).toMatchObject({ id, engine, pod: undefined, outer: undefined });
  });

  it.each<[string, string, string | undefined, string]>([
    [
      'containerd by systemd',
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${escaped}.slice/cri-containerd-${id}.scope`,
      'containerd',
      'burstable',
    ],
    [
      'a pod of the best class',
      `/kubepods.slice/kubepods-pod${escaped}.slice/cri-containerd-${id}.scope`,
      'containerd',
      'guaranteed',
    ],
    ['containerd by cgroupfs', `/kubepods/besteffort/pod${uid}/${id}`, undefined, 'besteffort'],
    [
      'containerd without cgroups of systemd',
      `/system.slice/containerd.service/kubepods-besteffort-pod${escaped}.slice:cri-containerd:${id}`,
      'containerd',
      'besteffort',
    ],
    [
      'CRI-O',
      `/kubepods.slice/kubepods-besteffort.slice/kubepods-besteffort-pod${escaped}.slice/crio-${id}.scope`,
      'cri-o',
      'besteffort',
    ],
    ['CRI-O by cgroupfs', `/kubepods/burstable/pod${uid}/crio-${id}`, 'cri-o', 'burstable'],
    [
      'Docker below Kubernetes',
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${escaped}.slice/docker-${id}.scope`,
      'docker',
      'burstable',
    ],
  ])('Kubernetes: %s', (_, path, engine, qos) => {
    expect(containerAt(path)).toMatchObject({ id, engine, pod: { uid, qos } });
  });

  it('has a static pod by the hash of its configuration', () => {
    const hash = '8a0b2fe2b1d3d4ae5d7d76b3a8d5d9b2';
    const path = `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${hash}.slice/cri-containerd-${id}.scope`;
    expect(containerAt(path)?.pod).toEqual({ uid: hash, qos: 'burstable' });
  });

  it('has the innermost of containers in containers, each with its own cgroup', () => {
    const node = `/docker/${other}`;
    const path = `${node}/kubelet.slice/kubelet-kubepods.slice/kubelet-kubepods-pod${escaped}.slice/cri-containerd-${id}.scope`;
    expect(containerAt(`${path}/init`)).toEqual({
      ...{ id, engine: 'containerd', pod: { uid, qos: 'guaranteed' }, cgroup: path },
      outer: { id: other, engine: 'docker', pod: undefined, cgroup: node, outer: undefined },
    });
  });

  it.each([
    ['/lxc.payload.web', 'web', 'lxc'],
    ['/lxc/web/system.slice/nginx.service', 'web', 'lxc'],
    ['/machine.slice/systemd-nspawn@debian.service/payload', 'debian', 'systemd-nspawn'],
    ['/machine.slice/machine-my\\x2ddebian.scope', 'my-debian', 'systemd-nspawn'],
    [
      '/ecs/f3a5b2e0c7d94e1f/0123456789abcdef0123456789abcdef-1234567890',
      '0123456789abcdef0123456789abcdef-1234567890',
      'ecs',
    ],
    ['/garden/d1c9a6e6-3f0c-4b4b-7c5d', 'd1c9a6e6-3f0c-4b4b-7c5d', 'garden'],
  ])('%s', (path, name, engine) => {
    expect(containerAt(path)).toMatchObject({ id: name, engine });
  });

  it.each([
    '',
    '/',
    '/init.scope',
    '/user.slice/user-1000.slice/session-3.scope',
    '/system.slice/docker.service',
    `/machine.slice/libpod-conmon-${id}.scope`,
    `/system.slice/crio-conmon-${id}.scope`,
    `/system.slice/docker-${id.slice(1)}.scope`,
    '/lxc.monitor.web',
    '/machine.slice/machine-qemu\\x2d1\\x2dvm.scope',
    `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${escaped}.slice`,
  ])('%s is none', path => {
    expect(containerAt(path)).toBeUndefined();
  });

  it('takes no longer for hostile names than for others', () => {
    expect(containerAt(`${'/pod'.repeat(50_000)}/${'-pod0'.repeat(50_000)}`)).toBeUndefined();
  });
});

describe('podAt()', () => {
  const uid = '0f1e2d3c-4b5a-6978-8796-a5b4c3d2e1f0';
  const escaped = uid.replaceAll('-', '_');
  const container = 'ab'.repeat(32);

  it.each<[string, object | undefined]>([
    [`/kubepods.slice/kubepods-pod${escaped}.slice`, { uid, qos: 'guaranteed' }],
    [
      `/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod${escaped}.slice`,
      { uid, qos: 'burstable' },
    ],
    [`/kubepods/besteffort/pod${uid}`, { uid, qos: 'besteffort' }],
    [`/kubepods/besteffort/pod${uid}/${container}`, undefined],
    ['/kubepods.slice/kubepods-burstable.slice', undefined],
    ['/', undefined],
  ])('of %s', (path, pod) => {
    expect(podAt(path)).toEqual(pod);
  });
});
