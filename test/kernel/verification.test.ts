/** What the verifier says of programs that it accepts, where it is asked. */

import { inspect } from 'node:util';
import { VerifierError } from 'libbpf-ts';
import { describe, expect, it } from 'vitest';
import { probe } from '../bpf/probe.bpf.js';
import { rejected } from '../bpf/rejected.bpf.js';
import { bpftool } from '../support/child.js';

describe('an accepted program', () => {
  it('says nothing unless it is asked', async () => {
    await using bpf = await probe.load();
    expect(bpf.programs.entered.verification).toBeUndefined();
  });

  it('has the figures of its verification', async () => {
    const opened = await probe.open();
    expect(opened.programs.passed.verifierLog).toBe('none');
    opened.programs.passed.verifierLog = 'statistics';
    expect(opened.programs.passed.verifierLog).toBe('statistics');
    await using bpf = await opened.load();
    const shown = bpftool('prog', 'show', 'name', 'passed') as
      | { bytes_xlated: number }
      | { bytes_xlated: number }[];
    const [program] = [shown].flat();
    const instructions = (program?.bytes_xlated ?? 0) / 8; // it has no branches, and nothing is rewritten
    const statistics = bpf.programs.passed.verification?.statistics;
    expect(statistics).toMatchObject({ instructionsProcessed: instructions, stackDepth: [0] });
    expect(statistics?.duration).toBeGreaterThanOrEqual(0n);
    expect(bpf.programs.entered.verification).toBeUndefined();
  });

  it('has the whole log', async () => {
    const opened = await probe.open();
    opened.programs.entered.verifierLog = 'full';
    await using bpf = await opened.load();
    const { log = '', statistics } = bpf.programs.entered.verification ?? {};
    expect(log).toMatch(/^0: \([0-9a-f]{2}\) /m);
    expect(log).toMatch(/^\d+: \(95\) exit/m);
    expect(statistics?.instructionsProcessed).toBeGreaterThan(10);
  });
});

describe('a rejected program', () => {
  it('has its log too when it was asked for the figures alone', async () => {
    const opened = await rejected.open();
    opened.programs.unchecked.verifierLog = 'statistics';
    const error = await opened.load().catch(error => error);
    expect(error).toBeInstanceOf(VerifierError);
    expect(error.diagnosis).toMatchObject({ mistake: 'null-check', source: { text: 'return *value;' } });
  });

  it('prints what matters, and not the log', async () => {
    const error = await rejected.load().catch(error => error);
    const printed = inspect(error);
    expect(printed).toContain('rejected.bpf.c:16');
    expect(printed).toContain("mistake: 'null-check'");
    expect(printed).not.toContain('max_states_per_insn');
  });
});
