import { sql, type Kysely } from 'kysely';
import type { Migration } from 'kysely/migration';

/** Studies, drafts, published versions. Paths sort by code unit (collation C) on every server. */
const catalogue = [
  `create extension if not exists pg_trgm`,
  `create sequence accession_number`,
  `create table study (
    accession text primary key,
    owner_id text,
    created_at timestamptz not null default now()
  )`,
  `create table draft (
    id text collate "C" primary key,
    accession text not null references study,
    version integer not null check (version >= 1),
    revision integer not null default 1,
    state text not null default 'editing' check (state in ('editing', 'publishing', 'published', 'discarded')),
    owner_id text not null,
    metadata jsonb not null,
    pairs jsonb not null,
    dataset_titles jsonb not null,
    note text,
    created_at timestamptz not null default now(),
    updated_at timestamptz not null default now()
  )`,
  `create unique index draft_open on draft (accession) where state in ('editing', 'publishing')`,
  `create index draft_owner on draft (owner_id, id desc) where state in ('editing', 'publishing')`,
  `create table draft_file (
    draft_id text collate "C" not null references draft on delete cascade,
    path text collate "C" not null,
    size bigint not null check (size >= 0),
    stated_sha256 text,
    sha256 text,
    state text not null check (state in ('expected', 'sending', 'sent', 'verified', 'mismatch')),
    received bigint not null default 0,
    media_type text not null,
    primary key (draft_id, path)
  )`,
  `create index draft_file_blob on draft_file (sha256) where sha256 is not null`,
  `create table upload (
    id text collate "C" primary key,
    draft_id text collate "C" not null references draft on delete cascade,
    path text collate "C" not null,
    size bigint not null,
    metadata text not null,
    created_at timestamptz not null default now()
  )`,
  `create table draft_item (
    draft_id text collate "C" not null references draft on delete cascade,
    item_id text not null,
    position integer not null,
    item jsonb not null,
    state text not null check (state in ('waiting', 'running', 'done', 'kept', 'failed')),
    progress double precision not null default 0,
    message text,
    mapping jsonb,
    primary key (draft_id, item_id)
  )`,
  `create table study_version (
    accession text not null references study,
    version integer not null,
    document jsonb not null,
    published_at timestamptz not null,
    note text,
    file_count integer not null,
    byte_count bigint not null,
    primary key (accession, version)
  )`,
  `create table version_file (
    accession text not null,
    version integer not null,
    path text collate "C" not null,
    size bigint not null,
    sha256 text not null,
    media_type text not null,
    primary key (accession, version, path),
    foreign key (accession, version) references study_version on delete cascade
  )`,
  `create index version_file_blob on version_file (sha256)`,
];

/** One row per study, of its newest version. `grams` holds single characters and pairs of scripts written without spaces. */
const search = [
  `create table search_document (
    accession text primary key references study,
    version integer not null,
    document jsonb not null,
    title text not null,
    haystack text not null,
    words tsvector not null,
    grams text[] not null,
    organisms text[] not null,
    methods text[] not null,
    kinds text[] not null,
    licence text not null,
    year text not null,
    published_at timestamptz not null,
    image_count bigint not null,
    object_count bigint not null,
    file_count bigint not null,
    byte_count bigint not null
  )`,
  `create index search_words on search_document using gin (words)`,
  `create index search_grams on search_document using gin (grams)`,
  `create index search_substrings on search_document using gin (haystack gin_trgm_ops)`,
  `create index search_organisms on search_document using gin (organisms)`,
  `create index search_methods on search_document using gin (methods)`,
  `create index search_kinds on search_document using gin (kinds)`,
  `create index search_licence on search_document (licence)`,
  `create index search_year on search_document (year)`,
  `create index search_newest on search_document (published_at desc, accession)`,
  `create index search_title on search_document (title collate "C", accession)`,
];

/** Accounts and sessions (columns as better-auth names them), API tokens, owner links. Secrets are stored as hashes. */
const accounts = [
  `create table auth_user (
    "id" text primary key,
    "name" text not null,
    "email" text not null unique,
    "emailVerified" boolean not null,
    "image" text,
    "createdAt" timestamptz not null default now(),
    "updatedAt" timestamptz not null default now(),
    "role" text not null default 'member' check ("role" in ('owner', 'member'))
  )`,
  `create table auth_session (
    "id" text primary key,
    "expiresAt" timestamptz not null,
    "token" text not null unique,
    "createdAt" timestamptz not null default now(),
    "updatedAt" timestamptz not null,
    "ipAddress" text,
    "userAgent" text,
    "userId" text not null references auth_user on delete cascade
  )`,
  `create index auth_session_user on auth_session ("userId")`,
  `create table auth_account (
    "id" text primary key,
    "accountId" text not null,
    "providerId" text not null,
    "userId" text not null references auth_user on delete cascade,
    "accessToken" text,
    "refreshToken" text,
    "idToken" text,
    "accessTokenExpiresAt" timestamptz,
    "refreshTokenExpiresAt" timestamptz,
    "scope" text,
    "password" text,
    "createdAt" timestamptz not null default now(),
    "updatedAt" timestamptz not null
  )`,
  `create index auth_account_user on auth_account ("userId")`,
  `create table auth_verification (
    "id" text primary key,
    "identifier" text not null,
    "value" text not null,
    "expiresAt" timestamptz not null,
    "createdAt" timestamptz not null default now(),
    "updatedAt" timestamptz not null default now()
  )`,
  `create index auth_verification_identifier on auth_verification ("identifier")`,
  `create table api_token (
    id text primary key,
    user_id text not null references auth_user on delete cascade,
    name text not null,
    scopes text[] not null,
    secret_hash text not null unique,
    created_at timestamptz not null default now(),
    expires_at timestamptz not null,
    last_used_at timestamptz
  )`,
  `create index api_token_user on api_token (user_id)`,
  `create table owner_link (
    secret_hash text primary key,
    expires_at timestamptz not null,
    used_at timestamptz
  )`,
];

/** The first catalogue. */
export const catalogueMigration: Migration = {
  async up(db: Kysely<never>) {
    for (const statement of [...catalogue, ...search, ...accounts]) await sql.raw(statement).execute(db);
  },
};
