import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { OntologyFault, readOntology } from '@micrarium/standards';
import type { ServerConfig } from '../config.ts';
import { AddressRefused, fetchPublicFile } from '../outside/public-file.ts';
import { StartRefused } from '../start/start-refused.ts';
import {
  ensureShipped,
  type InstalledVocabulary,
  listVocabularies,
  putVocabulary,
  removeVocabulary,
} from '../vocabulary/term-store.ts';
import { refreshStudyTerms } from '../vocabulary/study-terms.ts';
import { openData } from './open-data.ts';

/** Characters of an unpacked file that are read: V8 holds no longer text. */
const mostCharacters = 500_000_000;

/** What the adding of a vocabulary did. */
export interface AddedVocabulary {
  name: string;
  form: string;
  release?: string;
  terms: number;
  obsolete: number;
  /** Studies whose terms were worked out anew. */
  studies: number;
}

/**
 * Takes an ontology file (OBO, OWL in RDF/XML or Turtle, OBO Graph JSON, TSV; also packed with gzip) into the catalogue, in place of
 * an older one of the same name. A server may run meanwhile.
 * @param place path, or address of the public internet
 * @throws StartRefused where the file cannot be read as one
 */
export async function addVocabulary(config: ServerConfig, place: string, name?: string): Promise<AddedVocabulary> {
  if (!/^https?:\/\//i.test(place)) return await addFile(config, place, basename(place), name);
  const folder = await mkdtemp(join(tmpdir(), 'micrarium-vocabulary-'));
  try {
    // Named as at its source: the ending says whether it is packed.
    const file = join(folder, basename(new URL(place).pathname).replace(/[^\w.-]/g, '_') || 'terms');
    await fetchPublicFile(place, file, { mostBytes: mostFetchedBytes });
    return await addFile(config, file, place, name);
  } catch (fault) {
    if (fault instanceof AddressRefused) throw new StartRefused(fault.message, { cause: fault });
    throw fault;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Largest file that is fetched; NCBI Taxonomy as OWL has about 2 GB. */
const mostFetchedBytes = 4_000_000_000;

async function addFile(config: ServerConfig, file: string, source: string, name?: string): Promise<AddedVocabulary> {
  const read = await readFileOfTerms(file);
  const called = (name ?? read.name ?? basename(file).replace(/\.(gz|obo|owl|json|tsv)$/gi, ''))
    .replace(/^.*\//, '')
    .slice(0, 100);
  const open = await openData(config, 'shared');
  try {
    await ensureShipped(open.db);
    const about = {
      name: called,
      source,
      ...(read.release === undefined ? {} : { release: read.release }),
    };
    const terms = await putVocabulary(open.db, about, read.terms);
    return {
      name: called,
      form: read.form,
      ...(read.release === undefined ? {} : { release: read.release }),
      terms,
      obsolete: read.terms.filter(({ isObsolete }) => isObsolete).length,
      studies: await refreshStudyTerms(open.db),
    };
  } finally {
    await open.close();
  }
}

async function readFileOfTerms(file: string): Promise<ReturnType<typeof readOntology>> {
  await stat(file).catch((cause: unknown) => {
    throw new StartRefused(`there is no file ${file}`, { cause });
  });
  const bytes = createReadStream(file);
  const unpacked = file.endsWith('.gz') ? bytes.pipe(createGunzip()) : bytes;
  // An error of the file ends the reading of what is unpacked from it.
  if (unpacked !== bytes) bytes.on('error', (fault) => unpacked.destroy(fault));
  unpacked.setEncoding('utf8');
  const pieces: string[] = [];
  let length = 0;
  try {
    for await (const piece of unpacked as AsyncIterable<string>) {
      length += piece.length;
      if (length > mostCharacters) throw new OntologyFault(`${file} is larger than can be read`);
      pieces.push(piece);
    }
    const read = readOntology(pieces.join(''));
    if (read.terms.length === 0) throw new OntologyFault('No terms were found in it');
    return read;
  } catch (cause) {
    throw new StartRefused(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });
  }
}

/** The vocabularies that are installed. @throws StartRefused */
export async function vocabulariesOf(config: ServerConfig): Promise<InstalledVocabulary[]> {
  const open = await openData(config, 'shared');
  try {
    await ensureShipped(open.db);
    return await listVocabularies(open.db);
  } finally {
    await open.close();
  }
}

/** Takes a vocabulary out of the catalogue; terms of studies stay as they were typed. @returns whether there was one */
export async function dropVocabulary(config: ServerConfig, name: string): Promise<boolean> {
  const open = await openData(config, 'shared');
  try {
    const wasThere = await removeVocabulary(open.db, name);
    if (wasThere) await refreshStudyTerms(open.db);
    return wasThere;
  } finally {
    await open.close();
  }
}
