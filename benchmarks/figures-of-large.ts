import { type Benchmark, type Figure, megabytes } from './figure.ts';
import * as printed from './printed-answers.ts';

/** What is large: memory by size, a film of 100 GB, an archive of many files. */
export const largeThings: readonly Benchmark[] = [
  {
    name: 'memory-by-size',
    title: 'Memory by the size of the file',
    about:
      'Conversions of 0.1, 0.5 and 2 GB. An index of tracks may take 48 bytes an object and 16 an edge; what is above that must not grow.',
    peer: 'none',
    floor: 'the same at every size, but for the allowance',
    script: 'memory-by-size.ts',
    quick: ['0.01', '0.02'],
    read(answer) {
      const figures = printed.grown.parse(answer).grown.map(
        ({ what, inputBytes, ours, allowanceMegabytes }): Figure => ({
          what: `${what}, ${megabytes(inputBytes)}: peak without the allowance of ${allowanceMegabytes.toFixed(0)} MB`,
          unit: 'MB',
          ours: ours.peakMegabytes - allowanceMegabytes,
          peakMegabytes: { ours: ours.peakMegabytes },
        }),
      );
      return { figures };
    },
  },
  {
    name: 'viewer-first-pixels',
    title: 'First pixels of a time-lapse of 100 GB',
    about:
      'A published OME-Zarr of 500 time points, 2 channels and 12 slices of 2048 × 2048 pixels of 16 bits, all absent (fill value) but one region, opened in a browser that has nothing cached: all bytes that come over the wire, scripts included, until the stage shows the film; then the film is played as fast as the page offers, each time point drawn before the next. Software WebGL, server, database and browser on the same machine. Memory is that of the page.',
    peer: 'nothing',
    floor: 'at most 3 MB until the first pixels',
    script: 'viewer-first-pixels.ts',
    quick: ['--real', '5', '--points', '5'],
    read(answer) {
      const { first, settled, before, played, points } = printed.firstPixels.parse(answer);
      return {
        figures: [
          { what: 'until the first pixels', unit: 'MB', ours: first.bytes / 1e6 },
          { what: 'until the first pixels', unit: 's', ours: first.seconds, peakMegabytes: { ours: before } },
          {
            what: 'time points drawn',
            unit: '/s',
            ours: played.pointsPerSecond,
            peakMegabytes: { ours: played.megabytes },
          },
        ],
        notes: [
          `${first.requests} requests until then; ${megabytes(settled)} when all was still. Played over ${points} time points.`,
        ],
      };
    },
  },
  {
    name: 'archive',
    title: 'Many files, large files, checks of all bytes, backup and restore',
    about:
      'A study of many files of 10 kB, sent by the command line into an empty installation, then published; a film of 2048 × 2048 pixels of 16 bits as one plain TIFF, sent in one request as a plain client does, then by the command line, read and published; then all stored bytes read again, from the disk, and held to their digests and the rules of OCFL, a backup, a second one with nothing new, and its restore with a database of its own. Server, worker, database and command line on the same machine and disk; only what is checked is not in the page cache. Memory is that of the server with the many files. Processor time is that of the programs that were run for it.',
    peer: 'for the film cp of the file, with sync; for the checks dd of the film past the page cache, then sha512sum of all the files; for backup and restore cp of the archive, with sync',
    floor:
      '10,000 files sent in 60 s and published in 10 s, under 500 MB; one stream at 200 MB/s, at 120 MB/s with its digests; checks at four fifths of reading; 100 GB restored in ten minutes',
    script: 'archive.ts',
    quick: ['60', '2'],
    read(answer) {
      const { files, filmBytes, bytes, peakOfMany, seconds, processor } = printed.archived.parse(answer);
      const of = (what: string) => seconds[what]!;
      const rate = (size: number, what: string) => size / 1e6 / of(what);
      const restored = bytes / of('restore');
      return {
        figures: [
          {
            what: `${files} files sent and read`,
            unit: 's',
            ours: of('many files: sent and read'),
            peakMegabytes: { ours: peakOfMany },
          },
          { what: `${files} files published`, unit: 's', ours: of('many files: published') },
          {
            what: `film of ${megabytes(filmBytes)}: sent, digested and read`,
            unit: 'MB/s',
            ours: rate(filmBytes, 'film: sent and read'),
            theirs: rate(filmBytes, 'film: copied by cp, and synced'),
          },
          {
            what: 'film in one request: all bytes stored and acknowledged',
            unit: 'MB/s',
            ours: rate(filmBytes, 'film at once: stored'),
            theirs: rate(filmBytes, 'film: copied by cp, and synced'),
          },
          {
            what: 'film in one request: with SHA-256 and SHA-512',
            unit: 'MB/s',
            ours: rate(filmBytes, 'film at once: stored and digested'),
            theirs: rate(filmBytes, 'film: copied by cp, and synced'),
          },
          { what: 'film: published', unit: 's', ours: of('film: published') },
          {
            what: `checks of ${megabytes(bytes)}`,
            unit: 'MB/s',
            ours: rate(bytes, 'fixity'),
            theirs: rate(filmBytes, 'bytes read by dd'),
          },
          {
            what: 'checks, beside sha512sum',
            unit: 'MB/s',
            ours: rate(bytes, 'fixity'),
            theirs: rate(bytes, 'bytes read by sha512sum'),
          },
          {
            what: 'checks, processor time',
            unit: 's',
            ours: processor['fixity']!,
            theirs: processor['bytes read by sha512sum']!,
          },
          {
            what: 'backup',
            unit: 'MB/s',
            ours: rate(bytes, 'backup'),
            theirs: rate(bytes, 'bytes copied by cp, and synced'),
          },
          {
            what: 'backup, processor time, beside cp and sha512sum',
            unit: 's',
            ours: processor['backup']!,
            theirs: processor['bytes copied by cp, and synced']! + processor['bytes read by sha512sum']!,
          },
          { what: 'backup again, with nothing new', unit: 's', ours: of('backup again, with nothing new') },
          {
            what: 'restore',
            unit: 'MB/s',
            ours: restored / 1e6,
            theirs: rate(bytes, 'bytes copied by cp, and synced'),
          },
        ],
        notes: [
          `Read by cat from the page cache ${rate(bytes, 'bytes read by cat').toFixed(0)} MB/s, by sha256sum ${rate(bytes, 'bytes read by sha256sum').toFixed(0)} MB/s.`,
          `By these rates, extrapolated and not measured: 20 GB sent and read in ${(20e9 / (filmBytes / of('film: sent and read')) / 60).toFixed(0)} minutes, 100 GB restored in ${(100e9 / restored / 60).toFixed(0)} minutes, 100,000 files sent in ${(((of('many files: sent and read') / files) * 100_000) / 60).toFixed(0)} minutes.`,
        ],
      };
    },
  },
];
