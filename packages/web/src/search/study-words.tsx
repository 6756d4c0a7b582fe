import type { JSX } from 'react';
import { type MessageKey, type text as Text, useText } from '../messages/text.ts';
import { writtenCount } from '../messages/written.ts';

/** A study in a list, as the server gives it. */
export interface Study {
  /** How richly it is described. */
  tier?: 'archive' | 'database' | undefined;
  /** Is the mark of the tier hidden by curators? */
  isBadgeHidden?: boolean | undefined;
  accession: string;
  version: number;
  title: string;
  description: string;
  authors: string[];
  organisms: string[];
  imagingMethods: string[];
  kinds: ('images' | 'tracks' | 'objects' | 'tables')[];
  licence: string;
  publishedAt: string;
  imageCount: number;
  objectCount: number;
  trackCount: number;
  fileCount: number;
  byteCount: number;
  thumbnail?: string | undefined;
  /** What the table of studies shows beside. */
  listing?:
    | {
        project: string;
        released: string;
        updated: string;
        datatype: string;
        basedOn: string;
        imageSets: number;
        quantitativeSets: number;
        paper: string;
        paperUrl?: string | undefined;
      }
    | undefined;
}

/** What is inside, in words: "42 images", "1.2 M objects", "317 tracks"; files where nothing could be read. */
export function contentsOf(study: Study, text: typeof Text): string[] {
  const parts: string[] = [];
  const add = (count: number, key: 'count.images' | 'count.objects' | 'count.tracks' | 'count.files') => {
    if (count > 0) parts.push(`${writtenCount(count)} ${text(key, { count })}`);
  };
  add(study.imageCount, 'count.images');
  add(study.objectCount, 'count.objects');
  add(study.trackCount, 'count.tracks');
  if (parts.length === 0) add(study.fileCount, 'count.files');
  return parts;
}

const kindNames: Readonly<Record<string, MessageKey>> = {
  images: 'kind.images',
  tracks: 'kind.tracks',
  objects: 'kind.objects',
  tables: 'kind.tables',
};

/** A filter's value as people read it: kinds of data in their language, licences by their usual name. */
export function writtenFacet(facet: string, value: string, text: typeof Text): string {
  if (facet === 'kind' && kindNames[value]) return text(kindNames[value]);
  if (facet === 'tier') return text(value === 'database' ? 'facet.tierDatabase' : 'facet.tierArchive');
  return facet === 'licence' ? writtenLicence(value) : value;
}

/** A licence as people know it: `CC-BY-NC-4.0` is CC BY-NC 4.0. */
export function writtenLicence(spdx: string): string {
  return spdx
    .replace(/^CC-/, 'CC ')
    .replace(/^CC0-/, 'CC0 ')
    .replace(/-(\d+\.\d+)$/, ' $1');
}

/** The first three authors, and how many more. */
export function writtenAuthors(authors: readonly string[]): string {
  return authors.length <= 3 ? authors.join(', ') : `${authors.slice(0, 3).join(', ')} +${authors.length - 3}`;
}

/** Names of species in italics. */
export function Organisms({ names }: { names: readonly string[] }): JSX.Element {
  return (
    <>
      {names.map((name, index) => (
        <span key={name}>
          {index > 0 ? ', ' : ''}
          {/^[A-Z][a-z]+ [a-z]/.test(name) ? (
            <em className="sp" lang="la">
              {name}
            </em>
          ) : (
            name
          )}
        </span>
      ))}
    </>
  );
}

/** The study's picture, or a dark frame with words where there is none. */
export function StudyPicture({ study }: { study: Study }): JSX.Element {
  const text = useText();
  return study.thumbnail === undefined ? (
    <span className="nopic">{text('search.noPicture')}</span>
  ) : (
    <img className="pic" src={study.thumbnail} alt="" loading="lazy" />
  );
}
