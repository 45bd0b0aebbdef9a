/** The rule for skips, on kernels that do not exist. */
import { describe, expect, it } from 'vitest';
import { type Feature, features } from '../support/features.js';
import { type Kernel, parseConfig } from '../support/kernel.js';
import { obstacle } from '../support/need.js';

const able = {
  'patches its text': true,
  'runs BPF security hooks': true,
  'is in a virtual machine': true,
};

function kernel(release: string, config = '', conditions = {}): Kernel {
  return { release, options: parseConfig(config), conditions: { ...able, ...conditions } };
}

describe('a feature', () => {
  const feature: Feature = { since: '5.8', config: ['BPF', 'NET_BPF'], also: ['patches its text'] };
  const config = 'CONFIG_BPF=y\nCONFIG_NET_BPF=m\nCONFIG_HZ=250\n';

  it.each([
    ['5.8', undefined],
    ['5.8.0-rc1', undefined],
    ['5.10.0-32-cloud-amd64', undefined],
    ['5.80.1', undefined],
    ['6.0.0', undefined],
    ['10.2', undefined],
    ['5.7.19', 'needs Linux 5.8'],
    ['4.19.0', 'needs Linux 5.8'],
  ])('since 5.8, on Linux %s: %s', (release, reason) => {
    expect(obstacle(feature, kernel(release, config))).toBe(reason);
  });

  it.each([
    ['CONFIG_BPF=y\n', 'needs CONFIG_NET_BPF'],
    ['# CONFIG_BPF is not set\nCONFIG_NET_BPF=y\n', 'needs CONFIG_BPF'],
    ['CONFIG_BPF=n\nCONFIG_NET_BPF=y\n', 'needs CONFIG_BPF'],
    ['CONFIG_XBPF=y\nCONFIG_BPF_NET=y\n', 'needs CONFIG_BPF'],
    ['#CONFIG_BPF=y\nCONFIG_NET_BPF=y', 'needs CONFIG_BPF'],
  ])('with the configuration %j: %s', (text, reason) => {
    expect(obstacle(feature, kernel('6.1.0', text))).toBe(reason);
  });

  it('says the version before the option, and the option before what else is needed', () => {
    const unable = { 'patches its text': false };
    expect(obstacle(feature, kernel('5.4', '', unable))).toBe('needs Linux 5.8');
    expect(obstacle(feature, kernel('5.9', '', unable))).toBe('needs CONFIG_BPF');
    expect(obstacle(feature, kernel('5.9', config, unable))).toMatch(/lets nobody patch/);
  });

  it('must work where the configuration is not known', () => {
    expect(obstacle(feature, { release: '5.8', options: undefined, conditions: able })).toBeUndefined();
  });
});

describe('the table', () => {
  it.each(Object.entries<Feature>(features))(
    '%s has a version and options as Linux writes them',
    (_, row) => {
      expect(row.since).toMatch(/^[3-9]\.\d+$/);
      expect(row.config.length).toBeGreaterThan(0);
      for (const option of row.config) expect(option).toMatch(/^[A-Z0-9_]+$/);
    },
  );
});
