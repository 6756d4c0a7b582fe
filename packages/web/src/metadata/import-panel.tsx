import {
  type GivenValue,
  isOfferedValue,
  isSamePaper,
  keptCount,
  keptKey,
  keptOfValue,
  keptText,
  metadataFieldById,
  paperOfLine,
  splitValueKey,
} from '@micrarium/standards';
import type { FieldValue, Issue } from '@micrarium/model';
import { type JSX, useMemo, useRef, useState } from 'react';
import { Icon } from '../app/icons.tsx';
import type { DraftEditor, EditorView } from '../deposit/draft-editor.ts';
import { FindingList } from '../deposit/finding-list.tsx';
import type { ItemRow } from '../deposit/item-row.ts';
import { isSame, type ValueSlot } from '../deposit/slots.ts';
import { language, useText } from '../messages/text.ts';
import { api, routes } from '../app/api.ts';
import { readDroppedMetadata, readPastedMetadata } from './dropped-metadata.ts';
import { type OfferedValue, type OpenDataset, type ReadImport, readImport, withOpen } from './read-import.ts';
import { datasetsAhead, editOf, isAhead, slotNow } from './datasets-ahead.ts';
import { draftDatasets, gathered } from './study-state.ts';
import { freeTerms, withTermsOf } from './import-terms.ts';
import { useKnownTerms } from './term-suggestions.ts';
import { writtenValue } from './written-value.ts';

