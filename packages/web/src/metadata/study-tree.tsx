import { type JSX, useMemo, useState } from 'react';
import { shownTitle } from '@micrarium/standards';
import { Icon } from '../app/icons.tsx';
import type { Draft } from '../deposit/draft.ts';
import { metadataIssues } from '../deposit/field-state.ts';
import { goTo } from '../deposit/missing-list.tsx';
import type { Slots } from '../deposit/slots.ts';
import { type MessageKey, useText } from '../messages/text.ts';
import { type StudyAbout, datasetsOf, useOfDatasets, valuesOf } from './study-state.ts';
import { type PartNode, type TreePart, datasetsInError, partNodes } from './tree-nodes.ts';

/** Data sets drawn at once; more on demand. */
const shownAtFirst = 30;

const partNames: Readonly<Record<TreePart, MessageKey>> = {
  biosamples: 'meta.treeBiosample',
  specimens: 'meta.treeSpecimen',
  acquisitions: 'meta.treeAcquisition',
};

/** The study as a tree beside the form: study, data sets, and what each is of; each node leads to its fields. */
export function StudyTree({ draft, slots, about }: { draft: Draft; slots: Slots; about: StudyAbout }): JSX.Element {
  const text = useText();
  // Beside the form there is room for it; above it, on narrow screens, it waits folded.
  const [isOpen, setIsOpen] = useState(() => matchMedia('(min-width: 1025px)').matches);
  return (
    <details className="studytree" open={isOpen} onToggle={(event) => setIsOpen(event.currentTarget.open)}>
      <summary>
        <h3>{text('meta.tree')}</h3>
      </summary>
      {isOpen ? <Nodes draft={draft} slots={slots} about={about} /> : null}
    </details>
  );
}

function Nodes({ draft, slots, about }: { draft: Draft; slots: Slots; about: StudyAbout }): JSX.Element {
  const text = useText();
  const { tier, given } = about;
  const [open, setOpen] = useState<ReadonlySet<string>>(new Set());
  const [all, setAll] = useState(false);
  const values = useMemo(() => valuesOf(slots), [slots]);
  // The archive tier gathers no data sets for its form; the tree shows them all the same.
  const datasets = useOfDatasets(draft, slots, datasetsOf);
  const wrong = useMemo(() => datasetsInError(metadataIssues(slots, about)), [slots, about]);
  const toggle = (id: string) =>
    setOpen((now) => {
      const next = new Set(now);
      if (!next.delete(id)) next.add(id);
      return next;
    });
  const title = shownTitle(values.title, text('meta.treeStudy'));
  return (
    <ul>
      <li>
        <div className="node">
          <Icon name="circle" />
          <Leading to="group-study">{title}</Leading>
        </div>
        <ul>
          <Parts nodes={partNodes(values, given, tier)} />
          {datasets.slice(0, all ? datasets.length : shownAtFirst).map((dataset) => (
            <li key={dataset.id}>
              <div className="node">
                <button
                  type="button"
                  className="fold"
                  aria-expanded={open.has(dataset.id)}
                  aria-label={text('meta.treeOpen', { title: dataset.title })}
                  onClick={() => toggle(dataset.id)}
                >
                  ›
                </button>
                {/* Only the database tier asks something of a data set; else its files say all of it. */}
                <Leading to={tier === 'database' ? `field-datasetTitle@${dataset.id}` : 'files'}>
                  {dataset.title}
                </Leading>
                {wrong.has(dataset.id) ? (
                  <span className="warn" title={text('meta.treeMissing')}>
                    <Icon name="warn" />
                    <span className="sr">{text('meta.treeMissing')}</span>
                  </span>
                ) : null}
              </div>
              {open.has(dataset.id) ? (
                <ul>
                  <Parts
                    // Where data sets have no fields of their own, those of the study hold for them.
                    nodes={partNodes(values, given, tier, tier === 'database' ? dataset.id : undefined)}
                  />
                </ul>
              ) : null}
            </li>
          ))}
          {!all && datasets.length > shownAtFirst ? (
            <li>
              <button type="button" className="btn sm" onClick={() => setAll(true)}>
                {text('meta.allDatasets', { count: datasets.length })}
              </button>
            </li>
          ) : null}
        </ul>
      </li>
    </ul>
  );
}

function Leading({ to, children }: { to: string; children: JSX.Element | string }): JSX.Element {
  return (
    <button type="button" className="plainlink" onClick={() => goTo(to)}>
      {children}
    </button>
  );
}

function Parts({ nodes }: { nodes: readonly PartNode[] }): JSX.Element {
  const text = useText();
  return (
    <>
      {nodes.map(({ part, told, field }) => (
        <li key={part}>
          <div className="node">
            <Icon name={told.length > 0 ? 'check' : 'circle'} />
            <Leading to={`field-${field}`}>
              <>
                {text(partNames[part])}
                <small>{told.length > 0 ? told.slice(0, 3).join(', ') : text('meta.treeEmpty')}</small>
              </>
            </Leading>
          </div>
        </li>
      ))}
    </>
  );
}
