import type { FieldValue } from '@micrarium/model';
import {
  figureDoi,
  type FigureFault,
  figureFaults,
  type FigureLink,
  figuresKey,
  figuresText,
  readFigures,
} from '@micrarium/standards';
import { type JSX, useId, useMemo, useState } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { Icon } from '../app/icons.tsx';
import { useText } from '../messages/text.ts';
import { WordsInput } from '../readers/words-input.tsx';
import type { DraftEditor } from './draft-editor.ts';
import type { Draft, DraftItem } from './draft.ts';
import { figureView } from './figure-view.ts';
import type { Slots, ValueSlot } from './slots.ts';

const slot = `value:${figuresKey}`;
const isQuantitative = ({ kind }: DraftItem) => kind === 'tracks' || kind === 'objects' || kind === 'table';

/** Panels of published figures, each with the image, the table and the analysis behind it. */
export function FiguresSection({
  draft,
  slots,
  editor,
}: {
  draft: Draft;
  slots: Slots;
  editor: DraftEditor;
}): JSX.Element {
  const text = useText();
  const [isFull, setFull] = useState(false);
  const value = (slots[slot] as ValueSlot | undefined)?.value as FieldValue | undefined;
  const figures = useMemo(() => readFigures(value), [value]);
  const paper = (slots['value:paperDoi'] as ValueSlot | undefined)?.value;
  const save = (next: readonly FigureLink[]): void => {
    const written = figuresText(next);
    setFull(written === undefined);
    if (written === undefined) return;
    editor.edit({ [slot]: written === '' ? undefined : { value: written, origin: { kind: 'person' } } });
  };
  return (
    <section id="figures" tabIndex={-1}>
      <div className="hd">
        <h2>{text('figures.title')}</h2>
        <span className="s m2">{text('figures.help')}</span>
      </div>
      <ol className="figures">
        {figures.map((figure, at) => (
          // oxlint-disable-next-line react/no-array-index-key
          <li key={at}>
            <OneFigure
              figure={figure}
              number={at + 1}
              draft={draft}
              change={(next) => save(figures.map((one, place) => (place === at ? next : one)))}
              remove={() => save(figures.filter((_one, place) => place !== at))}
            />
          </li>
        ))}
      </ol>
      {isFull ? (
        <p className="or bad" role="alert">
          <Icon name="bad" />
          {text('figures.tooLong')}
        </p>
      ) : null}
      {draft.state === 'editing' ? (
        <button
          type="button"
          className="btn sm"
          onClick={() =>
            save([...figures, { label: '', ...(typeof paper === 'string' && paper ? { doi: paper } : {}) }])
          }
        >
          {text('figures.add')}
        </button>
      ) : null}
    </section>
  );
}

/** A figure with one part changed; what is empty is left out. */
function withPart<Part extends keyof FigureLink>(figure: FigureLink, part: Part, value: FigureLink[Part]): FigureLink {
  const { [part]: _before, ...rest } = figure;
  return { label: figure.label, ...rest, ...(value ? { [part]: value } : {}) } as FigureLink;
}

interface Props {
  figure: FigureLink;
  number: number;
  draft: Draft;
  change(next: FigureLink): void;
  remove(): void;
}

function OneFigure({ figure, number, draft, change, remove }: Props): JSX.Element {
  const text = useText();
  const faults = figureFaults(figure, draft.items);
  const put =
    <Part extends keyof FigureLink>(part: Part) =>
    (value: FigureLink[Part]) =>
      change(part === 'label' ? { ...figure, label: String(value) } : withPart(figure, part, value));
  return (
    <fieldset disabled={draft.state !== 'editing'}>
      <legend>{figure.label.trim() || text('figures.nth', { number })}</legend>
      <div className="two">
        <LabelledInput
          label={text('figures.label')}
          placeholder={text('figures.labelExample')}
          maxLength={120}
          value={figure.label}
          onValue={put('label')}
        />
        <LabelledInput
          label={text('figures.doi')}
          maxLength={300}
          value={figure.doi ?? ''}
          onValue={put('doi')}
          onBlur={() => figureDoi(figure) !== undefined && put('doi')(figureDoi(figure))}
        />
      </div>
      <WordsInput label={text('figures.caption')} most={5000} value={figure.caption ?? ''} onValue={put('caption')} />
      <ViewInput figure={figure} draft={draft} change={change} />
      <div className="two">
        <ImageChoice figure={figure} items={draft.items} change={change} />
        <Choice
          label={text('figures.table')}
          value={figure.table ?? ''}
          options={draft.items.filter(isQuantitative).map(({ path }) => [path, path])}
          choose={put('table')}
        />
      </div>
      <LabelledInput
        label={text('figures.analysis')}
        help={text('figures.analysisHelp')}
        maxLength={2000}
        value={figure.analysis ?? ''}
        onValue={put('analysis')}
        onBlur={() => put('analysis')(ownPath(figure.analysis))}
      />
      {faults.map((fault: FigureFault) => (
        <p key={fault} className="or warn">
          <Icon name="warn" />
          {text(`figures.fault.${fault}`)}
        </p>
      ))}
      <button type="button" className="btn sm quiet" onClick={remove}>
        {text('figures.remove')}
      </button>
    </fieldset>
  );
}

