import { depositDemonstration } from './demonstration.ts';

/** Drawing a film takes a processor for a while: this runs beside the server and speaks to it over HTTP, as any depositor. */
process.once('message', ({ server, token }: { server: string; token: string }) => {
  depositDemonstration({ server, token, onProgress: (progress) => process.send?.({ progress }) })
    .then((accession) => process.send?.({ accession }, () => process.exit(0)))
    .catch((fault: unknown) =>
      process.send?.({ fault: String((fault as Error).stack ?? fault) }, () => process.exit(1)),
    );
});
process.on('disconnect', () => process.exit(1));
process.on('SIGINT', () => {});
