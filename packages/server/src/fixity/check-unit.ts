import { existsSync } from 'node:fs';
import { link, mkdir, readFile, readdir } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { digestsOfFile } from '@micrarium/repository';
import { isNotThere } from '../storage/durable-files.ts';
import { type Finding, finding } from '../storage/ocfl/findings.ts';
import { CopyRefused, copyChecked, mirrorObject, sizeOf } from '../storage/ocfl/mirror-object.ts';
import { type RepairPlaces, repairObject } from '../storage/ocfl/repair-object.ts';
import { validateObject, type ValidationWatch } from '../storage/ocfl/validate.ts';
import { type BytesElsewhere, type FixityUnit, stagedPlace } from './fixity-units.ts';
import {
  type CopyOfBucket,
  keepCopyOfBlob,
  keepCopyOfBucket,
  mendBlobInBucket,
  mendObjectInBucket,
} from './mend-in-bucket.ts';

/** What a check of one unit found. */
export interface UnitChecked {
  state: 'whole' | 'repaired' | 'damaged';
  files: number;
  bytes: number;
  /** Errors found; with `mended` where they are there no more. */
  findings: (Finding & { mended: boolean })[];
}

/** Where things lie. */
export interface FixityPlaces {
  data: string;
  /** Second copy: a folder laid out as a data folder (`archive`, `blobs`), on another disk. */
  copy?: string | undefined;
  /** Where the bytes lie in a bucket: they are read there, and mended from the second copy as files on disk are. */
  elsewhere?: BytesElsewhere | undefined;
}

/** Who follows a check of a unit; see `ValidationWatch`. */
export type UnitWatch = Pick<ValidationWatch, 'onBytes' | 'isManifestEnough'>;

/** A unit is being written at this moment; it is checked another time. */
export class UnitBusy extends Error {
  override readonly name = 'UnitBusy';
}

const errorsOf = (findings: readonly Finding[]) => findings.filter(({ code }) => code.startsWith('E'));

/**
 * Reads every byte of a unit, compares digests, mends from the second copy what is damaged, brings the second copy up to date, and reads that
 * too.
 * @throws UnitBusy
 */
export async function checkUnit(unit: FixityUnit, places: FixityPlaces, watch: UnitWatch = {}): Promise<UnitChecked> {
  if (places.elsewhere) return await checkElsewhere(unit, places.elsewhere, places, watch);
  return unit.kind === 'blob' ? await checkBlob(unit, places, watch) : await checkObject(unit, places, watch);
}

async function checkElsewhere(
  unit: FixityUnit,
  elsewhere: BytesElsewhere,
  { data, copy }: FixityPlaces,
  watch: UnitWatch,
): Promise<UnitChecked> {
  const second = copy === undefined ? undefined : { copy, quarantine: join(data, 'quarantine/fixity') };
  return unit.kind === 'blob'
    ? await checkBlobElsewhere(unit, elsewhere, second, watch)
    : await checkObjectElsewhere(unit, elsewhere, second, watch);
}

async function checkBlobElsewhere(
  { unit }: FixityUnit,
  elsewhere: BytesElsewhere,
  second: CopyOfBucket | undefined,
  watch: UnitWatch,
): Promise<UnitChecked> {
  const sha256 = unit.slice('sha256:'.length);
  const count = { files: 1, bytes: 0 };
  const problem = await elsewhere.blobs.problemOf(sha256, async (size) => {
    count.bytes += size;
    await watch.onBytes?.(size);
  });
  if (problem === undefined) {
    if (second) await keepCopyOfBlob(elsewhere, sha256, second.copy).catch(ignoreRefused);
    return { ...count, state: 'whole', findings: [] };
  }
  const mended = second !== undefined && (await mendBlobInBucket(elsewhere, sha256, second));
  const findings = [{ ...finding('E092', `blobs/${sha256}`, problem), mended }];
  return { ...count, findings, state: mended ? 'repaired' : 'damaged' };
}