/** An address of this site without its origin: it counts wherever the site moves. */
function ownPath(address: string | undefined): string | undefined {
  const trimmed = address?.trim();
  if (!trimmed || !URL.canParse(trimmed)) return trimmed;
  const url = new URL(trimmed);
  return url.origin === location.origin ? `${url.pathname}${url.search}${url.hash}` : trimmed;
}

/** Takes the address of a view; what it says of image and view goes into the figure, and the address is not kept. */
function ViewInput({ figure, draft, change }: Pick<Props, 'figure' | 'draft' | 'change'>): JSX.Element {
  const text = useText();
  const [address, setAddress] = useState('');
  const take = (typed: string): void => {
    const view = figureView(typed, draft.accession, draft.items);
    setAddress(view ? '' : typed);
    if (!view) return;
    const { image: _image, imageIndex: _index, view: _view, ...rest } = figure;
    change({ ...rest, ...view });
  };
  const isWrong = address.trim() !== '';
  return (
    <div>
      <LabelledInput
        label={text('figures.view')}
        help={text(isWrong ? 'figures.viewElsewhere' : 'figures.viewHelp')}
        value={address}
        onValue={take}
      />
      {figure.view === undefined ? null : (
        <p className="or">
          <Icon name="check" />
          {text('figures.viewKept')}{' '}
          <button type="button" className="btn sm quiet" onClick={() => change(withPart(figure, 'view', undefined))}>
            {text('figures.viewDrop')}
          </button>
        </p>
      )}
    </div>
  );
}

/** The images of all items, those of one with several by number. A view belongs to its image. */
function ImageChoice({
  figure,
  items,
  change,
}: {
  figure: FigureLink;
  items: readonly DraftItem[];
  change(next: FigureLink): void;
}): JSX.Element {
  const text = useText();
  const options = items.flatMap(({ path, images }) =>
    images
      .slice(0, 500)
      .map((image, index): [string, string] => [
        `${index} ${path}`,
        images.length === 1 ? path : `${path}, ${image.name || text('figures.imageNumber', { number: index + 1 })}`,
      ]),
  );
  const choose = (chosen: string): void => {
    const { image: _image, imageIndex: _index, view: _view, ...rest } = figure;
    if (chosen === '') return change(rest);
    const at = chosen.indexOf(' ');
    const index = Number(chosen.slice(0, at));
    change({ ...rest, image: chosen.slice(at + 1), ...(index > 0 ? { imageIndex: index } : {}) });
  };
  const value = figure.image === undefined ? '' : `${figure.imageIndex ?? 0} ${figure.image}`;
  return <Choice label={text('figures.image')} value={value} options={options} choose={choose} />;
}

function Choice(props: {
  label: string;
  value: string;
  options: readonly (readonly [value: string, label: string])[];
  choose(value: string): void;
}): JSX.Element {
  const text = useText();
  const id = useId();
  const { label, value, options, choose } = props;
  const isThere = value === '' || options.some(([one]) => one === value);
  return (
    <div className="lf">
      <label htmlFor={id}>{label}</label>
      <select id={id} className="sel" value={value} onChange={(event) => choose(event.target.value)}>
        <option value="">{text('figures.none')}</option>
        {isThere ? null : <option value={value}>{value.replace(/^\d+ /, '')}</option>}
        {options.map(([one, name]) => (
          <option key={one} value={one}>
            {name}
          </option>
        ))}
      </select>
    </div>
  );
}
