import { expect, test } from 'vitest';
import { formatIds } from '../recognition/format-id.ts';
import { formats } from '../recognition/registry.ts';
import { unseenFormats } from '../recognition/unseen-formats.ts';
import { formatLevel, formatRegister, formatRegisterCsv, specificationTerms } from './format-register.ts';
import { adoptions, formatDataTypes, keeperKinds, opennesses } from './format-statement.ts';

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

test('the seven things asked of a format are said of each: none is left open', () => {
  const open = register.flatMap((one) => {
    const said = {
      openness: opennesses.includes(one.openness),
      // What nobody reads, neither here nor elsewhere, is kept for its bits alone.
      implementations: one.others.length > 0 || one.reads !== 'nothing' || one.id === 'unknown',
      // A real file, or plainly none.
      example: one.example === null || one.example !== '',
      licence: specificationTerms.includes(one.terms) && (one.terms === 'licensed') === (one.licence !== null),
      data: one.data.length > 0 && one.data.every((kind) => formatDataTypes.includes(kind)),
      governance: keeperKinds.includes(one.keeper),
      adoption: adoptions.includes(one.adoption),
    };
    return Object.entries(said).flatMap(([name, isSaid]) => (isSaid ? [] : [`${one.id}: ${name}`]));
  });
  expect(open).toEqual([]);
});

test('a format nobody knows is kept as bits', () => {
  expect(formatLevel('ome-zarr')).toBe('preferred');
  expect(formatLevel('zvi')).toBe('bits');
  expect(formatLevel('constructor')).toBe('bits');
});

test('the register as CSV has a line for each format, with quotes where they are needed', () => {
  const lines = formatRegisterCsv(register).trimEnd().split('\r\n');
  expect(lines).toHaveLength(formatIds.length + 1);
  expect(lines[0]).toMatch(/^id,name,level,openness,specification,licence,terms,/);
  expect(lines.find((line) => line.startsWith('jpeg,'))).toContain('"ITU-T, ISO/IEC"');
  expect(lines.find((line) => line.startsWith('stk,'))).toContain('documented,none,none,described,');
});
