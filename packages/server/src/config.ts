import { accessSync, constants, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { z } from 'zod';
import type { DataCiteAccount } from './dois/datacite.ts';
import { type OidcProvider, oidcProviders } from './auth/oidc.ts';
import type { PublicationSources } from './outside/publications.ts';
import type { MailAccount } from './notices/outbox.ts';
import { type ClamdAddress, clamdAddress, nameOfClamd } from './scans/clamd.ts';
import { Proxies } from './http/proxies.ts';
import { StartRefused } from './start/start-refused.ts';
import type { BucketSettings } from './storage/index.ts';
import { readTraceSettings, type TraceSettings } from './tracing/trace-settings.ts';

/** Everything that can be set about a server; read once, at start. */
export interface ServerConfig {
  /** Folder of all data, absolute. */
  data: string;
  host: string;
  /** First port tried; the next free one is taken, and printed. 0: any. */
  port: number;
  databaseUrl?: string;
  /** Bucket that holds all bytes instead of the data folder. */
  bucket?: BucketSettings;
  /** Bytes of objects of the bucket that are kept on this machine for programs that need a path. */
  copiedBytes: number;
  /** Which part of the work this process does: answer, run jobs in a worker beside, or both. */
  role: 'all' | 'web' | 'worker';
  /** Secret that sessions are signed with, where several processes share it; else each data folder has one of its own. */
  secret?: string;
  /** Tell others what waits for them (mails, webhooks, DOIs), and keep the second copy; a restored copy that is only looked at does not. */
  tellsOthers: boolean;
  /** Deposit the demonstration study at first start. */
  demo: boolean;
  /** Serve the pages drawn in the browser; without, the interface and the pages of studies only. */
  pages: boolean;
  /** Public address, where it differs from what the server listens on (behind a proxy). No trailing slash. */
  publicUrl?: string;
  /** Whom harvesters and people write to; told to everybody. */
  contactEmail?: string;
  /** Origin that serves the files of published, open studies and nothing else; left out: they come from ours. */
  filesOrigin?: string;
  /** Largest upload in bytes. */
  maxUploadBytes: number;
  /** Bytes of the disk that uploads leave free; left out, 5 GB or a twentieth of it, whichever is less. */
  diskReserve?: number;
  /** Jobs of one kind run at once. */
  workers: number;
  /** Program that reads images we do not, and what a run of it may take. */
  bioformats2raw?: { program: string; minutes: number; gigabytes: number };
  /** Folder of the second copy of everything that is published, absolute; best on another disk. */
  copy?: string;
  /** Must a curator approve a draft before it is published? */
  review: boolean;
  /** Must curators, who decides on access and the owner show a second factor before their role counts? */
  secondFactor: 'required' | 'offered';
  /** Providers people may sign in with besides a password. */
  oidc: OidcProvider[];
  /** Does whom a provider vouches for get an account without an invitation? */
  oidcSignUp: boolean;
  /** Account by which DOIs are registered; without one none are. */
  datacite?: DataCiteAccount;
  /** Services that pasted DOIs and PubMed ids are looked up at; none unless named. */
  publications: PublicationSources;
  /** Address of a lookup service for terms with the interface of OLS4; none unless named. */
  ols?: string;
  /** Mail server by which people are told; without one they are told on the page only. */
  mail?: MailAccount;
  /** What one statement of SQL may take. */
  sql: { seconds: number; megabytes: number; threads: number };
  /** Proxies whose word about where a request comes from is believed. */
  proxies: Proxies;
  /** Table of countries by address, and a newer list of robots, for counts of usage. */
  countries?: string;
  robots?: string;
  /** Whoever sends it may read `/metrics`; without one there is none. */
  metricsToken?: string;
  /** Is each answer told on standard output, in one line of JSON? */
  jsonLog: boolean;
  /** Where traces are sent, and which; left out, none are kept. */
  traces?: TraceSettings;
  /** Every stored byte is read again within this many days. */
  fixityDays: number;
  /** Bytes a scheduled check reads in a second, at most. */
  fixityBytesPerSecond: number;
  /** Folder with a folder for each person, of which they bring files into their drafts; absolute. */
  dropFolder?: string;
  /** Virus scanner that files of drafts are searched by. */
  clamd?: ClamdAddress;
  /** File of passwords known from breaches. */
  passwordList?: string;
  /** Hosts (`name` or `name:port`) that files may be brought from though they lie in a closed network. */
  importHosts: readonly string[];
  /** Files that stay elsewhere are asked for again within this many days. */
  referenceDays: number;
  /** Bytes of such files that are read in a day to compare digests, at most; 0: none. */
  referenceBytesPerDay: number;
}

/** What a start may say besides the environment; a flag counts more than the environment. */
export interface ServerFlags {
  data?: string;
  host?: string;
  port?: number;
  databaseUrl?: string;
  demo?: boolean;
}

const switchText = z.enum(['on', 'off', 'true', 'false', '1', '0', 'yes', 'no']);
const isOn = (text: z.output<typeof switchText> = 'on') => !['off', 'false', '0', 'no'].includes(text);
const environment = z.object({
  MICRARIUM_DATA: z.string().min(1).optional(),
  MICRARIUM_HOST: z.string().min(1).optional(),
  MICRARIUM_PORT: z.coerce.number().int().min(0).max(65_535).optional(),
  DATABASE_URL: z
    .url({ protocol: /^postgres(ql)?$/ })
    .optional()
    .or(z.literal('').transform(() => undefined)),
  MICRARIUM_S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  MICRARIUM_S3_BUCKET: z
    .string()
    .regex(/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'a name of 3 to 63 small letters, digits, dots and hyphens')
    .optional(),
  MICRARIUM_S3_REGION: z.string().min(1).optional(),
  MICRARIUM_S3_ACCESS_KEY: z.string().min(1).optional(),
  MICRARIUM_S3_SECRET_KEY_FILE: z.string().min(1).optional(),
  MICRARIUM_S3_PREFIX: z
    .string()
    .regex(/^[\w.-]+(\/[\w.-]+)*\/?$/, 'letters, digits, dots and hyphens, with slashes between')
    .optional(),
  MICRARIUM_S3_VIRTUAL_HOST: switchText.optional(),
  MICRARIUM_S3_PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  MICRARIUM_S3_COPIES_GB: z.coerce.number().positive().max(1_000_000).optional(),
  MICRARIUM_ROLE: z.enum(['all', 'web', 'worker']).optional(),
  MICRARIUM_SECRET_FILE: z.string().min(1).optional(),
  MICRARIUM_OUTBOX: switchText.optional(),
  MICRARIUM_DEMO: switchText.optional(),
  MICRARIUM_PAGES: switchText.optional(),
  MICRARIUM_URL: z.url({ protocol: /^https?$/ }).optional(),
  MICRARIUM_FILES_ORIGIN: z.url({ protocol: /^https?$/ }).optional(),
  MICRARIUM_CONTACT: z.email().optional(),
  MICRARIUM_DISK_RESERVE_GB: z.coerce.number().min(0).max(1_000_000).optional(),
  MICRARIUM_MAX_UPLOAD_GB: z.coerce.number().positive().max(1_000_000).optional(),
  MICRARIUM_OIDC_SIGN_UP: switchText.optional(),
  MICRARIUM_REVIEW: switchText.optional(),
  MICRARIUM_CROSSREF_URL: z.url({ protocol: /^https?$/ }).optional(),
  MICRARIUM_PUBMED_URL: z.url({ protocol: /^https?$/ }).optional(),
  MICRARIUM_OLS_URL: z.url({ protocol: /^https?$/ }).optional(),
  MICRARIUM_DATACITE_URL: z.url({ protocol: /^https?$/ }).optional(),
  MICRARIUM_DATACITE_REPOSITORY: z.string().min(1).optional(),
  MICRARIUM_DATACITE_PASSWORD_FILE: z.string().min(1).optional(),
  MICRARIUM_DATACITE_PREFIX: z
    .string()
    .regex(/^10\.\d{4,9}$/, 'a prefix such as 10.5072')
    .optional(),
  MICRARIUM_SECOND_FACTOR: z.enum(['required', 'offered']).optional(),
  MICRARIUM_PASSWORD_LIST: z.string().min(1).optional(),
  MICRARIUM_CLAMD: z
    .string()
    .refine(
      (text) => clamdAddress(text) !== undefined,
      'host:port, or the path of a socket such as /run/clamav/clamd.ctl',
    )
    .optional(),
  MICRARIUM_SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MICRARIUM_SMTP_PASSWORD_FILE: z.string().min(1).optional(),
  MICRARIUM_MAIL_FROM: z.string().min(3).max(320).optional(),
  MICRARIUM_COPY: z.string().min(1).optional(),
  MICRARIUM_FIXITY_DAYS: z.coerce.number().positive().max(3650).optional(),
  MICRARIUM_FIXITY_MB_PER_SECOND: z.coerce.number().positive().max(100_000).optional(),
  MICRARIUM_REFERENCE_DAYS: z.coerce.number().positive().max(3650).optional(),
  MICRARIUM_REFERENCE_GB_PER_DAY: z.coerce.number().min(0).max(10_000_000).optional(),
  MICRARIUM_DROP_FOLDER: z.string().min(1).optional(),
  MICRARIUM_IMPORT_HOSTS: z
    .string()
    .regex(/^\s*[\w.-]+(:\d{1,5})?(\s*,\s*[\w.-]+(:\d{1,5})?)*\s*$/, 'names of hosts, with commas between')
    .optional(),
  MICRARIUM_SQL_SECONDS: z.coerce.number().positive().max(3600).optional(),
  MICRARIUM_SQL_MB: z.coerce.number().int().min(64).max(1_000_000).optional(),
  MICRARIUM_PROXIES: z.string().optional(),
  MICRARIUM_COUNTRIES: z.string().min(1).optional(),
  MICRARIUM_ROBOTS: z.string().min(1).optional(),
  MICRARIUM_METRICS_TOKEN: z.string().min(16, 'at least 16 characters').optional(),
  MICRARIUM_LOG: z.enum(['text', 'json']).optional(),
  MICRARIUM_WORKERS: z.coerce.number().int().min(1).max(64).optional(),
  MICRARIUM_BIOFORMATS2RAW: z.string().min(1).optional(),
  MICRARIUM_BIOFORMATS2RAW_MINUTES: z.coerce.number().positive().max(100_000).optional(),
  MICRARIUM_BIOFORMATS2RAW_GB: z.coerce.number().positive().max(1_000_000).optional(),
});

/**
 * Reads flags and environment.
 * @throws StartRefused naming the variable that does not fit
 */
export function readConfig(
  flags: ServerFlags = {},
  env: Record<string, string | undefined> = process.env,
): ServerConfig {
  const read = environment.safeParse(env);
  if (!read.success) {
    const lines = read.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new StartRefused(`These settings do not fit:\n${lines.join('\n')}`);
  }
  const from = read.data;
  if (from.MICRARIUM_BIOFORMATS2RAW !== undefined) refuseUnlessProgram(from.MICRARIUM_BIOFORMATS2RAW);
  const { providers, missing } = oidcProviders(env);
  if (missing.length > 0) throw new StartRefused(`A sign-in provider is named without ${missing.join(', ')}`);
  const tellsOthers = isOn(from.MICRARIUM_OUTBOX);
  const datacite = tellsOthers ? dataCiteAccount(from) : undefined;
  const mail = tellsOthers ? mailAccount(from) : undefined;
  const databaseUrl = flags.databaseUrl ?? from.DATABASE_URL;
  const bucket = bucketSettings(from);
  const secret = sharedSecret(from.MICRARIUM_SECRET_FILE);
  const filesOrigin = originOfFiles(from);
  const traces = readTraceSettings(env);
  if (bucket && databaseUrl === undefined)
    throw new StartRefused(
      'MICRARIUM_S3_BUCKET needs DATABASE_URL beside it: what lies in the bucket is shared, so must its catalogue be',
    );
  if (from.MICRARIUM_ROLE !== undefined && from.MICRARIUM_ROLE !== 'all' && !bucket)
    throw new StartRefused('MICRARIUM_ROLE needs DATABASE_URL and MICRARIUM_S3_BUCKET: processes share nothing else');

  return {
    data: resolve(flags.data ?? from.MICRARIUM_DATA ?? 'data'),
    host: flags.host ?? from.MICRARIUM_HOST ?? '127.0.0.1',
    port: flags.port ?? from.MICRARIUM_PORT ?? 8080,
    ...(databaseUrl === undefined ? {} : { databaseUrl }),
    ...(bucket ? { bucket } : {}),
    ...(secret === undefined ? {} : { secret }),
    copiedBytes: (from.MICRARIUM_S3_COPIES_GB ?? 20) * 1e9,
    role: from.MICRARIUM_ROLE ?? 'all',
    tellsOthers,
    demo: flags.demo ?? isOn(from.MICRARIUM_DEMO),
    pages: isOn(from.MICRARIUM_PAGES),
    ...(from.MICRARIUM_URL === undefined ? {} : { publicUrl: from.MICRARIUM_URL.replace(/\/+$/, '') }),
    ...(from.MICRARIUM_CONTACT === undefined ? {} : { contactEmail: from.MICRARIUM_CONTACT }),
    ...(filesOrigin === undefined ? {} : { filesOrigin }),
    ...(from.MICRARIUM_DISK_RESERVE_GB === undefined ? {} : { diskReserve: from.MICRARIUM_DISK_RESERVE_GB * 1e9 }),
    maxUploadBytes: Math.round((from.MICRARIUM_MAX_UPLOAD_GB ?? 2_000) * 1e9),
    workers: from.MICRARIUM_WORKERS ?? 1,
    ...(from.MICRARIUM_BIOFORMATS2RAW === undefined
      ? {}
      : {
          bioformats2raw: {
            program: resolve(from.MICRARIUM_BIOFORMATS2RAW),
            minutes: from.MICRARIUM_BIOFORMATS2RAW_MINUTES ?? 120,
            gigabytes: from.MICRARIUM_BIOFORMATS2RAW_GB ?? 200,
          },
        }),
    ...(from.MICRARIUM_CLAMD === undefined ? {} : { clamd: clamdAddress(from.MICRARIUM_CLAMD)! }),
    ...(from.MICRARIUM_COPY === undefined || !tellsOthers ? {} : { copy: resolve(from.MICRARIUM_COPY) }),
    ...(from.MICRARIUM_DROP_FOLDER === undefined ? {} : { dropFolder: resolve(from.MICRARIUM_DROP_FOLDER) }),
    importHosts: (from.MICRARIUM_IMPORT_HOSTS ?? '')
      .split(',')
      .map((host) => host.trim().toLowerCase())
      .filter((host) => host !== ''),
    ...(from.MICRARIUM_PASSWORD_LIST === undefined ? {} : { passwordList: resolve(from.MICRARIUM_PASSWORD_LIST) }),
    review: from.MICRARIUM_REVIEW !== undefined && isOn(from.MICRARIUM_REVIEW),
    // Reached by https it is no trial on one's own machine: others know of it.
    secondFactor: from.MICRARIUM_SECOND_FACTOR ?? (from.MICRARIUM_URL?.startsWith('https:') ? 'required' : 'offered'),
    oidc: providers,
    ...(datacite ? { datacite } : {}),
    ...(mail ? { mail } : {}),
    publications: publicationSources(from),
    ...(from.MICRARIUM_OLS_URL === undefined ? {} : { ols: from.MICRARIUM_OLS_URL.replace(/\/+$/, '') }),
    oidcSignUp: from.MICRARIUM_OIDC_SIGN_UP !== undefined && isOn(from.MICRARIUM_OIDC_SIGN_UP),
    sql: { seconds: from.MICRARIUM_SQL_SECONDS ?? 20, megabytes: from.MICRARIUM_SQL_MB ?? 1000, threads: 2 },
    proxies: believedProxies(from),
    ...(from.MICRARIUM_COUNTRIES === undefined ? {} : { countries: resolve(from.MICRARIUM_COUNTRIES) }),
    ...(from.MICRARIUM_ROBOTS === undefined ? {} : { robots: resolve(from.MICRARIUM_ROBOTS) }),
    ...(from.MICRARIUM_METRICS_TOKEN === undefined ? {} : { metricsToken: from.MICRARIUM_METRICS_TOKEN }),
    jsonLog: from.MICRARIUM_LOG === 'json',
    ...(traces === undefined ? {} : { traces }),
    fixityDays: from.MICRARIUM_FIXITY_DAYS ?? 90,
    fixityBytesPerSecond: (from.MICRARIUM_FIXITY_MB_PER_SECOND ?? 50) * 1e6,
    referenceDays: from.MICRARIUM_REFERENCE_DAYS ?? 7,
    referenceBytesPerDay: Math.round((from.MICRARIUM_REFERENCE_GB_PER_DAY ?? 20) * 1e9),
  };
}

/** Proxies that are named; with a public address and none named, those of this machine. */
function believedProxies({ MICRARIUM_PROXIES: named, MICRARIUM_URL: home }: z.output<typeof environment>): Proxies {
  const list = named?.split(',').map((one) => one.trim()) ?? (home === undefined ? [] : ['127.0.0.0/8', '::1']);
  try {
    return new Proxies(list.filter((one) => one !== ''));
  } catch (cause) {
    throw new StartRefused(`MICRARIUM_PROXIES: ${(cause as Error).message}`, { cause });
  }
}

/** The bucket, where one is named in full. The secret key is read from a file: it stands in no environment and no log. */
function bucketSettings(from: z.output<typeof environment>): BucketSettings | undefined {
  const { MICRARIUM_S3_BUCKET: bucket, MICRARIUM_S3_ENDPOINT: endpoint } = from;
  const { MICRARIUM_S3_ACCESS_KEY: accessKeyId, MICRARIUM_S3_SECRET_KEY_FILE: file } = from;
  if (bucket === undefined && endpoint === undefined) return undefined;
  if (bucket === undefined || endpoint === undefined || accessKeyId === undefined || file === undefined)
    throw new StartRefused(
      'A bucket needs MICRARIUM_S3_ENDPOINT, MICRARIUM_S3_BUCKET, MICRARIUM_S3_ACCESS_KEY and MICRARIUM_S3_SECRET_KEY_FILE',
    );
  const prefix = from.MICRARIUM_S3_PREFIX?.replace(/\/$/, '');
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    bucket,
    region: from.MICRARIUM_S3_REGION ?? 'us-east-1',
    accessKeyId,
    secretAccessKey: secretIn('MICRARIUM_S3_SECRET_KEY_FILE', file),
    prefix: prefix === undefined ? '' : `${prefix}/`,
    isVirtualHost: from.MICRARIUM_S3_VIRTUAL_HOST !== undefined && isOn(from.MICRARIUM_S3_VIRTUAL_HOST),
    ...(from.MICRARIUM_S3_PUBLIC_URL === undefined
      ? {}
      : { publicEndpoint: from.MICRARIUM_S3_PUBLIC_URL.replace(/\/+$/, '') }),
  };
}

