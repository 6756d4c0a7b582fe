import type { HeldBack } from '../../scans/quarantine.ts';
import type { IssueTexts, Language, Translate } from '@micrarium/api';
import { type StudyFile, type StudyItem, versionLabel } from '@micrarium/model';
import type { AccessLevel, ClassBalance, ListedVersion, Loss, SetLosses } from '@micrarium/repository';
import type { DataUse } from '@micrarium/standards';
import type { BundleSheets } from '../frame/page-sheets.ts';
import type { SimilarStudy } from '../../similar/similar-studies.ts';
import type { Question } from '../../questions/questions.ts';
import type { CheckedReference } from '../../references/reference-report.ts';
import type { Reuse } from '../../questions/reuses.ts';
import type { HiddenBadge } from '../../states/study-states.ts';
import type { ShownUsage } from '../../usage/usage-report.ts';
import type { citedAdditions, MadeOf } from '../addition-routes.ts';
import type { FoundVersion } from '../study-access.ts';

/** Everything a landing page shows. */
export interface LandingData {
  language: Language;
  text: Translate;
  sheets: BundleSheets;
  /** Texts of issue codes, where the language of the page is not that in which issues are made. */
  issueTexts: IssueTexts | undefined;
  /** Origin of the server, without a trailing slash. */
  origin: string;
  version: FoundVersion;
  files: readonly (StudyFile & { quarantined?: HeldBack; lost?: Loss })[];
  /** Files that figures name and no item does that the version holds; left out where there are none. */
  alsoFiles?: readonly string[];
  /** The first of the files that stay where they are. */
  references?: readonly CheckedReference[];
  /** Of all such files of the version, how many were last found to be missing or changed. */
  wrongReferences?: { missing: number; changed: number };
  /** Address of the next files, where there are more. */
  moreFiles?: string;
  /** Place of the first data set on this page, counted from 0; left out where it is the first. */
  datasetsFrom?: number;
  /** Are these the files from the first on? */
  isFirstFiles: boolean;
  /** Newest first. */
  versions: readonly ListedVersion[];
  /** Day from which the files are open, where they are not yet. */
  closedUntil?: string;
  /** Day since which the files are open, where they were not from the publication on. */
  openedOn?: string | undefined;
  /** Does nobody but those inside know of the study until then? */
  isUnheardOf?: boolean;
  /** Ethics statement of a study whose files are given on request; `''` where there is none. */
  onRequest?: string;
  /** Who reads files that are not open to everybody; left out where they are, and under embargo. */
  level?: AccessLevel;
  /** Whom to ask about files that nobody reads here. */
  contact?: string;
  /** Is the page shown to somebody for whom files that are closed until a day are open? */
  isInside?: boolean;
  /** Of such a study the items that everybody may read; left out where there are none. */
  openParts?: readonly StudyItem[];
  /** Items that a level of their own lets more people read than the others; left out where there are none. */
  parts?: readonly { level: 'registered' | 'controlled'; items: readonly StudyItem[] }[];
  /** Items whose pictures a curator declared safe although they are closed. */
  safePictures?: ReadonlySet<string>;
  /** Why, and since when, the mark of the database tier is hidden. */
  hiddenBadge?: HiddenBadge;
  /** For what the data may be used, as it was declared. */
  dataUse?: readonly DataUse[];
  /** Shown by a private link, until this moment, because it is not published. */
  privateUntil?: string;
  /** Files that a private link without names leaves out, for persons are named inside them. */
  leftOut?: number;
  /** Read by a link that gives out no files. */
  isOnlyLooked?: boolean;
  /** How much it was used; left out of what is not published. */
  usage?: ShownUsage;
  /** What it says it was made of. */
  madeOf?: readonly MadeOf[];
  /** Annotations and re-analyses of others, newest first. */
  additions?: Awaited<ReturnType<typeof citedAdditions>>;
  /** Communities that accepted it. */
  communities?: readonly { slug: string; title: string }[];
  /** Collections it is in. */
  collections?: readonly { id: string; title: string }[];
  /** Where the study was sent on to. */
  sentOn: readonly { accession: string; url: string }[];
  /** When all bytes of the study were last read and compared; left out before the first time. */
  verified?: { at: string; isWhole: boolean };
  citation: { text: string; bibtex: string; ris: string };
  /** Where this installation registers DOIs: that of the study in all versions, and those of data sets, with how these are cited. */
  dois?: { concept?: string; datasets: readonly { dataset: string; doi: string; citation: string }[] };
  schemaOrg: object;
  /** Links for programs, as they stand in the header of the answer too. */
  links: readonly { rel: string; href: string; type?: string }[];
  /** Studies of like kind. */
  similar?: readonly SimilarStudy[];
  /** Balance of classes of the training material; left out where there is none, or its files are closed. */
  balance?: ClassBalance;
  /** Confirmed uses of the data, newest first. */
  reuses?: readonly Reuse[];
  /** Questions that everybody reads, oldest first. */
  questions?: readonly Question[];
  /** Account of who deposited it, where it is open: it has a profile page. */
  depositor?: string;
  /** What each form cannot hold of the tracks of an item; an item is left out until it is counted. */
  losses: ReadonlyMap<string, readonly SetLosses[]>;
}

