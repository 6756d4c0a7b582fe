import type { FieldValue } from '@micrarium/model';
import { type JSX, useMemo, useState } from 'react';
import { useAnswer } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { readDraft } from '../deposit/draft.ts';
import type { DraftEditor, EditorView } from '../deposit/draft-editor.ts';
import { slotsOf } from '../deposit/slots.ts';
import { useText } from '../messages/text.ts';
import type { ItemRow } from '../deposit/item-row.ts';
import { copiedDataset, copiedFromDataset, copiedFromStudy } from './description-kinds.ts';
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
  const [found, setFound] = useState<FoundStudy | undefined>();
  const [from, setFrom] = useState('');
  const [to, setTo] = useState('');
  const read = useMemo(() => (found ? readOf(found, from, to) : undefined), [found, from, to]);
  const [problem, setProblem] = useState('');
  const mine = useAnswer({
    queryKey: ['drafts'],
    queryFn: ({ signal }) => api.call(routes.listDrafts, { query: {}, signal }),
  });
  const others = (mine.data?.drafts ?? []).filter((one) => one.id !== view.draft.id);
  /** Of a study that is published its newest version; else what stands in the draft of mine. */
  const readStudy = async (wanted: string): Promise<FoundStudy> => {
    try {
      const { metadata, datasets, ...study } = await api.call(routes.getStudy, { params: { accession: wanted } });
      return { accession: study.accession, values: metadata.values as FoundStudy['values'], datasets };
    } catch (error) {
      const draft = others.find((one) => one.accession === wanted);
      if (!draft) throw error;
      const earlier = await readDraft(draft.id);
      const values = earlier.metadata.values as FoundStudy['values'];
      return { accession: earlier.accession, values, datasets: draftDatasets(earlier, slotsOf(earlier)) };
    }
  };
  const fetchStudy = async () => {
    setProblem('');
    setFound(undefined);
    setFrom('');
    try {
      setFound(await readStudy(accession.trim().toUpperCase()));
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
      {found && found.datasets.length > 0 ? (
        <div className="row">
          <select
            className="sel"
            aria-label={text('meta.from')}
            value={from}
            onChange={(event) => setFrom(event.target.value)}
          >
            <option value="">{text('meta.wholeStudy')}</option>
            {found.datasets.map(({ id, title }) => (
              <option key={id} value={id}>
                {title}
              </option>
            ))}
          </select>
          {from === '' ? null : <PlaceSelect view={view} label={text('meta.to')} value={to} change={setTo} />}
        </div>
      ) : null}
      {read ? (
        <Offers
          key={`${read.name} ${from} ${to}`}
          read={read}
          view={view}
          takeOver={(offers) => {
            editor.edit(
              Object.fromEntries(offers.map(({ key, value, origin }) => [`value:${key}`, { value, origin }])),
            );
            setFound(undefined);
          }}
        />
      ) : null}
    </section>
  );
}

/** Another study of which something is copied. */
interface FoundStudy {
  accession: string;
  values: Record<string, FieldValue>;
  datasets: readonly { id: string; title: string }[];
}

/** What a study, or one of its data sets, gives the form. @param to data set here; empty for the whole study */
function readOf({ accession, values, datasets }: FoundStudy, from: string, to: string): ReadImport {
  const copied = from === '' ? copiedFromStudy(values) : copiedFromDataset(values, from, to === '' ? undefined : to);
  const title = datasets.find(({ id }) => id === from)?.title;
  const file = title === undefined ? accession : `${accession}, ${title}`;
  return {
    name: file,
    offers: Object.entries(copied).map(([key, value]) => ({ key, value, origin: { kind: 'file', file } })),
    unread: [],
    unmatched: [],
    issues: [],
  };
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
