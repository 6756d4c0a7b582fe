/** A row of the failure model, with what tries it. */
export interface TriedFault {
  /** K kill, P power cut, D disk full, I fault of the disk, N requests, C two at once, T clocks, X services outside, B bits, R restore. */
  fault: string;
  at: string;
  /** Lines and rounds of the report that try it. */
  here: string;
  /** Tests of `npm test`: `file › title`. */
  tests: readonly string[];
}

/** Section 19 of the failure model, row by row. */
export const failureModel: readonly TriedFault[] = [
  {
    fault: 'K, P',
    at: 'in the middle of an upload',
    here: 'upload in two pieces; take two arrived files in; rounds of kills (upload, ingest)',
    tests: [
      'tests/journeys/kill.test.ts › the server dies while a file is on its way: the command that sends it goes on when it is back',
    ],
  },
  {
    fault: 'K, P',
    at: 'every step of publishing, new versions, withdrawal',
    here: 'publish the first version; publish a further version; withdraw and reinstate; rounds of kills',
    tests: ['tests/server/durability.test.ts › a power cut loses nothing that was promised and leaves nothing half'],
  },
  {
    fault: 'K',
    at: 'migrations, and the making of stored forms',
    here: 'rounds of kills (a start follows most of them)',
    tests: [
      'packages/server/src/storage/derived-resume.test.ts › a form whose making was stopped, or whose process was killed, is gone on with and has the same bytes',
      'tests/server/upgrade.test.ts › after each migration the tables take and give what the program before it says to them',
    ],
  },
  {
    fault: 'D',
    at: 'upload, publish',
    here: 'failing disk (each call, once and for good); a full tmpfs; fiu-run',
    tests: [
      'tests/server/durability.test.ts › a full or failing disk: the same process comes to the end when it is well again',
    ],
  },
  {
    fault: 'I',
    at: 'write, sync, rename',
    here: 'failing disk (after a failed sync what was pending counts as dropped); fiu-run',
    tests: [
      'tests/server/durability.test.ts › a full or failing disk: the same process comes to the end when it is well again',
    ],
  },
  {
    fault: 'N',
    at: 'the same request twice, and in parallel',
    here: 'rounds of kills (pieces and publications sent twice at once)',
    tests: [
      'tests/journeys/http-access.test.ts › two deposits of the same bytes at once, published twice at once: one version each, one blob',
      'tests/journeys/http-access.test.ts › one file sent twice at once is one file',
    ],
  },
  {
    fault: 'N',
    at: 'cut at 99.9 %',
    here: 'rounds of kills (upload)',
    tests: [
      'tests/server/cut-upload.test.ts › cut at 99.9 %: what arrived is kept, the file is not there, and the rest makes it whole',
      'tests/journeys/kill.test.ts › Ctrl-C while sending: the same command sends only the rest',
    ],
  },
  {
    fault: 'C',
    at: 'two servers on one data folder',
    here: '',
    tests: [
      'tests/journeys/kill.test.ts › a second server on the same data folder refuses, and the first does not notice',
    ],
  },
  {
    fault: 'C',
    at: 'two editors; two at one upload',
    here: '',
    tests: [
      'tests/journeys/http-access.test.ts › two saves from one revision: the later gets 412 with the draft as it is',
      'tests/server/uploads.test.ts › one writer of three that race, and the bytes of one only',
    ],
  },
  {
    fault: 'T',
    at: 'the clock an hour back, hours or years ahead',
    here: 'rounds of kills (a fifth of the starts); faketime',
    tests: [
      'tests/server/states.test.ts › an embargo opens the metadata at once and the files on its day, by itself',
      'tests/journeys/clock.test.ts › ten years ahead, running and at a start: no embargo ends, no upload goes, until somebody confirms',
    ],
  },
  {
    fault: 'X',
    at: 'database gone and back; bucket slow, refusing, losing answers',
    here: 'rounds on several processes',
    tests: [],
  },
  {
    fault: 'X',
    at: 'registrar, mail',
    here: '',
    tests: [
      'tests/server/registrar.test.ts › a registrar that never answers holds up nothing but itself',
      'tests/server/notices.test.ts › a mail server that refuses or is away costs nobody anything: mail waits, and goes later, once',
    ],
  },
  {
    fault: 'B',
    at: 'bytes of the archive; pages of the database (checksums of PostgreSQL)',
    here: '',
    tests: [
      'tests/server/keeping.test.ts › every byte is read; what was changed, cut and deleted is named',
      'tests/server/keeping.test.ts › damage is mended from the second copy, which is mended itself; the damaged bytes are kept',
    ],
  },
  {
    fault: 'R',
    at: 'to another machine',
    here: '',
    tests: [
      'tests/server/keeping.test.ts › a backup of the running server, restored elsewhere, has accounts, drafts, studies and bytes',
      'tests/server/keeping.test.ts › the catalogue made anew from the archive alone equals the one that was dropped',
    ],
  },
];
