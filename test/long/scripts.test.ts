/** A million damaged scripts, and some of bpftrace's tools: none crashes or hangs, and each refusal has a place. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { oracleRoot } from '../../.setup/oracles.mjs';
import { bare, damageScript, scripts } from '../support/damaged-scripts.js';

const folder = join(oracleRoot, 'usr/sbin');
const tools = readdirSync(folder).filter(name => name.endsWith('.bt'));
const mutants = Number(process.env.LIBBPF_TS_MUTANTS ?? 1_000_000);
const seed = 2026;

describe('damaged scripts', () => {
  const runs = Math.ceil(mutants / scripts.length);
  it.each(scripts)(`of %s, ${runs} of them`, script => {
    const { refused, faults } = damageScript(script, runs, seed, bare);
    expect(faults).toEqual([]);
    expect(refused).toBeGreaterThan(runs / 4);
  });

  // This machine is asked for types, formats and symbols each time.
  const seldom = Math.ceil(mutants / 2_000);
  it.each(tools)(`of %s, ${seldom} of them`, tool => {
    // Comments are long, and damage in them changes nothing.
    const text = readFileSync(join(folder, tool), 'utf8').replace(/^\/\/.*\n/gm, '');
    const { refused, faults } = damageScript(text, seldom, seed);
    expect(faults).toEqual([]);
    expect(refused).toBeGreaterThan(0);
  });
});
