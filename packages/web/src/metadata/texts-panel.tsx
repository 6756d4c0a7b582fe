import { zipWriter } from '@micrarium/formats';
import {
  acknowledgementText,
  dataAvailabilityText,
  dataDescriptor,
  heldByForm,
  type MetadataForm,
  metadataFormById,
  metadataForms,
  methodsText,
  type StudyGraph,
  type WrittenText,
} from '@micrarium/standards';
import { type JSX, useMemo, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import type { EditorView } from '../deposit/draft-editor.ts';
import { type MessageKey, useText } from '../messages/text.ts';
import { saveText, saveUrl } from '../viewer/save.ts';
import { graphOfDraft } from './profiles.tsx';

const texts: readonly { name: MessageKey; write: typeof methodsText; file?: string }[] = [
  { name: 'meta.textMethods', write: methodsText },
  { name: 'meta.textAvailability', write: dataAvailabilityText },
  { name: 'meta.textThanks', write: acknowledgementText },
  { name: 'meta.textDescriptor', write: dataDescriptor, file: 'data-descriptor.md' },
];

/** Documents of standards; those of several files are saved as a zip. */
const savedForms = metadataForms.filter(({ kind }) => kind === 'standard');

/** Texts for the paper, written from the form with the DOI that is reserved, and the form in any standard. */
export function TextsPanel({ view }: { view: EditorView }): JSX.Element {
  const text = useText();
  const { draft, slots } = view;
  const reserved = useAnswer({
    queryKey: ['doi', draft.id],
    queryFn: () => api.call(routes.getDoi, { params: { draft: draft.id } }),
  });
  const graph = useMemo(() => {
    const told = graphOfDraft(draft, slots);
    const doi = told.study.doi ?? reserved.data?.doi;
    return doi === undefined ? told : { ...told, study: { ...told.study, doi } };
  }, [draft, slots, reserved.data]);
  return (
    <div className="metatool" id="metadata-texts">
      <p className="s m2">{text('meta.textsAbout')}</p>
      {texts.map(({ name, write, file }) => (
        <Written key={name} title={text(name)} written={write(graph)} {...(file === undefined ? {} : { file })} />
      ))}
      <GiveOut graph={graph} accession={draft.accession} />
    </div>
  );
}

function Written({ title, written, file }: { title: string; written: WrittenText; file?: string }): JSX.Element {
  const text = useText();
  const [isCopied, setIsCopied] = useState(false);
  return (
    <section>
      <h3>{title}</h3>
      {file === undefined ? (
        <p className="prose" lang="en">
          {written.text === '' ? '–' : written.text}
        </p>
      ) : null}
      <div className="row">
        <button
          type="button"
          className="btn sm"
          disabled={written.text === ''}
          onClick={() => void navigator.clipboard?.writeText(written.text).then(() => setIsCopied(true))}
        >
          {text(isCopied ? 'meta.textCopied' : 'meta.textCopy')}
        </button>
        {file === undefined ? null : (
          <button type="button" className="btn sm" onClick={() => saveText(file, 'text/markdown', written.text)}>
            {text('meta.textSave')}
          </button>
        )}
      </div>
      {file === undefined && written.missing.length > 0 ? (
        <details>
          <summary>{text('meta.textMissing', { count: written.missing.length })}</summary>
          <ul className="s" lang="en">
            {written.missing.map(({ what, place }) => (
              <li key={`${place} ${what}`}>{what}</li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}

/** Saves the document of a form, or the zip of its documents. */
async function saveForm(form: MetadataForm, graph: StudyGraph, accession: string): Promise<void> {
  const name = `${accession}-${form.fileName}`;
  const files = form.files?.(graph);
  if (!files) return saveText(name, form.mediaType, form.write(graph).text);
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  const zip = zipWriter({
    write: (bytes) => {
      pieces.push(new Uint8Array(bytes));
      return Promise.resolve();
    },
  });
  for (const [path, said] of files) await zip.add(path, [new TextEncoder().encode(said)]);
  await zip.finish();
  saveUrl(name, URL.createObjectURL(new Blob(pieces, { type: 'application/zip' })));
}

function GiveOut({ graph, accession }: { graph: ReturnType<typeof graphOfDraft>; accession: string }): JSX.Element {
  const text = useText();
  const [id, setId] = useState('');
  const form = metadataFormById(id);
  const held = useMemo(() => (form ? heldByForm(form, graph) : undefined), [form, graph]);
  return (
    <section>
      <h3>{text('meta.giveOut')}</h3>
      <div className="row">
        <select
          className="sel"
          aria-label={text('meta.giveOut')}
          value={id}
          onChange={(event) => setId(event.target.value)}
        >
          <option value="">{text('meta.giveOutChoose')}</option>
          {savedForms.map((one) => (
            <option key={one.id} value={one.id}>
              {one.files ? `${one.name} (zip)` : one.name}
            </option>
          ))}
        </select>
        <button
          type="button"
          className="btn"
          disabled={!form}
          onClick={() => {
            if (form) void saveForm(form, graph, accession);
          }}
        >
          {text('meta.textSave')}
        </button>
      </div>
      {held ? (
        <details>
          <summary>{text('meta.giveOutHeld', { held: held.held, of: held.of })}</summary>
          <ul className="unread">
            {held.missing.map(({ place, values }) => (
              <li key={place}>
                <span className="mono">{place}</span> {values.slice(0, 3).join('; ').slice(0, 200)}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </section>
  );
}
