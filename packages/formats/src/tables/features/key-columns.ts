import type { FeatureKey } from '@micrarium/model';
import { plainName } from '../delimited/mapping.ts';

/** Names of key columns seen in real tables, plain (see `plainName`). */
const names: readonly (readonly [FeatureKey, RegExp])[] = [
  ['object', /^((object|cell|nucleus|nuclei|spot|track|roi) ?(id|number|no|nr|index)|objectnumber|object|cell|label)$/],
  ['image', /^(image( ?(id|number|no|name|file|file name))?|imagenumber|file ?name|file|film|movie|field( ?id)?)$/],
  ['well', /^(well( ?(id|name|position|no|number|label))?|metadata well)$/],
  ['plate', /^(plate( ?(id|name|barcode|no|number))?|metadata plate|barcode)$/],
  [
    'gene',
    /^((gene|locus)( ?(symbol|id|name|tag))?|target gene|ensembl( ?(id|gene|gene id))?|entrez( ?(id|gene|gene id))?|refseq( ?id)?)$/,
  ],
  [
    'sample',
    /^((sample|specimen|animal|donor|patient|subject|embryo|fish|mouse|strain|clone|biosample)( ?(id|name|no|number|code))?|source name)$/,
  ],
];

/** What a column names, by its header; `undefined` for a column of values. */
export function keyOfColumn(name: string): FeatureKey | undefined {
  const plain = plainName(name);
  return names.find(([, pattern]) => pattern.test(plain))?.[0];
}

/**
 * A well as plates name them: row A to AF (1536 wells have 32 rows) and column 1 to 48; `undefined` for anything else.
 * Zeros before the column do not count: `b03` is `B3`.
 */
export function wellName(text: string): string | undefined {
  const match = /^([A-Z]|A[A-F])[-_ ]?0*([1-9]\d?)$/i.exec(text.trim());
  return match && Number(match[2]) <= 48 ? `${match[1]!.toUpperCase()}${Number(match[2])}` : undefined;
}
