import { join } from 'node:path';
import { sql } from 'kysely';
import type { Database } from '../database/connect.ts';
import { isNotThere } from '../storage/durable-files.ts';
import { objectFolder } from '../storage/ocfl/layout.ts';
import { copyChecked, CopyRefused, sizeOf } from '../storage/ocfl/mirror-object.ts';
import { idPrefix } from '../storage/ocfl/study-archive.ts';
import { keepDamaged, type UnitChecked } from './check-unit.ts';
import { type FixityUnit, stagedPlace } from './fixity-units.ts';

/** Places that are tried for one file. */
const mostPlaces = 20;

/**
 * Mends files of an object that the second copy could not, from where the same bytes lie in this data folder: a draft in which somebody sent them
 * again, or another study that has them. Each is compared with its digest on the way.
 * @returns how many were mended
 */
export async function mendFromHere(
  db: Database,
  data: string,
  { unit, accession }: FixityUnit,
  findings: UnitChecked['findings'],
): Promise<number> {
  const lost = findings.filter(({ code, mended }) => code === 'E092' && !mended).map(({ path }) => path);
  if (accession === undefined || lost.length === 0) return 0;
  const { rows } = await sql<{
    place: string;
    sha256: string;
  }>`select place, sha256 from unnest(${lost}::text[]) as place
    join version_file as file on file.accession = ${accession}
      and file.version = substring(place from '^v([0-9]{1,9})/content/files/')::integer
      and file.path = substring(place from '^v[0-9]{1,9}/content/files/(.*)$') collate "C"`.execute(db);
  let mended = 0;
  for (const { place, sha256 } of rows) {
    const target = join(data, 'archive', unit, place);
    let isKept = false;
    for (const from of await placesOf(db, data, sha256)) {
      if (from === target || (await sizeOf(from)) === undefined) continue;
      if (!isKept) await keepDamaged(data, target);
      isKept = true;
      if (!(await copied(data, from, target, sha256))) continue;
      mended++;
      break;
    }
  }
  return mended;
}

/** Where else bytes may lie: staged, and below the name under which a version of a study brought them. */
async function placesOf(db: Database, data: string, sha256: string): Promise<string[]> {
  const { rows } = await sql<{ accession: string; version: number; path: string }>`select accession, version, path
    from version_file where sha256 = ${sha256} order by version, accession, path limit ${mostPlaces}`.execute(db);
  return [
    stagedPlace(data, sha256),
    ...rows.map(({ accession, version, path }) =>
      join(data, 'archive', objectFolder(idPrefix + accession), `v${version}/content/files`, path),
    ),
  ];
}

async function copied(data: string, from: string, target: string, sha256: string): Promise<boolean> {
  try {
    await copyChecked(from, target, join(data, 'work/fixity'), { algorithm: 'sha256', digest: sha256 });
    return true;
  } catch (error) {
    // Damaged as well, or gone meanwhile.
    if (error instanceof CopyRefused || isNotThere(error)) return false;
    throw error;
  }
}
