import type { FileSink } from '@micrarium/formats';
import type { WrittenOutput } from './hashing-sink.ts';
import type { DerivedStore } from './ports/derived-store.ts';

/** Name of the file in every form that says what the form is. */
const describedIn = 'form.json';

/**
 * Makes a form, or finds it made: what was learned while making it lies in the form itself, so that the second time gives the same answer.
 * @param make writes the form's files and gives what was learned
 */
export async function buildForm<Learned extends { outputs: WrittenOutput[] }>(
  derived: DerivedStore,
  key: string,
  make: (sink: FileSink) => Promise<Learned>,
): Promise<Learned> {
  await derived.build(key, async (sink) => {
    const learned = await make(sink);
    const file = await sink.create(describedIn);
    await file.write(new TextEncoder().encode(JSON.stringify(learned)));
    await file.close();
  });
  const source = await derived.open(key, describedIn);
  if (!source) throw new FormVanished(key);
  try {
    return JSON.parse(new TextDecoder().decode(await source.read(0, source.size))) as Learned;
  } finally {
    await source.close();
  }
}

/** A form was dropped between being made and being read. Repeating helps. */
export class FormVanished extends Error {
  override readonly name = 'FormVanished';

  constructor(key: string) {
    super(`The form ${key} was dropped while it was being made`);
  }
}