async function checkObjectElsewhere(
  { unit, accession }: FixityUnit,
  elsewhere: BytesElsewhere,
  second: CopyOfBucket | undefined,
  watch: UnitWatch,
): Promise<UnitChecked> {
  const { archive } = elsewhere;
  const count = { files: 0, bytes: 0 };
  const mark = async () => (accession === undefined ? '' : await archive.markOf(accession));
  const look = async (following: ValidationWatch) => {
    const before = await mark();
    const found = errorsOf(await validateObject(await archive.areaOf(unit), following));
    if (found.length > 0 && (await mark()) !== before) throw new UnitBusy(unit);
    return found;
  };
  const told = async (size: number) => {
    count.bytes += size;
    await watch.onBytes?.(size);
  };
  const found = [...(await look({ ...watch, onFile: () => void count.files++, onBytes: told }))];
  let left: Finding[] = found;
  // As on disk: an inventory that is damaged hides what is damaged below it.
  for (let pass = 0; pass < 3 && left.length > 0 && second; pass++) {
    if ((await mendObjectInBucket(elsewhere, unit, left, second)) === 0) break;
    left = await look(watch);
    for (const one of left)
      if (!found.some(({ code, path }) => code === one.code && path === one.path)) found.push(one);
  }
  if (left.length === 0 && second) {
    left = await keepSecondCopy(unit, elsewhere, second, watch);
    found.push(...left);
  }
  const open = new Set(left.map(({ path, code }) => `${code} ${path}`));
  const findings = found.map((one) => ({ ...one, mended: !open.has(`${one.code} ${one.path}`) }));
  return { ...count, findings, state: found.length === 0 ? 'whole' : left.length === 0 ? 'repaired' : 'damaged' };
}

/** Brings the second copy of an object in a bucket up to date and reads it; its damage is mended from the bucket. */
async function keepSecondCopy(
  unit: string,
  elsewhere: BytesElsewhere,
  second: CopyOfBucket,
  watch: UnitWatch,
): Promise<Finding[]> {
  const other = join(second.copy, 'archive', unit);
  await keepCopyOfBucket(elsewhere, unit, second).catch(ignoreRefused);
  const damaged = errorsOf(await validateObject(other, watch));
  if (damaged.length === 0) return [];
  const paths = damaged.map(({ path }) => path).filter((path) => path !== '' && path !== '.');
  await keepCopyOfBucket(elsewhere, unit, second, [...new Set(paths)]).catch(ignoreRefused);
  return errorsOf(await validateObject(other, watch)).map((one) =>
    finding(one.code, `second copy: ${one.path}`, one.message),
  );
}

async function checkObject(unit: FixityUnit, { data, copy }: FixityPlaces, watch: UnitWatch): Promise<UnitChecked> {
  const object = join(data, 'archive', unit.unit);
  const count = { files: 0, bytes: 0 };
  const counting: ValidationWatch = {
    ...watch,
    onFile: () => void count.files++,
    onBytes: (size) => {
      count.bytes += size;
      return watch.onBytes?.(size);
    },
  };
  const found = [...errorsOf(await validateUndisturbed(unit, data, counting))];
  const other = copy === undefined ? undefined : join(copy, 'archive', unit.unit);
  const quarantine = join(data, 'quarantine/fixity');
  let left: Finding[] = found;
  // An inventory that is damaged hides what is damaged below it: so once more, as long as something was mended.
  for (let pass = 0; pass < 3 && left.length > 0 && other !== undefined && existsSync(other); pass++) {
    const mended = await mend(object, left, { copy: other, work: join(data, 'work/fixity'), quarantine });
    if (mended === 0) break;
    left = errorsOf(await validateUndisturbed(unit, data, watch));
    for (const one of left)
      if (!found.some(({ code, path }) => code === one.code && path === one.path)) found.push(one);
  }
  if (left.length === 0 && other !== undefined && copy !== undefined) {
    left = await keepCopy(object, other, copy, watch);
    found.push(...left);
  }
  const open = new Set(left.map(({ path, code }) => `${code} ${path}`));
  const findings = found.map((one) => ({ ...one, mended: !open.has(`${one.code} ${one.path}`) }));
  return { ...count, findings, state: found.length === 0 ? 'whole' : left.length === 0 ? 'repaired' : 'damaged' };
}

