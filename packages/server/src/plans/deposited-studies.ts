import type { StudyFile } from '@micrarium/model';
import { everyRow } from '@micrarium/repository';
import { type DepositedStudy, graphOfStudy, type StudyGraph } from '@micrarium/standards';
import type { Services } from '../http/kernel.ts';
import type { KeptPlan } from './plan-store.ts';

/** A study of a plan as it stands: published, or the draft of its first version. */
export interface PlanStudy extends DepositedStudy {
  /** Id of the draft, where nothing is published yet. */
  draft?: string;
}

/** Files looked at for the volume of each data set; a version has at most 100,000. */
const filesAtOnce = 5_000;

/** What was deposited for a plan, with bytes by data set. Studies of which nothing is left are left out. @param origin of this server */
export async function depositedStudies(services: Services, plan: KeptPlan, origin: string): Promise<PlanStudy[]> {
  const found = await Promise.all(plan.studies.map((one) => depositedStudy(services, one, origin)));
  return found.filter((one) => one !== undefined);
}

/** Bytes of what was deposited for a plan, study by study, without a look at single files. */
export async function depositedVolumes(
  services: Services,
  plan: KeptPlan,
): Promise<Pick<PlanStudy, 'bytes' | 'version'>[]> {
  const volumes: Pick<PlanStudy, 'bytes' | 'version'>[] = [];
  for (const { accession } of plan.studies) {
    const version = await services.studies.getVersion(accession, 'newest');
    const draft = version ? undefined : await draftOf(services, accession, {});
    if (draft) volumes.push({ bytes: draft.bytes });
    if (version && (await services.states.of(accession)).state !== 'withdrawn')
      volumes.push({ bytes: version.byteCount, version: version.version });
  }
  return volumes;
}

async function depositedStudy(
  services: Services,
  { accession, dataset }: KeptPlan['studies'][number],
  origin: string,
): Promise<PlanStudy | undefined> {
  const joined = dataset === undefined ? {} : { dataset };
  const version = await services.studies.getVersion(accession, 'newest');
  if (!version) return await draftOf(services, accession, joined);
  const state = await services.states.of(accession);
  if (state.state === 'withdrawn') return undefined;
  const files: StudyFile[] = [];
  for await (const file of everyRow((page) =>
    services.studies.listVersionFiles(accession, version.version, { ...page, limit: filesAtOnce }),
  ))
    files.push(file);
  const url = `${origin}/studies/${accession}/v/${version.version}`;
  const graph = graphOfStudy({ ...version, files }, { url });
  const doi = (await services.dois?.findable(accession)) ?? graph.study.doi;
  const { licence } = graph.study;
  return {
    accession,
    ...joined,
    title: graph.study.title ?? accession,
    version: version.version,
    url,
    ...(doi === undefined ? {} : { doi }),
    ...(licence === undefined ? {} : { licence }),
    releasedOn: state.until ?? version.publishedAt.slice(0, 10),
    access: state.state === 'published' ? 'open' : 'closed',
    bytes: version.byteCount,
    datasets: datasetsOf(graph),
  };
}

/** Titles of drafts are nobody else's business: the accession stands for them until somebody who may see them asks. */
async function draftOf(
  { db, studies }: Services,
  accession: string,
  joined: { dataset?: number },
): Promise<PlanStudy | undefined> {
  const row = await db
    .selectFrom('draft')
    .select(['id', 'metadata', 'dataset_titles'])
    .where('accession', '=', accession)
    .where('state', 'in', ['editing', 'publishing'])
    .executeTakeFirst();
  if (!row) return undefined;
  const { bytes } = await studies.countFiles(row.id);
  const { title, licence } = row.metadata.values;
  return {
    accession,
    ...joined,
    draft: row.id,
    title: typeof title === 'string' && title !== '' ? title : accession,
    ...(typeof licence === 'string' && licence !== '' ? { licence } : {}),
    access: 'closed',
    bytes,
    datasets: [],
  };
}

/** Data sets of a study with the bytes and formats of their files. */
function datasetsOf(graph: StudyGraph): DepositedStudy['datasets'] {
  return graph.datasets.map(({ key, title, formats }) => {
    const files = graph.files.filter((file) => file.dataset === key);
    return {
      id: key,
      title,
      bytes: files.reduce((sum, { size }) => sum + (size ?? 0), 0),
      formats: formats ?? [],
      files: files.map(({ path }) => path),
    };
  });
}
