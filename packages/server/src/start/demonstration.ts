import { createHash } from 'node:crypto';
import { apiBase, type Client, createClient, routes } from '@micrarium/api';
import {
  demonstrationOptions,
  memorySink,
  simulateCells,
  simulatedImage,
  simulatedPlanes,
  simulatedTrackMate,
  simulatedTrackSet,
  writeOmeTiff,
} from '@micrarium/formats';
import type { FieldValue } from '@micrarium/model';

/** What the study says of itself; every value is true of a simulation. */
const metadata: Record<string, FieldValue> = {
  title: 'Simulated cells that migrate, divide and leave: a demonstration',
  description:
    'A time-lapse film made by a program, with the exact tracks behind it: two channels, several slices, cells that wander (persistent random walk), divide and leave the field. ' +
    'It shows what a study looks like here, and serves as a test with a known answer.\n\nNothing in it was recorded by a microscope.',
  licence: 'CC0-1.0',
  contactFirstName: 'Micrarium',
  contactLastName: 'Demonstration',
  contactEmail: 'demonstration@micrarium.invalid',
  contactOrganisation: 'Micrarium',
  methodSummary:
    `Cells were simulated with the seed ${demonstrationOptions.seed}: ${demonstrationOptions.cells} at the start, ${demonstrationOptions.frames} frames of ${demonstrationOptions.frameIntervalSeconds} s, ` +
    `${demonstrationOptions.pixelSizeMicrometers} µm a pixel. Positions and parents are exact by construction; the film was drawn from them, with shot noise and read noise.`,
  dataFormats: ['OME-TIFF', 'TrackMate XML'],
  organism: [{ label: 'Simulated cells' }],
  imagingMethods: [{ label: 'Simulation' }],
  biologicalProcess: [{ label: 'cell migration', id: 'GO:0016477' }],
  studyType: [{ label: 'Simulation' }],
  notes: 'Made at the first start of this server.',
};

/** A file to deposit. */
interface LocalFile {
  path: string;
  bytes: Uint8Array;
  sha256: string;
}

function localFile(path: string, bytes: Uint8Array): LocalFile {
  return { path, bytes, sha256: createHash('sha256').update(bytes).digest('hex') };
}

/** The two files of the study: the film as OME-TIFF and its tracks as TrackMate writes them, naming the film. */
async function demonstrationFiles(): Promise<LocalFile[]> {
  const objects = simulateCells();
  const set = simulatedTrackSet(objects);
  const filmName = set.provenance.imageName ?? 'film.ome.tif';
  const sink = memorySink();
  const film = await sink.create(filmName);
  // A fixed identifier: the same seed gives the same bytes on every machine.
  const uuid = '00000000-0000-4000-8000-000000000001';
  await writeOmeTiff(film, [{ description: simulatedImage(), planes: simulatedPlanes(objects) }], { uuid });
  await film.close();
  const tracks = new TextEncoder().encode([...simulatedTrackMate(set)].join(''));
  return [localFile(filmName, sink.files.get(filmName)!), localFile('tracks.xml', tracks)];
}

/** How the deposit reaches the server. */
export interface DepositTarget {
  /** Address of the server. */
  server: string;
  token: string;
  onProgress(fraction: number): void;
  /** For tests without a socket. */
  fetch?: typeof fetch;
}

