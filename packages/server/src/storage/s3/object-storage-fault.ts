/** What went wrong with an object storage, as a caller has to tell it apart. */
export type FaultKind =
  /** There is no such object. */
  | 'missing'
  /** Keys, rights or request were refused; trying again does not help. */
  | 'refused'
  /** No space or quota left. */
  | 'full'
  /** No answer in time, or only temporary failures, however often asked. */
  | 'unreachable'
  /** The storage did not keep, or did not give, the bytes it was asked for. */
  | 'damaged';

const codes: Partial<Record<FaultKind, string>> = { missing: 'ENOENT', full: 'ENOSPC', unreachable: 'EAGAIN' };

/** An object storage did not do what it was asked. */
export class ObjectStorageFault extends Error {
  override readonly name = 'ObjectStorageFault';
  readonly kind: FaultKind;
  /** As the file system names the same thing, so that callers need not know which of the two they have. */
  readonly code: string;
  /** HTTP status of the last answer; 0 where there was none. */
  readonly status: number;

  constructor(kind: FaultKind, message: string, status = 0, options?: ErrorOptions) {
    super(message, options);
    this.kind = kind;
    this.code = codes[kind] ?? 'EIO';
    this.status = status;
  }
}
