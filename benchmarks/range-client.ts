import { Agent, get } from 'node:http';

/*
 * Client of chunk-service.ts, in a process of its own: asks for the same list of things over a number of connections
 * for some seconds and prints how many answers it got. The job is JSON, the only argument.
 */

/** What to ask for. */
export interface RangeJob {
  /** Address everything is asked below, without a slash at the end. */
  base: string;
  requests: readonly { path: string; range?: string }[];
  /** Bytes each answer must have. */
  bytes: number;
  connections: number;
  seconds: number;
}

/** What came back. */
export interface RangeAnswers {
  answers: number;
  seconds: number;
  /** Milliseconds from request to last byte: half and 99 of 100 were quicker. */
  medianMs: number;
  slowestMs: number;
}

function ask(agent: Agent, job: RangeJob, one: RangeJob['requests'][number]): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = one.range === undefined ? {} : { range: one.range };
    const request = get(`${job.base}${one.path}`, { agent, headers }, (answer) => {
      let length = 0;
      answer.on('data', (part: Uint8Array) => (length += part.length));
      answer.on('error', reject);
      answer.on('end', () => {
        const expected = one.range === undefined ? 200 : 206;
        if (answer.statusCode === expected && length === job.bytes) resolve();
        else reject(new Error(`${one.path}: HTTP ${answer.statusCode}, ${length} bytes instead of ${job.bytes}`));
      });
    });
    request.on('error', reject);
  });
}

async function run(job: RangeJob): Promise<RangeAnswers> {
  const agent = new Agent({ keepAlive: true, maxSockets: job.connections });
  const times: number[] = [];
  let next = 0;
  const start = performance.now();
  const until = start + job.seconds * 1000;
  const work = async (): Promise<void> => {
    for (let now = performance.now(); now < until; ) {
      await ask(agent, job, job.requests[next++ % job.requests.length]!);
      const then = performance.now();
      times.push(then - now);
      now = then;
    }
  };
  await Promise.all(Array.from({ length: job.connections }, work));
  const seconds = (performance.now() - start) / 1000;
  agent.destroy();
  times.sort((a, b) => a - b);
  const at = (part: number): number => times[Math.min(times.length - 1, Math.floor(times.length * part))] ?? 0;
  return { answers: times.length, seconds, medianMs: at(0.5), slowestMs: at(0.99) };
}

console.log(JSON.stringify(await run(JSON.parse(process.argv[2]!) as RangeJob)));
