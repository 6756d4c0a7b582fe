import type { FieldValue } from '@micrarium/model';
import { type JSX, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import type { DraftEditor, EditorView } from '../deposit/draft-editor.ts';
import { useText } from '../messages/text.ts';
import type { ItemRow } from '../deposit/item-row.ts';
import { copiedDataset, copiedFromStudy } from './description-kinds.ts';
import { Offers } from './import-panel.tsx';
import { KeptDescriptions, PlaceSelect } from './kept-descriptions.tsx';
import type { ReadImport } from './read-import.ts';
import { draftDatasets, valuesOf } from './study-state.ts';

interface Props {
  editor: DraftEditor;
  view: EditorView;
  rows: readonly ItemRow[];
}

/** Descriptions kept for further studies, and copying from an earlier study or another data set. */
export function ReusePanel(props: Props): JSX.Element {
  return (
    <div className="metatool" id="metadata-reuse">
      <KeptDescriptions {...props} />
      <CopyStudy {...props} />
      <CopyDataset {...props} />
    </div>
  );
}

function CopyStudy({ editor, view }: Props): JSX.Element {
  const text = useText();
  const [accession, setAccession] = useState('');
  const [read, setRead] = useState<ReadImport | undefined>();
  const [problem, setProblem] = useState('');
  const mine = useAnswer({
    queryKey: ['drafts'],
    queryFn: ({ signal }) => api.call(routes.listDrafts, { query: {}, signal }),
  });
  const others = (mine.data?.drafts ?? []).filter((one) => one.id !== view.draft.id);
  /** Of a study that is published its newest version; else what stands in the draft of mine. */
  const readStudy = async (wanted: string): Promise<{ accession: string; values: Record<string, FieldValue> }> => {
    try {
      const found = await api.call(routes.getStudy, { params: { accession: wanted } });
      return { accession: found.accession, values: found.metadata.values as Record<string, FieldValue> };
    } catch (error) {
      const draft = others.find((one) => one.accession === wanted);
      if (!draft) throw error;
      const found = await api.call(routes.getDraft, { params: { draft: draft.id } });
      return { accession: found.accession, values: found.metadata.values as Record<string, FieldValue> };
    }
  };
  const fetchStudy = async () => {
    setProblem('');
    setRead(undefined);
    try {
      const found = await readStudy(accession.trim().toUpperCase());
      const offers = Object.entries(copiedFromStudy(found.values));
      const origin = { kind: 'file' as const, file: found.accession };
      setRead({
        name: found.accession,
        offers: offers.map(([key, value]) => ({ key, value, origin })),
        unread: [],
        unmatched: [],
        issues: [],
      });
    } catch {
      setProblem(text('meta.noStudy', { accession: accession.trim() }));
    }
  };
  return (
    <section>
      <h3>{text('meta.copyStudy')}</h3>
      <div className="row">
        <span className="field-in">
          <input
            type="text"
            aria-label={text('meta.accession')}
            placeholder={text('meta.accession')}
            list="studies-of-mine"
            value={accession}
            onChange={(event) => setAccession(event.target.value)}
          />
          <datalist id="studies-of-mine">
            {[...new Map(others.map((one) => [one.accession, one])).values()].map((one) => (
              <option key={one.accession} value={one.accession}>
                {one.title}
              </option>
            ))}
          </datalist>
        </span>
        <button type="button" className="btn" disabled={accession.trim() === ''} onClick={() => void fetchStudy()}>
          {text('meta.look')}
        </button>
      </div>
      <p className="problem" role="alert">
        {problem}
      </p>
      {read ? (
        <Offers
          key={read.name}
          read={read}
          view={view}
          takeOver={(offers) => {
            editor.edit(
              Object.fromEntries(offers.map(({ key, value, origin }) => [`value:${key}`, { value, origin }])),
            );
            setRead(undefined);
          }}
        />
      ) : null}
    </section>
  );
}

function CopyDataset({ editor, view }: Props): JSX.Element | null {
  const text = useText();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  if (draftDatasets(view.draft, view.slots).length < 2) return null;
  const copy = () => {
    const title = draftDatasets(view.draft, view.slots).find(({ id }) => id === from)?.title ?? '';
    const changes = copiedDataset(valuesOf(view.slots), from, to);
    editor.edit(
      Object.fromEntries(
        Object.entries(changes).map(([key, value]) => [
          `value:${key}`,
          value === undefined ? undefined : { value, origin: { kind: 'file', file: title } },
        ]),
      ),
    );
  };
  return (
    <section>
      <h3>{text('meta.copyDataset')}</h3>
      <div className="row">
        <PlaceSelect view={view} label={text('meta.from')} value={from} change={setFrom} onlyDatasets />
        <PlaceSelect view={view} label={text('meta.to')} value={to} change={setTo} onlyDatasets />
        <button type="button" className="btn" disabled={from === '' || to === '' || from === to} onClick={copy}>
          {text('meta.copy')}
        </button>
      </div>
    </section>
  );
}
