import { apiBase, createClient, routes, saveChanges, untilRead } from '@micrarium/api';
import {
  type CorpusStudy,
  corpusStudies,
  simulateCells,
  simulatedTrackMate,
  simulatedTrackSet,
} from '@micrarium/formats';
import type { FieldValue } from '@micrarium/model';

/** Which studies of a corpus go where. */
export interface CorpusDeposit {
  /** Address of the server. */
  server: string;
  token: string;
  /** Studies in the whole corpus, and the number of the first to deposit (from 1): the others are there already. */
  studies: number;
  first?: number;
  onPublished?(study: CorpusStudy, accession: string): void;
  /** For tests without a socket. */
  fetch?: typeof fetch;
}

/**
 * Deposits and publishes a corpus of simulated studies, through the same calls as anybody's: tracks as TrackMate XML, described.
 * @returns the accessions in the order of the studies
 * @throws ApiError where a call is refused; Error where tracks are not read
 */
export async function depositCorpus(target: CorpusDeposit): Promise<string[]> {
  const accessions: string[] = [];
  for (const study of corpusStudies(target.studies).slice((target.first ?? 1) - 1)) {
    const accession = await depositStudy(target, study);
    accessions.push(accession);
    target.onPublished?.(study, accession);
  }
  return accessions;
}

async function depositStudy(target: CorpusDeposit, study: CorpusStudy): Promise<string> {
  const { server, token } = target;
  const send = target.fetch ?? fetch;
  const client = createClient({ server, token, fetch: send });
  const tracks = [...simulatedTrackMate(simulatedTrackSet(simulateCells(study.options), study.options))].join('');
  const { id: draft } = await client.call(routes.createDraft, {});
  const answer = await send(`${server}${apiBase}/drafts/${draft}/files/tracks.xml`, {
    method: 'PUT',
    headers: { authorization: `Bearer ${token}` },
    body: tracks,
  });
  if (answer.status !== 200)
    throw new Error(`The tracks of ${study.cellType} were refused: ${answer.status} ${await answer.text()}`);
  const read = await untilRead(client, draft, { interval: 100 });
  if (read.items.some(({ ingest }) => ingest?.state !== 'done'))
    throw new Error(`The tracks of ${study.cellType} could not be read`);
  await saveChanges(client, read, () => ({ metadata: { values: metadataOf(study, tracks.length), origins: {} } }));
  return (await client.call(routes.publishDraft, { params: { draft } })).accession;
}

const perMinute = (value: number) => (value * 60).toPrecision(4);
const minutes = (value: number) => (value / 60).toPrecision(4);

/** What a study says of itself; every value is true of a simulation. */
function metadataOf({ cellType, options, known, interval }: CorpusStudy, bytes: number): Record<string, FieldValue> {
  return {
    title: `${cellType}: speed ${perMinute(known.speed)} µm/min, persistence ${minutes(known.persistence)} min`,
    description:
      'Tracks made by a program, one of many cell types whose speed and persistence are known and coupled: a test with a known answer ' +
      'for questions across studies.\n\nNothing in it was recorded by a microscope.',
    licence: 'CC0-1.0',
    contactFirstName: 'Micrarium',
    contactLastName: 'Simulation',
    contactEmail: 'demonstration@micrarium.invalid',
    contactOrganisation: 'Micrarium',
    methodSummary:
      `Persistent random walks with the seed ${options.seed}: ${options.cells} cells, ${options.frames} frames of ${options.frameIntervalSeconds} s. ` +
      `Known: median speed ${known.speed} µm/s, persistence ${known.persistence} s. To be found again: speed ${interval.speed.join(' to ')} µm/s, ` +
      `persistence ${interval.persistence.join(' to ')} s. Persistence grows exponentially with speed over the cell types, in the form of ` +
      'Maiuri et al. 2015 (doi:10.1016/j.cell.2015.01.056).',
    dataFormats: ['TrackMate XML'],
    dataSize: `${(bytes / 1e6).toPrecision(3)} MB`,
    releaseDate: new Date().toISOString().slice(0, 10),
    organism: [{ label: 'Simulated cells' }],
    cellType: [{ label: cellType }],
    imagingMethods: [{ label: 'Simulation' }],
    biologicalProcess: [{ label: 'cell migration', id: 'GO:0016477' }],
    studyType: [{ label: 'Simulation' }],
  };
}
