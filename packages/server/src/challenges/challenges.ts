import { randomUUID } from 'node:crypto';
import type { StudyItem, StudyVersion } from '@micrarium/model';
import {
  askToRebuild,
  challengeReferences,
  type ChallengeReference,
  type DatasetScore,
  FormNotMade,
  type JobQueue,
  NotComparable,
  scoreDataset,
  type ScorePorts,
} from '@micrarium/repository';
import type { Selectable } from 'kysely';
import { noteEvent } from '../audit/audit-log.ts';
import type { Database } from '../database/connect.ts';
import type { Tables } from '../database/tables.ts';

/** Which data set of a result answers which ground truth. */
export interface Answer {
  reference: string;
  dataset: string;
}

/** The score of one answer, or why there is none. */
export type AnswerScore = Answer & ({ score: DatasetScore } | { reason: string });

/** A result submitted to a challenge. */
export interface Submission {
  id: string;
  accession: string;
  label: string;
  resultAccession: string;
  resultVersion: number;
  results: Answer[];
  submittedBy: string | null;
  state: 'queued' | 'scored' | 'failed';
  /** Version of the challenge's study that it was scored on. */
  referenceVersion: number | null;
  scores: AnswerScore[];
  createdAt: string;
}

/** Submissions one challenge keeps. */
const mostSubmissions = 1000;

/** Milliseconds after which a result that is still to be scored is asked for again. */
const longestWait = 10 * 60_000;

const faultReason =
  'A fault of this server kept the result from being scored. It is tried again a few times; if it stays so, tell who runs the server.';

type Row = Selectable<Tables['challenge_submission']>;

/** Submissions to challenges, and their scoring. */
export class Challenges {
  private readonly db: Database;
  private readonly ports: ScorePorts & { jobs: JobQueue };

  constructor(db: Database, ports: ScorePorts & { jobs: JobQueue }) {
    this.db = db;
    this.ports = ports;
  }

  /** Submissions to a study, oldest first. */
  async list(accession: string): Promise<Submission[]> {
    const rows = await this.db
      .selectFrom('challenge_submission')
      .selectAll()
      .where('accession', '=', accession)
      .orderBy('created_at')
      .limit(mostSubmissions)
      .execute();
    return rows.map(toSubmission);
  }

  /** One submission. */
  async get(id: string): Promise<Submission | undefined> {
    const row = await this.db.selectFrom('challenge_submission').selectAll().where('id', '=', id).executeTakeFirst();
    return row && toSubmission(row);
  }

  /** Takes a result; one of the same study under the same name is replaced and scored anew. `undefined` where the challenge is full. */
  async submit(
    wanted: Pick<Submission, 'accession' | 'label' | 'resultAccession' | 'resultVersion' | 'results'>,
    submittedBy: string,
  ): Promise<Submission | undefined> {
    const { accession, label, resultAccession, resultVersion } = wanted;
    const results = JSON.stringify(wanted.results);
    const row = await this.db.transaction().execute(async (tx) => {
      const { count } = await tx
        .selectFrom('challenge_submission')
        .select((of) => of.fn.countAll<string>().as('count'))
        .where('accession', '=', accession)
        .executeTakeFirstOrThrow();
      if (Number(count) >= mostSubmissions) return undefined;
      const fresh = { result_version: resultVersion, results, submitted_by: submittedBy };
      const kept = await tx
        .insertInto('challenge_submission')
        .values({ id: randomUUID(), accession, label, result_accession: resultAccession, ...fresh })
        .onConflict((conflict) =>
          conflict
            .columns(['accession', 'result_accession', 'label'])
            .doUpdateSet({ ...fresh, state: 'queued', scores: '[]', scored_at: null, reference_version: null }),
        )
        .returningAll()
        .executeTakeFirstOrThrow();
      await noteEvent(tx, 'challenge.submit', accession, { label, result: resultAccession, version: resultVersion });
      return kept;
    });
    if (!row) return undefined;
    await this.ports.jobs.send('score-submission', { submissionId: row.id }, row.id);
    return toSubmission(row);
  }