/** The origin of files, where one is named: by another name than the pages, for cookies know no ports. */
function originOfFiles(from: z.output<typeof environment>): string | undefined {
  const { MICRARIUM_FILES_ORIGIN: named, MICRARIUM_URL: home } = from;
  if (named === undefined) return undefined;
  const files = new URL(named);
  if (files.href !== `${files.origin}/`)
    throw new StartRefused('MICRARIUM_FILES_ORIGIN is protocol and name alone, such as https://files.example.org');
  if (home === undefined)
    throw new StartRefused('MICRARIUM_FILES_ORIGIN needs MICRARIUM_URL beside it, where the pages are');
  const pages = new URL(home);
  if (pages.hostname === files.hostname)
    throw new StartRefused(
      'MICRARIUM_FILES_ORIGIN must have another name than MICRARIUM_URL: browsers send cookies to a name',
    );
  if (pages.protocol === 'https:' && files.protocol !== 'https:')
    throw new StartRefused(
      'MICRARIUM_FILES_ORIGIN must be https, as MICRARIUM_URL is: browsers load nothing else into its pages',
    );
  return files.origin;
}

function sharedSecret(file: string | undefined): string | undefined {
  if (file === undefined) return undefined;
  const secret = secretIn('MICRARIUM_SECRET_FILE', file);
  if (secret.length < 32) throw new StartRefused('MICRARIUM_SECRET_FILE: the secret must have at least 32 characters');
  return secret;
}

