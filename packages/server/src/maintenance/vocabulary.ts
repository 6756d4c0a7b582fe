import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createGunzip } from 'node:zlib';
import { OntologyFault, type OntologyStream, type OntologyTerm, streamOntology } from '@micrarium/standards';
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
 * Takes an ontology file (OBO, OWL in RDF/XML, Turtle or functional syntax, OBO Graph JSON, TSV; also packed with gzip) into the catalogue, in place of
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
  const read = await openFileOfTerms(file);
  const called = (name ?? read.name ?? basename(file).replace(/\.(gz|obo|owl|ttl|json|tsv)$/gi, ''))
    .replace(/^.*\//, '')
    .slice(0, 100);
  const open = await openData(config, 'shared');
  try {
    await ensureShipped(open.db);
    const seen = { terms: 0, obsolete: 0 };
    const about = {
      name: called,
      source,
      get release() {
        return read.release;
      },
    };
    const terms = await putVocabulary(open.db, about, counted(read, seen)).catch((fault: unknown) => {
      throw fault instanceof OntologyFault ? refused(file, fault) : fault;
    });
    return {
      name: called,
      form: read.form,
      ...(read.release === undefined ? {} : { release: read.release }),
      terms,
      obsolete: seen.obsolete,
      studies: await refreshStudyTerms(open.db),
    };
  } finally {
    await open.close();
  }
}

const refused = (file: string, cause: unknown) =>
  new StartRefused(`${file}: ${cause instanceof Error ? cause.message : String(cause)}`, { cause });

/** The terms as they come, counted. @throws OntologyFault where there are none, or the file breaks off */
async function* counted(
  read: OntologyStream,
  seen: { terms: number; obsolete: number },
): AsyncGenerator<OntologyTerm[]> {
  try {
    for await (const some of read.terms) {
      seen.terms += some.length;
      for (const { isObsolete } of some) if (isObsolete) seen.obsolete++;
      yield some;
    }
  } catch (cause) {
    if (cause instanceof OntologyFault) throw cause;
    throw new OntologyFault(cause instanceof Error ? cause.message : String(cause), { cause });
  }
  if (seen.terms === 0) throw new OntologyFault('No terms were found in it');
}

/** Bytes read, and characters unpacked, at a time. */
const pieceBytes = 1 << 20;

async function openFileOfTerms(file: string): Promise<OntologyStream> {
  await stat(file).catch((cause: unknown) => {
    throw new StartRefused(`there is no file ${file}`, { cause });
  });
  const bytes = createReadStream(file, { highWaterMark: pieceBytes });
  const unpacked = file.endsWith('.gz') ? bytes.pipe(createGunzip({ chunkSize: pieceBytes })) : bytes;
  // An error of the file ends the reading of what is unpacked from it.
  if (unpacked !== bytes) bytes.on('error', (fault) => unpacked.destroy(fault));
  unpacked.setEncoding('utf8');
  try {
    return await streamOntology(unpacked as AsyncIterable<string>);
  } catch (cause) {
    bytes.destroy();
    throw refused(file, cause);
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
