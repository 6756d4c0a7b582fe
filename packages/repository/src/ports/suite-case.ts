/**
 * One case of a shared suite. Suites know no test runner: an adapter's test turns each case into a test, so that every implementation
 * of a port is held to the same words.
 */
export interface SuiteCase {
  name: string;
  run(): Promise<void>;
}

/** Text as bytes, for suites. */
export function textBytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** Gives pieces one after the other, as a network does. */
export async function* pieces(...parts: readonly (string | Error)[]): AsyncGenerator<Uint8Array> {
  for (const part of parts) {
    if (part instanceof Error) throw part;
    yield textBytes(part);
  }
}
