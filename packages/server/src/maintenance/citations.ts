import { createReadStream } from 'node:fs';
import { createGunzip } from 'node:zlib';
import { actAs } from '../audit/acting.ts';
import type { ServerConfig } from '../config.ts';
import { keepNotes } from '../kept/kept-notes.ts';
import { Notices } from '../notices/notices.ts';
import { importCitations, type ImportedCitations } from '../questions/import-citations.ts';
import { StartRefused } from '../start/start-refused.ts';
import { openData } from './open-data.ts';

/** The bytes of a file, unpacked where it is packed with gzip. @throws StartRefused */
async function* bytesOf(file: string): AsyncGenerator<Uint8Array> {
  const bytes = createReadStream(file, { highWaterMark: 1 << 20 });
  const unpacked = file.endsWith('.gz') ? bytes.pipe(createGunzip({ chunkSize: 1 << 20 })) : bytes;
  // An error of the file ends the reading of what is unpacked from it.
  if (unpacked !== bytes) bytes.on('error', (fault) => unpacked.destroy(fault));
  try {
    for await (const part of unpacked) yield part as Uint8Array;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new StartRefused(`${file} cannot be read: ${why}`, { cause });
  }
}

/**
 * Takes over what a file of citation events says of the public studies here. May run beside the server.
 * @throws StartRefused where the file cannot be opened; what is wrong in it is told as issues
 */
export async function citationsImport(
  config: ServerConfig,
  file: string,
  options: { isTrial: boolean },
): Promise<ImportedCitations> {
  const open = await openData(config, 'shared');
  try {
    const imported = await actAs(
      { actor: 'micrarium', via: 'operator' },
      async () =>
        await importCitations(open.db, bytesOf(file), {
          home: config.publicUrl,
          notices: new Notices(open.db, config.mail ? config.publicUrl : undefined),
          ...options,
        }),
    );
    // A server that runs writes to the archive itself.
    if (open.isAlone && !options.isTrial) await keepNotes(open);
    return imported;
  } finally {
    await open.close();
  }
}
