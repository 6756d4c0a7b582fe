import { type Issue, defineIssues } from '@micrarium/model';

/** Why a part of an HDF5 file cannot be had. */
export type Hdf5FaultReason =
  /** No HDF5 signature at 0, 512, 1024, ... */
  | 'not-hdf5'
  /** Bytes that are missing, contradict their check sum, or make no sense. */
  | 'damaged'
  /** A count or size that the file cannot hold. */
  | 'absurd'
  /** Right, but of a kind that is not read: a filter, a virtual dataset, a file in several parts. */
  | 'unsupported'
  /** Nothing lies under this name. */
  | 'missing';

/** What is wrong with the bytes of an HDF5 file; readers turn it into an issue with `issueOfFault`. */
export class Hdf5Fault extends Error {
  override readonly name = 'Hdf5Fault';
  readonly reason: Hdf5FaultReason;
  /** Byte offset in the file, where one place is to blame. */
  readonly offset: number | undefined;

  constructor(reason: Hdf5FaultReason, message: string, offset?: number, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
    this.offset = offset;
  }
}

/** Issues of HDF5 files of any format. */
export const hdf5Issue = defineIssues({
  'hdf5-damaged': {
    severity: 'error',
    meaning: 'A part of the HDF5 file is damaged or cut off. What could be read without it is shown.',
    hint: 'Copy the file again from where it was made; `h5dump` or `h5debug` show how far it is whole.',
  },
  'hdf5-impossible-size': {
    severity: 'error',
    meaning: 'A part of the HDF5 file claims a size that the file cannot hold. It is not read.',
    hint: 'The file is damaged; copy it again from where it was made.',
  },
  'hdf5-not-supported': {
    severity: 'warning',
    meaning:
      'A part of the HDF5 file is stored in a way that is not read here: packed by a filter we do not have, or spread over other files.',
    hint: 'Pack it anew with gzip: `h5repack -f GZIP=4 IN OUT`.',
  },
  'hdf5-part-missing': {
    severity: 'error',
    meaning: 'The HDF5 file lacks a group, dataset or attribute that its format requires.',
    hint: 'Write the file again with the program that made it.',
  },
});

const codes = {
  'not-hdf5': 'hdf5-damaged',
  damaged: 'hdf5-damaged',
  absurd: 'hdf5-impossible-size',
  unsupported: 'hdf5-not-supported',
  missing: 'hdf5-part-missing',
} as const;

/** The issue that tells of a fault; `file` as the user gave it, `field` the path inside the HDF5 file. */
export function issueOfFault(fault: Hdf5Fault, file: string, field?: string): Issue {
  return hdf5Issue(codes[fault.reason], fault.message, {
    where: {
      file,
      ...(field === undefined ? {} : { field }),
      ...(fault.offset === undefined ? {} : { offset: fault.offset }),
    },
  });
}