/** Waits until a look at something gives a value. */
async function until<Value>(look: () => Promise<Value | undefined>): Promise<Value> {
  const end = Date.now() + 600_000;
  for (;;) {
    const value = await look();
    if (value !== undefined) return value;
    if (Date.now() > end) throw new Error('The demonstration study took longer than ten minutes');
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
}

const pieceBytes = 8 * 2 ** 20;

/** Sends a file by tus, piece by piece. */
async function upload(
  target: DepositTarget,
  draft: string,
  file: LocalFile,
  onSent: (bytes: number) => void,
): Promise<void> {
  const send = target.fetch ?? fetch;
  const base64 = (text: string) => Buffer.from(text).toString('base64');
  const common = { authorization: `Bearer ${target.token}`, 'tus-resumable': '1.0.0' };
  const begun = await send(`${target.server}${apiBase}/uploads`, {
    method: 'POST',
    headers: {
      ...common,
      'upload-length': String(file.bytes.length),
      'upload-metadata': `draft ${base64(draft)},path ${base64(file.path)}`,
    },
  });
  const location = begun.headers.get('location');
  if (begun.status !== 201 || location === null) throw new Error(`Upload of ${file.path} was refused: ${begun.status}`);
  for (let offset = 0; offset < file.bytes.length; offset += pieceBytes) {
    const body = file.bytes.slice(offset, offset + pieceBytes);
    const headers = { ...common, 'content-type': 'application/offset+octet-stream', 'upload-offset': String(offset) };
    const answer = await send(new URL(location, `${target.server}/`).href, { method: 'PATCH', headers, body });
    if (answer.status !== 204) throw new Error(`Upload of ${file.path} stopped at ${offset}: ${answer.status}`);
    onSent(offset + body.length);
  }
}

/** The draft that an earlier start left, or a new one. */
async function openDraft(client: Client): Promise<string> {
  const { drafts } = await client.call(routes.listDrafts, {});
  return drafts[0]?.id ?? (await client.call(routes.createDraft, {})).id;
}

/** Saves what the study says of itself, with every pair that is proposed. */
async function describe(client: Client, draft: string, files: readonly LocalFile[]): Promise<void> {
  const now = await client.call(routes.getDraft, { params: { draft } });
  const megabytes = Math.round(files.reduce((sum, file) => sum + file.bytes.length, 0) / 1e6);
  const values = { ...metadata, releaseDate: new Date().toISOString().slice(0, 10), dataSize: `${megabytes} MB` };
  const pairs = [...now.pairs, ...now.proposals].map((pair) => ({ ...pair, confirmed: true }));
  await client.call(routes.saveDraft, {
    params: { draft },
    body: { metadata: { values, origins: {} }, pairs },
    headers: { 'if-match': `"${now.revision}"` },
  });
}

/**
 * Deposits and publishes the demonstration study, through the same calls as anybody's.
 * @returns its accession
 * @throws ApiError where a call is refused
 */
export async function depositDemonstration(target: DepositTarget): Promise<string> {
  const { server, token, onProgress } = target;
  const client = createClient({ server, token, ...(target.fetch ? { fetch: target.fetch } : {}) });
  onProgress(0.01);
  const files = await demonstrationFiles();
  onProgress(0.3);
  const draft = await openDraft(client);
  const announced = files.map(({ path, bytes, sha256 }) => ({ path, size: bytes.length, sha256 }));
  const expected = await client.call(routes.expectFiles, { params: { draft }, body: { files: announced } });
  for (const [index, file] of files.entries()) {
    const { state } = expected.files[index]!;
    if (state === 'verified' || state === 'sent') continue;
    await upload(target, draft, file, (bytes) => onProgress(0.3 + (0.2 * bytes) / file.bytes.length));
  }
  await until(async () => {
    const { items, missing } = await client.call(routes.getDraft, { params: { draft } });
    const states = items.map((item) => item.ingest);
    if (states.some((one) => one?.state === 'failed'))
      throw new Error('An item of the demonstration study could not be read');
    const done = states.reduce((sum, one) => sum + (one?.progress ?? 0), 0) / Math.max(2, items.length);
    onProgress(0.5 + 0.45 * done);
    // Where a virus scanner is set up, publishing waits for it.
    const isSearched = !missing.some(({ code }) => code === 'virus-scan-waiting');
    const isRead = items.length >= files.length && states.every((one) => one?.state === 'done');
    return isRead && isSearched ? true : undefined;
  });
  await describe(client, draft, files);
  const { accession } = await client.call(routes.publishDraft, { params: { draft } });
  onProgress(1);
  return accession;
}