/** Fills the form from files of metadata or a pasted reference: first what was read is shown, then it is taken over. */
export function ImportPanel({
  editor,
  view,
  rows,
}: {
  editor: DraftEditor;
  view: EditorView;
  rows: readonly ItemRow[];
}): JSX.Element {
  const text = useText();
  const [read, setRead] = useState<ReadImport | undefined>();
  const [isOver, setIsOver] = useState(false);
  const pasted = useRef<HTMLTextAreaElement>(null);
  const picker = useRef<HTMLInputElement>(null);
  const datasets = () => [...draftDatasets(view.draft, view.slots), ...datasetsAhead(rows)];
  const [lookedUp, setLookedUp] = useState<'asking' | 'unknown' | undefined>();
  const readPasted = async (typed: string) => {
    setLookedUp(undefined);
    // A DOI or a PubMed id alone: the installation may look it up. It need not, and nothing is lost where it cannot.
    if (/^\s*(\S*10\.\d{4,9}\/\S+|(pmid:?\s*)?\d{5,9}|https?:\/\/pubmed\.\S+)\s*$/i.test(typed)) {
      setLookedUp('asking');
      const told = await api.call(routes.lookUpPublication, { query: { id: typed.trim() } }).catch(() => undefined);
      setLookedUp(told?.found ? undefined : 'unknown');
      if (told?.found) return setRead(readImport(new Map([[typed.trim(), told.found.text]]), datasets()));
      return setRead(undefined);
    }
    setRead(readPastedMetadata(typed, text('meta.pasted'), datasets()));
  };
  const take = (files: readonly File[]) => {
    if (files.length > 0) void readDroppedMetadata(files, datasets()).then(setRead);
  };
  return (
    <div className="metatool" id="metadata-import">
      <p className="s m2">{text('meta.importAbout')}</p>
      <div
        className={`drop ${isOver ? 'over' : ''}`}
        onDragOver={(event) => {
          event.preventDefault();
          event.stopPropagation();
          setIsOver(true);
        }}
        onDragLeave={() => setIsOver(false)}
        onDrop={(event) => {
          event.preventDefault();
          event.stopPropagation();
          setIsOver(false);
          take([...event.dataTransfer.files]);
        }}
      >
        <span className="grow">{text('meta.importDrop')}</span>
        <button type="button" className="btn" onClick={() => picker.current?.click()}>
          {text('meta.importChoose')}
        </button>
        <input
          ref={picker}
          type="file"
          multiple
          hidden
          aria-label={text('meta.importChoose')}
          onChange={(event) => {
            take([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
      </div>
      <label className="lf">
        <span>{text('meta.paste')}</span>
        <textarea
          ref={pasted}
          spellCheck={false}
          onPaste={(event) => {
            // The pasted text is in the box only after this event.
            const box = event.currentTarget;
            setTimeout(() => void readPasted(box.value));
          }}
        />
      </label>
      <button type="button" className="btn" onClick={() => void readPasted(pasted.current?.value ?? '')}>
        {text('meta.read')}
      </button>
      {lookedUp === undefined ? null : (
        <p className="s m2" role="status">
          {text(lookedUp === 'asking' ? 'meta.lookingUp' : 'meta.notLookedUp')}
        </p>
      )}
      {read ? (
        <Offers
          // Another import starts with its own ticks.
          key={read.offers.map(({ key }) => key).join() + read.name}
          read={read}
          view={view}
          titles={new Map(datasets().map(({ id, title }) => [id, title]))}
          join={(index, id) => setRead(withOpen(read, index, id))}
          mended={setRead}
          takeOver={(offers) => {
            editor.edit(editOf(offers));
            setRead(undefined);
          }}
        />
      ) : null}
    </div>
  );
}

/** Lines of papers with those of an import, which stand for the same paper before them. */
function withPapers(before: unknown, offered: FieldValue): FieldValue {
  const [old, lines] = [before, offered].map((value) => (Array.isArray(value) ? (value as string[]) : []));
  const told = lines!.flatMap((line) => paperOfLine(line) ?? []);
  const stays = (line: string) => {
    const paper = paperOfLine(line);
    return paper !== undefined && !told.some((one) => isSamePaper(one, paper));
  };
  return [...old!.filter(stays), ...lines!];
}

/** Offers drawn; more are taken over with them. */
const shownOffers = 300;

/** Name of a key of the form, with its data set. @param titles of data sets by id, where many names are asked for */
export function nameOfKey(
  key: string,
  view: Pick<EditorView, 'draft' | 'slots'>,
  titles?: ReadonlyMap<string, string>,
): string {
  const { dataset } = splitValueKey(key);
  const label = metadataFieldById(key)?.label[language()] ?? key;
  if (dataset === undefined) return label;
  const title = titles
    ? titles.get(dataset)
    : draftDatasets(view.draft, view.slots).find(({ id }) => id === dataset)?.title;
  // Of files that are not sent yet, and not here, nobody knows the name.
  return `${label} (${title ?? (isAhead(dataset) ? '…' : dataset)})`;
}

/** An issue of a sheet with its cell as spreadsheets name it: `study.xlsx, sheet Study E2`. */
function inCell(issue: Issue): Issue {
  const { row, column, file, ...where } = issue.where;
  return row !== undefined && typeof column === 'string' && /^[A-Z]{1,3}$/.test(column)
    ? { ...issue, where: { ...where, file: `${file ?? ''} ${column}${row}`.trim() } }
    : issue;
}

/** Does an offer say something that the form does not hold yet? What holds for the whole study need not be said of a data set. */
function isNews(
  { key, value }: OfferedValue,
  offers: readonly OfferedValue[],
  view: EditorView,
  given: Readonly<Record<string, GivenValue>>,
): boolean {
  const own = slotNow(view.slots, key)?.value;
  const { field, dataset } = splitValueKey(key);
  if (dataset === undefined || own !== undefined) return !isSame(own, value);
  const ofStudy = (view.slots[`value:${field}`] as ValueSlot | undefined)?.value;
  const held = offers.find((one) => one.key === field)?.value ?? ofStudy ?? given[key]?.value;
  return !isSame(held, value);
}

/** A data set of an import whose title none of ours has: the nearest with one press, or one of the list. */
function OpenRow({ open, take }: { open: OpenDataset; take: (id: string) => void }): JSX.Element {
  const text = useText();
  const near = open.choices.find(({ id }) => id === open.nearest);
  return (
    <p className="or">
      {near ? (
        <button type="button" className="btn sm" onClick={() => take(near.id)}>
          {text('meta.isDataset', { title: open.title.slice(0, 80), own: near.title.slice(0, 80) })}
        </button>
      ) : null}{' '}
      <label>
        <span className="s m2">{text('meta.whichDataset', { title: open.title.slice(0, 80) })}</span>{' '}
        <select className="sel" value="" onChange={(event) => take(event.target.value)}>
          <option value="">{text('field.choose')}</option>
          {open.choices.slice(0, shownOffers).map(({ id, title }) => (
            <option key={id} value={id}>
              {title.slice(0, 120)}
            </option>
          ))}
        </select>
      </label>
    </p>
  );
}

/** Is an offered value ticked from the start? Not where a person typed one, and not over a contact that the account gave. */
function isTakenFirst(key: string, slotOf: (key: string) => ReturnType<typeof slotNow>): boolean {
  const contact = ['contactEmail', 'contactFirstName', 'contactLastName'];
  const isOfContact = key.startsWith('contact') && contact.some((one) => slotOf(one)?.origin?.kind === 'account');
  return !isOfContact && (slotOf(key)?.origin?.kind ?? 'file') !== 'person';
}

/** What was read, beside what is there: ticked values are taken over. */
export function Offers({
  read,
  view,
  titles,
  takeOver,
  join,
  mended,
}: {
  read: ReadImport;
  view: EditorView;
  /** Titles of data sets by id, those whose files are not sent yet included; left out, those of the draft. */
  titles?: ReadonlyMap<string, string>;
  takeOver: (offers: OfferedValue[]) => void;
  /** Gives a data set that none of ours was found for to one of ours; without it nothing is offered. */
  join?: (index: number, id: string) => void;
  /** Takes what was read anew after an offer was written into the document; without it offers are only said. */
  mended?: (read: ReadImport) => void;
}): JSX.Element {
  const text = useText();
  const slotOf = (key: string) => slotNow(view.slots, key);
  // What earlier imports of other standards kept stays beside what this one keeps.
  const merged = (value: FieldValue) =>
    keptText(keptOfValue(value), slotOf(keptKey)?.value as FieldValue | undefined).text ?? value;
  const given = useMemo(() => gathered(view.draft, view.slots).given, [view.draft, view.slots]);
  // Free text that equals the name of a term is offered as the term.
  useKnownTerms(useMemo(() => freeTerms(read.offers), [read.offers]));
  const [withTerms, setWithTerms] = useState(true);
  const matched = withTermsOf(read.offers);
  const offers = (withTerms ? matched.offers : read.offers)
    .map((offer) => (offer.key === keptKey ? { ...offer, value: merged(offer.value) } : offer))
    // Papers that are told already stay beside those that come.
    .map((offer) =>
      offer.key === 'papers' ? { ...offer, value: withPapers(slotOf('papers')?.value, offer.value) } : offer,
    )
    .filter((offer) => isNews(offer, read.offers, view, given));
  const named = useMemo(
    () => titles ?? new Map(draftDatasets(view.draft, view.slots).map(({ id, title }) => [id, title])),
    [titles, view.draft, view.slots],
  );
  // What a person typed is not overwritten unless they say so; nor is the contact, which is who is signed in: the first author of a document
  // is somebody else, and half of a name would be put beside the address of another.
  const [chosen, setChosen] = useState<ReadonlySet<string>>(
    () => new Set(offers.filter(({ key }) => isTakenFirst(key, slotOf)).map(({ key }) => key)),
  );
  return (
    <div className="lf" role="status">
      {read.name === '' ? null : (
        <p className="s">
          {text('meta.found', { name: read.name, values: offers.length, unread: read.unread.length })}
        </p>
      )}
      <FindingList<Issue>
        issues={read.issues.map(inCell)}
        mend={
          read.mend && mended
            ? { isFor: isOfferedValue, take: (issue) => mended(read.mend?.(issue) ?? read) }
            : undefined
        }
      />
      {offers.length > 0 ? (
        <>
          <table className="t">
            <tbody>
              {offers.slice(0, shownOffers).map(({ key, value }) => (
                <tr key={key}>
                  <td>
                    <label className="tick">
                      <input
                        type="checkbox"
                        checked={chosen.has(key)}
                        onChange={() =>
                          setChosen((now) => {
                            const next = new Set(now);
                            if (!next.delete(key)) next.add(key);
                            return next;
                          })
                        }
                      />
                      {key === keptKey ? text('meta.keptParts') : nameOfKey(key, view, named)}
                    </label>
                  </td>
                  <td>
                    {key === keptKey
                      ? text('meta.keptPartsOf', { count: keptCount(value).parts })
                      : writtenValue(value).slice(0, 300)}
                    {slotOf(key) && key !== keptKey ? (
                      <p className="or warn">
                        {text('meta.instead', { value: writtenValue(slotOf(key)!.value).slice(0, 200) })}
                      </p>
                    ) : null}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {offers.length > shownOffers ? (
            <p className="s m2">{text('meta.more', { count: offers.length - shownOffers })}</p>
          ) : null}
          {matched.count > 0 ? (
            <label className="tick">
              <input type="checkbox" checked={withTerms} onChange={() => setWithTerms(!withTerms)} />
              {text('terms.inImport', { count: matched.count })}
            </label>
          ) : null}
          <button
            type="button"
            className="btn primary"
            disabled={chosen.size === 0}
            onClick={() => takeOver(offers.filter(({ key }) => chosen.has(key)))}
          >
            {text('meta.takeOver', { count: chosen.size })}
          </button>
        </>
      ) : null}
      {read.unmatched.length > 0 ? (
        <p className="or warn">
          <Icon name="warn" />
          {text('meta.unmatched', { titles: read.unmatched.slice(0, 10).join(', ') })}
        </p>
      ) : null}
      {join && (read.open ?? []).some(({ choices }) => choices.length > 0)
        ? read.open!.map((one, index) => (
            // oxlint-disable-next-line react/no-array-index-key
            <OpenRow key={`${one.title} ${index}`} open={one} take={(id) => join(index, id)} />
          ))
        : null}
      {read.unread.length > 0 ? (
        <details>
          <summary>{text('meta.unread', { count: read.unread.length })}</summary>
          <ul className="unread">
            {read.unread.slice(0, 500).map(({ place, text: said }, index) => (
              // oxlint-disable-next-line react/no-array-index-key
              <li key={`${place} ${index}`}>
                <span className="mono">{place}</span> {said}
              </li>
            ))}
          </ul>
        </details>
      ) : null}
    </div>
  );
}
