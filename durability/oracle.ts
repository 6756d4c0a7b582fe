import { createHash } from 'node:crypto';
import { readdirSync } from 'node:fs';
import { apiBase, routes } from '@micrarium/api';
import type { StudyArchive } from '../packages/server/src/storage/ocfl/study-archive.ts';
import { openStorage } from '../packages/server/src/storage/open-storage.ts';
import type { World } from './deeds.ts';

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');

/** Everything acknowledged is there, and nothing is there twice or half. @param wholly reads every byte, otherwise of a few studies */
export async function checkAll(world: World, wholly: boolean): Promise<void> {
  const { client, known, server, random } = world;
  for (const [accession, { version, digests }] of known.studies) {
    if (!wholly && random() > 3 / known.studies.size) continue;
    const state = known.states.get(accession);
    const answer = await fetch(`${server.url}${apiBase}/studies/${accession}`);
    if (state === 'withdrawn') {
      if (answer.status !== 410) world.note(`${accession} is withdrawn and answers ${answer.status}`);
      continue;
    }
    if (answer.status !== 200) {
      world.note(`${accession} v${version} was published and answers ${answer.status}`);
      continue;
    }
    const study = (await answer.json()) as { version: number; versions: unknown[] };
    if (study.version !== version || study.versions.length !== version)
      world.note(`${accession} has version ${study.version} of ${study.versions.length} instead of ${version}`);
    for (const [path, digest] of digests) {
      const file = await fetch(`${server.url}${apiBase}/studies/${accession}/versions/${version}/files/${path}`);
      const bytes = new Uint8Array(await file.arrayBuffer());
      if (file.status !== 200) world.note(`${accession} v${version} ${path} is answered ${file.status}`);
      else if (sha256(bytes) !== digest) world.note(`${accession} v${version} ${path} has other bytes`);
    }
  }
  const { total } = await client.call(routes.searchStudies, { query: {} });
  const open = [...known.studies.keys()].filter((one) => known.states.get(one) !== 'withdrawn').length;
  if (total !== open) world.note(`${open} studies are public and the list has ${total}`);
}

/** Every object of an archive, read again wholly with nobody at work. */
export async function verifyAll(world: World, archive: StudyArchive): Promise<void> {
  for await (const { accession, versions } of archive.list((place) => world.note(`unreadable object ${place}`))) {
    world.report.studies++;
    world.report.versions += versions.length;
    for (const { code, path, message } of await archive.verify(accession))
      world.note(`${accession} ${code} ${path}: ${message}`);
    if (!world.known.studies.has(accession)) world.note(`the archive holds ${accession}, which nobody published`);
  }
}

/** What lies in the archive, read again wholly with the server stopped. */
export async function checkArchive(world: World): Promise<void> {
  const { archive } = await openStorage(world.server.dataFolder);
  await verifyAll(world, archive);
  for (const folder of ['work/archive/intents', 'quarantine'])
    if (readdirSync(`${world.server.dataFolder}/${folder}`).length > 0) world.note(`${folder} is not empty`);
}