/** Validates while nobody writes: an intent of the archive says that somebody does, and a root that changed that somebody did. */
async function validateUndisturbed(unit: FixityUnit, data: string, watch: ValidationWatch): Promise<Finding[]> {
  const object = join(data, 'archive', unit.unit);
  const mark = async () => {
    const intents = await readdir(join(data, 'work/archive/intents')).catch(() => []);
    if (unit.accession !== undefined && intents.some((name) => name.startsWith(`${unit.accession}-v`)))
      throw new UnitBusy(unit.unit);
    return await readFile(join(object, 'inventory.json.sha512'), 'utf8').catch(() => '');
  };
  const before = await mark();
  const findings = await validateObject(object, watch);
  if (findings.length > 0 && (await mark()) !== before) throw new UnitBusy(unit.unit);
  return findings;
}

/** Brings the copy of a whole object up to date and reads it; its damage is mended from the object. */
async function keepCopy(object: string, other: string, copy: string, watch: UnitWatch): Promise<Finding[]> {
  const work = join(copy, 'work');
  await mirrorObject(object, other, work).catch(ignoreRefused);
  const inCopy = (findings: readonly Finding[]) =>
    errorsOf(findings).map((one) => finding(one.code, `second copy: ${one.path}`, one.message));
  const found = inCopy(await validateObject(other, watch));
  if (found.length === 0) return [];
  const bare = found.map((one) => ({ ...one, path: one.path.slice('second copy: '.length) }));
  await repairObject(other, bare, { copy: object, work, quarantine: join(copy, 'quarantine') }).catch(ignoreRefused);
  return inCopy(await validateObject(other, watch));
}

async function mend(object: string, findings: readonly Finding[], places: RepairPlaces): Promise<number> {
  try {
    return (await repairObject(object, findings, places)).length;
  } catch (error) {
    ignoreRefused(error);
    return 0;
  }
}

function ignoreRefused(error: unknown): void {
  if (!(error instanceof CopyRefused)) throw error;
}

async function checkBlob({ unit }: FixityUnit, { data, copy }: FixityPlaces, watch: UnitWatch): Promise<UnitChecked> {
  const sha256 = unit.slice('sha256:'.length);
  const place = stagedPlace(data, sha256);
  const other = copy === undefined ? undefined : stagedPlace(copy, sha256);
  const look = async (path: string): Promise<{ size: number; problem?: string }> => {
    try {
      const { size, digests } = await digestsOfFile(path, ['sha256'], watch.onBytes);
      return { size, ...(digests[0] === sha256 ? {} : { problem: 'the bytes do not match their SHA-256' }) };
    } catch (error) {
      if (isNotThere(error)) return { size: 0, problem: 'the bytes are not there' };
      if ((error as NodeJS.ErrnoException).code === 'EIO')
        return { size: 0, problem: 'the bytes cannot be read from the disk' };
      throw error;
    }
  };
  const first = await look(place);
  const expected = { algorithm: 'sha256', digest: sha256 };
  if (first.problem === undefined) {
    if (other !== undefined && copy !== undefined && (await look(other)).problem !== undefined)
      await copyChecked(place, other, join(copy, 'work'), expected).catch(ignoreRefused);
    return { state: 'whole', files: 1, bytes: first.size, findings: [] };
  }
  let isMended = false;
  if (other !== undefined && (await look(other)).problem === undefined) {
    await keepDamaged(data, place);
    await copyChecked(other, place, join(data, 'work/fixity'), expected);
    isMended = true;
  }
  const found = { ...finding('E092', `blobs/${basename(place)}`, first.problem), mended: isMended };
  return { state: isMended ? 'repaired' : 'damaged', files: 1, bytes: first.size, findings: [found] };
}

/** Keeps the bytes at a place under a second name, before what mends them takes the first; nothing where there are none. */
export async function keepDamaged(data: string, place: string): Promise<void> {
  if ((await sizeOf(place)) === undefined) return;
  const kept = join(data, 'quarantine/fixity', `${Date.now()}-${basename(place)}`);
  await mkdir(dirname(kept), { recursive: true });
  await link(place, kept);
}