  /** Takes a result off the board. */
  async withdraw({ id, accession, label }: Submission): Promise<void> {
    await this.db.transaction().execute(async (tx) => {
      await tx.deleteFrom('challenge_submission').where('id', '=', id).execute();
      await noteEvent(tx, 'challenge.withdraw', accession, { submission: id, label });
    });
  }

  /** Scores a submission; run by a job. What cannot be compared is noted with its reason, and is no fault. */
  async score(id: string, signal: AbortSignal): Promise<void> {
    const submission = await this.get(id);
    if (!submission) return;
    const { studies } = this.ports;
    const truth = await studies.getVersion(submission.accession, 'newest');
    const result = await studies.getVersion(submission.resultAccession, submission.resultVersion);
    if (!truth || !result) return;
    const { scored } = challengeReferences(truth);
    const scores: AnswerScore[] = [];
    for (const reference of scored) {
      const answer = submission.results.find((one) => one.reference === reference.dataset);
      if (!answer) continue;
      try {
        scores.push(await this.scoreAnswer(reference, answer, truth, result, signal));
      } catch (fault) {
        // The queue tries again, for a while; nobody must wait on a board that says nothing.
        if (!signal.aborted && !(fault instanceof FormNotMade))
          await this.keep(id, truth.version, [...scores, { ...answer, reason: faultReason }]);
        throw fault;
      }
    }
    await this.keep(id, truth.version, scores);
  }

  /**
   * Has scored what stands on the board by an earlier version of the challenge, and what has waited for long: a job is tried again a few
   * times only. What is waiting already is not sent twice.
   */
  async scoreStale(submissions: readonly Submission[], version: number): Promise<void> {
    const isStale = ({ state, referenceVersion, createdAt }: Submission) =>
      state === 'queued' ? Date.now() - Date.parse(createdAt) > longestWait : referenceVersion !== version;
    for (const { id } of submissions.filter(isStale))
      await this.ports.jobs.send('score-submission', { submissionId: id }, id);
  }

  private async keep(id: string, version: number, scores: AnswerScore[]): Promise<void> {
    await this.db
      .updateTable('challenge_submission')
      .set({
        state: scores.some((one) => 'score' in one) ? 'scored' : 'failed',
        scores: JSON.stringify(scores),
        reference_version: version,
        scored_at: new Date(),
      })
      .where('id', '=', id)
      .execute();
  }

  private async scoreAnswer(
    { metric, gate, coverage, dataset: reference }: ChallengeReference,
    answer: Answer,
    truth: Pick<StudyVersion, 'accession' | 'version' | 'items' | 'datasets'>,
    result: Pick<StudyVersion, 'accession' | 'version' | 'items' | 'datasets'>,
    signal: AbortSignal,
  ): Promise<AnswerScore> {
    const ofTruth = truth.datasets.find(({ id }) => id === reference);
    const ofResult = result.datasets.find(({ id }) => id === answer.dataset);
    if (!ofTruth || !ofResult) return { ...answer, reason: 'The data set is not in this version of the study.' };
    try {
      const score = await scoreDataset(
        this.ports,
        { metric, gate, coverage },
        { version: truth, dataset: ofTruth },
        { version: result, dataset: ofResult },
        signal,
      );
      return { ...answer, score };
    } catch (fault) {
      if (fault instanceof NotComparable) return { ...answer, reason: fault.message };
      // Forms that were dropped are made again; the queue tries this job later.
      if (fault instanceof FormNotMade)
        for (const [version, dataset] of [
          [truth, ofTruth],
          [result, ofResult],
        ] as const)
          for (const item of itemsOf(version, dataset.quantitativeItems))
            await askToRebuild(this.ports, { accession: version.accession, version: version.version, itemId: item.id });
      throw fault;
    }
  }
}

const itemsOf = ({ items }: Pick<StudyVersion, 'items'>, ids: readonly string[]): StudyItem[] =>
  items.filter(({ id }) => ids.includes(id));

function toSubmission(row: Row): Submission {
  return {
    id: row.id,
    accession: row.accession,
    label: row.label,
    resultAccession: row.result_accession,
    resultVersion: row.result_version,
    results: row.results,
    submittedBy: row.submitted_by,
    state: row.state,
    referenceVersion: row.reference_version,
    scores: row.scores,
    createdAt: row.created_at.toISOString(),
  };
}