function secretIn(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new StartRefused(`${name}: ${file} cannot be read`, { cause });
  }
}

function publicationSources(from: z.output<typeof environment>): PublicationSources {
  const { MICRARIUM_CROSSREF_URL: crossref, MICRARIUM_PUBMED_URL: pubmed, MICRARIUM_CONTACT: contact } = from;
  return {
    ...(crossref === undefined ? {} : { crossref: crossref.replace(/\/+$/, '') }),
    ...(pubmed === undefined ? {} : { pubmed: pubmed.replace(/\/+$/, '') }),
    ...(contact === undefined ? {} : { contact }),
  };
}

/** The account at DataCite, where one is named in full. The password is read from a file: it stands in no environment and no log. */
function dataCiteAccount(from: z.output<typeof environment>): DataCiteAccount | undefined {
  const url = from.MICRARIUM_DATACITE_URL?.replace(/\/+$/, '');
  if (url === undefined) return undefined;
  const {
    MICRARIUM_DATACITE_REPOSITORY: repository,
    MICRARIUM_DATACITE_PASSWORD_FILE: file,
    MICRARIUM_DATACITE_PREFIX: prefix,
  } = from;
  if (repository === undefined || file === undefined || prefix === undefined || from.MICRARIUM_URL === undefined)
    throw new StartRefused(
      'MICRARIUM_DATACITE_URL needs MICRARIUM_DATACITE_REPOSITORY, _PASSWORD_FILE and _PREFIX beside it, and MICRARIUM_URL, to which the DOIs lead',
    );
  try {
    return { url, repository, prefix, password: readFileSync(file, 'utf8').trim() };
  } catch (cause) {
    throw new StartRefused(`MICRARIUM_DATACITE_PASSWORD_FILE: ${file} cannot be read`, { cause });
  }
}

