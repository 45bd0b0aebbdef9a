/** A million damaged scripts, of our own and of bpftrace's tools: none crashes or hangs, and each refusal has a place. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { oracleRoot } from '../../.setup/oracles.mjs';
import { damageScript, scripts } from '../support/damaged-scripts.js';

const folder = join(oracleRoot, 'usr/sbin');
const tools = readdirSync(folder).filter(name => name.endsWith('.bt'));
/** Without their comments, which damage seldom changes anything of. */
const texts = tools.map(name => readFileSync(join(folder, name), 'utf8').replace(/^\/\/.*\n/gm, ''));
const all = [...scripts, ...texts];
const runs = Math.ceil(Number(process.env.LIBBPF_TS_MUTANTS ?? 1_000_000) / all.length);

describe(`${runs * all.length} damaged scripts`, () => {
  it.each(all)('%s', script => {
    const { refused, faults } = damageScript(script, runs, 2026);
    expect(faults).toEqual([]);
    expect(refused).toBeGreaterThan(0);
  });
});
