import type { FileSink } from '@micrarium/formats';
import type { WrittenOutput } from './hashing-sink.ts';
import type { DerivedStore } from './ports/derived-store.ts';

/** Name of the file in every form that says what the form is. */
const describedIn = 'form.json';

/**
 * Makes a form, or finds it made: what was learned while making it lies in the form itself, so that the second time gives the same answer.
 * A form of which files were lost or cut off is made anew.
 * @param make writes the form's files and gives what was learned
 * @param signal where it ends the work, archives that were begun are gone on with the next time
 */
export async function buildForm<Learned extends { outputs: WrittenOutput[] }>(
  derived: DerivedStore,
  key: string,
  make: (sink: FileSink) => Promise<Learned>,
  signal?: AbortSignal,
): Promise<Learned> {
  if (await isDamaged(derived, key)) await derived.drop(key);
  const build = async (sink: FileSink): Promise<void> => {
    const learned = await make(sink);
    const file = await sink.create(describedIn);
    await file.write(new TextEncoder().encode(JSON.stringify(learned)));
    await file.close();
  };
  await derived.build(key, build, { signal });
  const learned = await readDescription<Learned>(derived, key);
  if (!learned) throw new FormVanished(key);
  return learned;
}

/** What was learned making a form, out of the form itself; `undefined` where it is not there. */
export async function readDescription<Learned>(derived: DerivedStore, key: string): Promise<Learned | undefined> {
  const source = await derived.open(key, describedIn);
  try {
    return source && (JSON.parse(new TextDecoder().decode(await source.read(0, source.size))) as Learned);
  } finally {
    await source?.close();
  }
}

/** Is a form there of which a file is gone or was cut off? It would never be made again: its place is taken. */
async function isDamaged(derived: DerivedStore, key: string): Promise<boolean> {
  const files = await derived.list(key);
  if (!files) return false;
  const sizes = new Map(files.map(({ path, size }) => [path, size]));
  try {
    const learned = await readDescription<{ outputs: WrittenOutput[] }>(derived, key);
    return !learned || learned.outputs.some(({ path, size }) => sizes.get(path) !== size);
  } catch {
    return true;
  }
}

/** A form was dropped between being made and being read. Repeating helps. */
export class FormVanished extends Error {
  override readonly name = 'FormVanished';

  constructor(key: string) {
    super(`The form ${key} was dropped while it was being made`);
  }
}