/** The mail server, where one is named. Its password stands in a file, never in the address. */
function mailAccount(from: z.output<typeof environment>): MailAccount | undefined {
  const { MICRARIUM_SMTP_URL: url, MICRARIUM_SMTP_PASSWORD_FILE: file, MICRARIUM_MAIL_FROM: sender } = from;
  if (url === undefined) return undefined;
  const { username, password } = new URL(url);
  if (password !== '') throw new StartRefused('MICRARIUM_SMTP_URL: put the password into MICRARIUM_SMTP_PASSWORD_FILE');
  if (from.MICRARIUM_URL === undefined || sender === undefined || (username !== '') !== (file !== undefined))
    throw new StartRefused(
      'MICRARIUM_SMTP_URL needs MICRARIUM_MAIL_FROM and MICRARIUM_URL, to which the mails lead; a name in it needs MICRARIUM_SMTP_PASSWORD_FILE',
    );
  if (file === undefined) return { url, from: sender };
  try {
    return { url, from: sender, password: readFileSync(file, 'utf8').trim() };
  } catch (cause) {
    throw new StartRefused(`MICRARIUM_SMTP_PASSWORD_FILE: ${file} cannot be read`, { cause });
  }
}

/** A converter that is not there is better told at the start than with every file. */
function refuseUnlessProgram(path: string): void {
  try {
    accessSync(path, constants.X_OK);
  } catch (cause) {
    throw new StartRefused(`MICRARIUM_BIOFORMATS2RAW: ${path} is not there or may not be run`, { cause });
  }
}

