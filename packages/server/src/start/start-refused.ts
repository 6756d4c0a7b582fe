/** The server cannot start, for a reason the person at the terminal can do something about. The message is a sentence for them. */
export class StartRefused extends Error {
  override readonly name = 'StartRefused';
}