/** Can whoever reads the page not have the bytes of an item? */
export function isClosedItem(data: LandingData, { id }: Pick<StudyItem, 'id'>): boolean {
  const { closedUntil, onRequest, isInside = false, openParts = [] } = data;
  if (onRequest === undefined) return closedUntil !== undefined && !isInside;
  return !openParts.some((one) => one.id === id);
}

/** May whoever reads the page see no picture of an item? */
export const isClosedPicture = (data: LandingData, item: Pick<StudyItem, 'id'>): boolean =>
  isClosedItem(data, item) && data.safePictures?.has(item.id) !== true;

/** Path of this version's page: of the revision of its metadata, where there are any. */
export const pagePath = (version: FoundVersion) => `/studies/${version.accession}/v/${versionLabel(version)}`;

/** Path of this version in the REST interface. */
export const apiPath = (version: FoundVersion) => `/api/v1/studies/${version.accession}/versions/${version.version}`;

/** What is added to an address of the interface to have this revision of the metadata. */
export const minorQuery = ({ minor }: FoundVersion, mark: '?' | '&' = '?') =>
  minor === undefined ? '' : `${mark}minor=${minor}`;

/** What came before: the revision before this one, or else the version before. `undefined` for the first. */
export function labelBefore({ version, minor = 0 }: FoundVersion): string | undefined {
  if (minor > 0) return versionLabel({ version, minor: minor - 1 });
  return version > 1 ? String(version - 1) : undefined;
}

const encodePath = (path: string) => path.split('/').map(encodeURIComponent).join('/');

/** Path of a file's bytes. */
export const filePath = (version: FoundVersion, path: string) => `${apiPath(version)}/files/${encodePath(path)}`;

/** Path of a stored form of an item. */
export const contentPath = (version: FoundVersion, item: string, path: string) =>
  `${apiPath(version)}/items/${item}/content/${encodePath(path)}`;

/** Path of an export of an item. */
export function exportPath(
  version: FoundVersion,
  item: string,
  form: string,
  which: { part?: number; image?: number } = {},
): string {
  const query = new URLSearchParams(Object.entries(which).map(([key, value]) => [key, String(value)]));
  return `${apiPath(version)}/items/${item}/export/${form}${query.size > 0 ? `?${query}` : ''}`;
}

/** How many files a version has, with their size together. */
export function fileCountText({ version, text, language }: LandingData): string {
  const size = sizeText(version.byteCount, language);
  return version.fileCount === 1
    ? text('study.fileCountOne', { size })
    : text('study.fileCount', { count: version.fileCount, size });
}

const byteUnits = ['B', 'kB', 'MB', 'GB', 'TB', 'PB'];

/** A size as people read it, as `writtenBytes` of the interface writes it: powers of ten, three figures. */
export function sizeText(bytes: number, language: Language): string {
  let step = 0;
  let value = bytes;
  while (value >= 999.5 && step < byteUnits.length - 1) {
    value /= 1000;
    step++;
  }
  const number = formatOf(
    `${language} figures`,
    () => new Intl.NumberFormat(language, { maximumSignificantDigits: 3 }),
  ).format(value);
  return `${number} ${byteUnits[step]}`;
}

const formats = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat>();

/** A format, made once: making one costs more than all that a page writes with it. */
function formatOf<Format extends Intl.NumberFormat | Intl.DateTimeFormat>(key: string, make: () => Format): Format {
  const known = formats.get(key) ?? make();
  formats.set(key, known);
  return known as Format;
}

/** A number as the language writes it. */
export const numberText = (value: number, language: Language): string =>
  formatOf(`${language} number`, () => new Intl.NumberFormat(language)).format(value);

/** A day as the language writes it, in UTC so that every reader sees the same. */
export function dayText(iso: string, language: Language): string {
  const day = new Date(iso);
  if (Number.isNaN(day.getTime())) return iso;
  return formatOf(
    `${language} day`,
    () =>
      new Intl.DateTimeFormat(language === 'en' ? 'en-GB' : language, {
        dateStyle: 'medium',
        timeZone: 'UTC',
      }),
  ).format(day);
}

/** Words one after another, with the comma of the language. */
export const listed = (parts: readonly string[], language: Language): string =>
  parts.join(language === 'ja' ? '、' : ', ');

/** Index of the first image of an item that a picture was made of; `undefined` where there is none. */
export function pictureOf(item: StudyItem): number | undefined {
  const made = item.conversions.find((one) => one.outputs.some((output) => output.path.endsWith('.thumbnail.png')));
  const image = made?.parameters['image'];
  return typeof image === 'number' ? image : undefined;
}

/** Can the viewer show the item? It needs an image in the form it reads. */
export function isViewable(item: StudyItem): boolean {
  return item.images.length > 0 && item.conversions.some((one) => typeof one.parameters['image'] === 'number');
}

/** Items shown with the forms they can be taken away in. */
export const itemsToTake = (version: FoundVersion): StudyItem[] =>
  version.items.filter((item) => item.trackSets.length > 0 || item.tables || isViewable(item)).slice(0, 50);

/** The item whose film stands at the top: one with tracks if there is one. */
export function leadingItem(version: FoundVersion): StudyItem | undefined {
  const films = version.items.filter((item) => pictureOf(item) !== undefined);
  return films.find((item) => version.pairs.some((pair) => pair.imageItem === item.id)) ?? films[0];
}