/** The settings as lines to print, without secrets. */
export function describeConfig(config: ServerConfig): string[] {
  return [
    `data folder    ${config.data}`,
    `database       ${config.databaseUrl === undefined ? 'our own, below the data folder' : withoutPassword(config.databaseUrl)}`,
    ...(config.bucket
      ? [
          `bytes          bucket ${config.bucket.bucket} at ${withoutPassword(config.bucket.endpoint)}${config.bucket.prefix === '' ? '' : `, below ${config.bucket.prefix}`}`,
        ]
      : []),
    ...(config.role === 'all' ? [] : [`role           ${config.role}`]),
    ...(config.tellsOthers ? [] : ['outbox         closed: mails, webhooks and DOIs wait; no second copy is kept']),
    `demonstration  ${config.demo ? 'on' : 'off'}`,
    `pages          ${config.pages ? 'on' : 'off'}`,
    `largest file   ${config.maxUploadBytes / 1e9} GB`,
    `job workers    ${config.workers} of each kind`,
    ...(config.datacite
      ? [`DOIs           ${config.datacite.prefix}/… at ${withoutPassword(config.datacite.url)}`]
      : []),
    ...(config.mail ? [`mail           from ${config.mail.from} by ${withoutPassword(config.mail.url)}`] : []),
    ...(config.oidc.length > 0 ? [`sign-in with   ${config.oidc.map(({ label }) => label).join(', ')}`] : []),
    `second copy    ${config.copy ?? 'none (MICRARIUM_COPY names a folder on another disk)'}`,
    ...(config.clamd ? [`virus scanner  clamd at ${nameOfClamd(config.clamd)}`] : []),
    ...(config.dropFolder ? [`drop folder    ${config.dropFolder}`] : []),
    ...(config.importHosts.length > 0 ? [`import from    ${config.importHosts.join(', ')}`] : []),
    ...(config.bioformats2raw
      ? [
          `bioformats2raw ${config.bioformats2raw.program} (at most ${config.bioformats2raw.minutes} minutes, ${config.bioformats2raw.gigabytes} GB)`,
        ]
      : []),
    `second factor  ${config.secondFactor === 'required' ? 'required of curators, deciders and owners' : 'offered to everybody'}`,
    ...(config.publicUrl ? [`public address ${config.publicUrl}`] : []),
    ...(config.filesOrigin ? [`files at       ${config.filesOrigin}`] : []),
    ...(config.contactEmail ? [`contact        ${config.contactEmail}`] : []),
    ...(config.traces ? [`traces         to ${config.traces.endpoint}, by HTTP as JSON`] : []),
  ];
}

function withoutPassword(text: string): string {
  const url = new URL(text);
  if (url.password) url.password = '***';
  // Parameters may hold a password too.
  url.search = '';
  return url.href;
}
