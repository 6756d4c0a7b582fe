import { expect, test } from 'vitest';
import { formatIds } from '../recognition/format-id.ts';
import { formats } from '../recognition/registry.ts';
import { unseenFormats } from '../recognition/unseen-formats.ts';
import { formatLevel, formatRegister, formatRegisterCsv } from './format-register.ts';

const register = formatRegister();

test('every format that is recognised stands in the register, once', () => {
  const known = [...new Set([...formatIds, ...formats.map(({ id }) => id)])].sort();
  expect(register.map(({ id }) => id).sort()).toEqual(known);
});

test('a level is what its words promise', () => {
  const broken = register.flatMap(({ id, level, openness, specification, reads, writes }) => {
    const isPromised = {
      preferred: openness === 'open' && specification !== null && (reads === 'whole' || reads === 'document') && writes,
      // A film made for showing is played as it came.
      accepted: reads === 'whole' || reads === 'document' || ['mp4', 'webm'].includes(id),
      // That one can look inside a container does not say what its parts mean.
      bits: reads !== 'whole' && reads !== 'document',
    };
    return isPromised[level] ? [] : [`${id} is ${level}`];
  });
  expect(broken).toEqual([]);
  expect(new Set(register.map(({ level }) => level)).size).toBe(3);
});

test('what is said is said in full, and an example is a real file', () => {
  for (const one of register) {
    expect(one.data.length, one.id).toBeGreaterThan(0);
    expect(one.by === '', one.id).toBe(one.keeper === 'nobody');
    if (one.specification !== null) expect(one.specification, one.id).toMatch(/^https:\/\/\S+$/);
    if (one.example === null) continue;
    expect(unseenFormats.has(one.id), one.id).toBe(false);
    expect(one.example, one.id).toMatch(/^(images|tracks|bd5|metadata)\/[^/\\][^\\]*$/);
    expect(one.example.split('/'), one.id).not.toContain('..');
  }
});

test('a format nobody knows is kept as bits', () => {
  expect(formatLevel('ome-zarr')).toBe('preferred');
  expect(formatLevel('zvi')).toBe('bits');
  expect(formatLevel('constructor')).toBe('bits');
});

test('the register as CSV has a line for each format, with quotes where they are needed', () => {
  const lines = formatRegisterCsv(register).trimEnd().split('\r\n');
  expect(lines).toHaveLength(formatIds.length + 1);
  expect(lines[0]).toMatch(/^id,name,level,openness,specification,licence,/);
  expect(lines.find((line) => line.startsWith('jpeg,'))).toContain('"ITU-T, ISO/IEC"');
  expect(lines.find((line) => line.startsWith('stk,'))).toContain('documented,unknown,unknown,');
});
