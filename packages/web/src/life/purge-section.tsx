import type { JSX } from 'react';
import { useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { Link } from '../app/router.tsx';
import { SureButton } from '../app/sure-button.tsx';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';
import { saveText } from '../viewer/save.ts';

/** What a deletion of a study's bytes destroyed, and until when backups must be rid of it; for owners of the installation. */
export function PurgeCertificate(props: { accession: string; certificate: Record<string, unknown> }): JSX.Element {
  const { accession, certificate } = props;
  const text = useText();
  const { files, askedBy, at, backupsUntil } = certificate;
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('life.certificate')}</h2>
      </div>
      <p className="prose">
        {text('life.certificateWords', {
          count: Array.isArray(files) ? files.length : 0,
          name: String(askedBy) || text('life.left'),
          day: writtenDate(String(at)),
          until: writtenDate(String(backupsUntil)),
        })}
      </p>
      <button
        type="button"
        className="btn"
        onClick={() =>
          saveText(`${accession}.purge.json`, 'application/json', `${JSON.stringify(certificate, null, 2)}\n`)
        }
      >
        {text('life.certificateSave')}
      </button>
    </section>
  );
}

/** A draft that stands in the way of deleting the bytes of its study: looked at, or discarded, here. */
export function OpenDraft({ draft, onDone }: { draft: string; onDone(): void }): JSX.Element {
  const text = useText();
  const discard = useChange({
    mutationFn: () => api.call(routes.discardDraft, { params: { draft } }),
    onSettled: onDone,
  });
  return (
    <section className="sec">
      <p className="prose">{text('life.draftInTheWay')}</p>
      <p className="row w">
        <Link className="btn" to={`/deposit/${draft}`}>
          {text('life.toDraft')}
        </Link>
        <SureButton
          words={text('life.discard')}
          sure={text('life.discardSure')}
          isBusy={discard.isPending}
          onSure={() => discard.mutate()}
        />
      </p>
      {discard.error ? <AnswerFailed error={discard.error} /> : null}
    </section>
  );
}
