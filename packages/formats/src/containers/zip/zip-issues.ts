import { defineIssues } from '@micrarium/model';

/** What can be wrong with a zip archive. Codes of severity `error` reject the whole archive unless they say otherwise. */
export const zipIssue = defineIssues({
  'zip-not-an-archive': {
    severity: 'error',
    meaning: 'No central directory was found: the file is no zip, or its end is missing.',
    hint: 'Copy the archive again; it was probably cut short.',
  },
  'zip-damaged': {
    severity: 'error',
    meaning: 'The directory of the archive contradicts itself or points outside the file.',
    hint: 'Make the archive anew from the original files.',
  },
  'zip-too-many-entries': {
    severity: 'error',
    meaning: 'The archive lists more entries than are accepted.',
    hint: 'Split the archive, or deposit the folder itself.',
  },
  'zip-unsafe-path': {
    severity: 'error',
    meaning: 'An entry name is absolute, leaves the archive by "..", uses backslashes or a drive letter, or holds NUL.',
    hint: 'Make the archive anew from inside the folder, with a tool that writes relative names with "/".',
  },
  'zip-special-entry': {
    severity: 'error',
    meaning: 'An entry is a symbolic link or a device, which an archive of data does not need.',
    hint: 'Replace links by the files they point at and make the archive anew.',
  },
  'zip-duplicate-name': {
    severity: 'error',
    meaning: 'Two entries have the same name, or one name is used for a file and a folder.',
    hint: 'Rename one of the files and make the archive anew.',
  },
  'zip-unicode-collision': {
    severity: 'error',
    meaning: 'Two names look the same and differ only in how accents are encoded (NFC and NFD).',
    hint: 'Rename one of the files and make the archive anew.',
  },
  'zip-case-collision': {
    severity: 'warning',
    meaning: 'Two names differ only in upper and lower case; on Windows and macOS one would replace the other.',
  },
  'zip-odd-name': {
    severity: 'warning',
    meaning: 'A name cannot be used on some systems (reserved, ends in a dot or space) or holds invisible characters.',
  },
  'zip-ratio': {
    severity: 'error',
    meaning: 'The entries would unpack to far more than files of this kind do: a zip bomb.',
    hint: 'Deposit the files without compression.',
  },
  'zip-overlap': {
    severity: 'error',
    meaning: 'Entries share the same bytes of the archive, as in zip bombs.',
    hint: 'Make the archive anew from the original files.',
  },
  'zip-encrypted': {
    severity: 'error',
    meaning: 'An entry is encrypted; it is left out.',
    hint: 'Make the archive without a password.',
  },
  'zip-method': {
    severity: 'error',
    meaning: 'An entry is compressed by a method other than deflate; it is left out.',
    hint: 'Make the archive with the usual "deflate" compression, or none.',
  },
  'zip-wrong-size': {
    severity: 'error',
    meaning: 'An entry unpacks to another size than the directory says; found when it is read.',
    hint: 'Make the archive anew from the original files.',
  },
  'zip-bad-crc': {
    severity: 'error',
    meaning: 'The content of an entry does not match its check sum; found when it is read.',
    hint: 'The archive was damaged: copy it again, or make it anew.',
  },
});
