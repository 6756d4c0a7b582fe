import { defineIssues } from '@micrarium/model';

/** What can be said of a BagIt bag. */
export const bagIssue = defineIssues({
  'bag-declaration-wrong': {
    severity: 'error',
    meaning: 'The file bagit.txt is missing or is not the two lines that the BagIt version asks for.',
    hint: 'It holds "BagIt-Version: 1.0" and "Tag-File-Character-Encoding: UTF-8", nothing else.',
  },
  'bag-manifest-missing': {
    severity: 'error',
    meaning: 'The bag has no payload manifest with a digest we know, so nothing in it can be checked.',
    hint: 'Make the bag anew with a manifest-sha256.txt or manifest-sha512.txt.',
  },
  'bag-manifest-malformed': {
    severity: 'error',
    meaning: 'A line of a manifest is no digest followed by a path, or a path is listed twice where it must not be.',
  },
  'bag-path-outside': {
    severity: 'error',
    meaning: 'A manifest or fetch.txt names a path that lies outside the bag.',
    hint: 'Do not unpack or import this bag; ask its sender for a proper one.',
  },
  'bag-file-missing': {
    severity: 'error',
    meaning: 'A file that a manifest lists is not in the bag.',
    hint: 'Copy the bag again; it is not whole.',
  },
  'bag-file-extra': {
    severity: 'error',
    meaning: 'A payload file is not listed in a manifest that must list every one.',
  },
  'bag-digest-differs': {
    severity: 'error',
    meaning: 'The bytes of a file do not give the digest the manifest says.',
    hint: 'The file was changed or damaged; copy the bag again from its source.',
  },
  'bag-oxum-differs': {
    severity: 'error',
    meaning: 'The payload has another number of files or bytes than Payload-Oxum in bag-info.txt says.',
  },
  'bag-files-elsewhere': {
    severity: 'warning',
    meaning:
      'The bag names files in fetch.txt that are to be fetched from elsewhere; it is complete only with them. Nothing is fetched by itself.',
  },
  'bag-made-by-md5sum': {
    severity: 'warning',
    meaning: 'Paths of a manifest begin with the asterisk that md5sum writes for binary files.',
  },
  'bag-path-relative': {
    severity: 'warning',
    meaning: 'Paths of a manifest begin with "./", which not every reader takes.',
  },
  'bag-path-twice': {
    severity: 'warning',
    meaning: 'A manifest lists a path twice with the same digest; version 1.0 of BagIt forbids that.',
  },
  'bag-names-clash': {
    severity: 'warning',
    meaning: 'Two paths differ only in upper and lower case: some systems keep only one of them.',
  },
  'bag-system-file': {
    severity: 'warning',
    meaning: 'The payload lists files that operating systems make for themselves, such as Thumbs.db.',
  },
});

/** Codes of `bagIssue`. */
export type BagIssueCode = Parameters<typeof bagIssue>[0];
