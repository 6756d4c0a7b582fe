import { type MetadataTier, studySheets } from '@micrarium/standards';
import { type JSX, useState } from 'react';
import type { EditorView } from '../deposit/draft-editor.ts';
import { useText } from '../messages/text.ts';
import { saveSheets } from './save-sheets.ts';
import { gathered, type StudyAbout, valuesOf } from './study-state.ts';

/** The Excel template of the tier, empty or filled with what the form says now. */
export function TemplatePanel({ view, about }: { view: EditorView; about: StudyAbout }): JSX.Element {
  const text = useText();
  const [isBusy, setIsBusy] = useState(false);
  const save = async (tier: MetadataTier, isFilled: boolean) => {
    setIsBusy(true);
    try {
      const { datasets, given } = gathered(view.draft, view.slots);
      const content = { values: valuesOf(view.slots), datasets, given };
      await saveSheets(
        studySheets(tier, isFilled ? content : undefined),
        `${isFilled ? view.draft.accession : 'template'}-${tier}.xlsx`,
      );
    } finally {
      setIsBusy(false);
    }
  };
  const other: MetadataTier = about.tier === 'archive' ? 'database' : 'archive';
  return (
    <div className="metatool" id="metadata-template">
      <p className="s m2">{text('meta.templateAbout')}</p>
      {[about.tier, other].map((tier) => (
        <div key={tier} className="row">
          <span className="s">{text(tier === 'archive' ? 'meta.archiveTier' : 'meta.databaseTier')}</span>
          <button type="button" className="btn" disabled={isBusy} onClick={() => void save(tier, true)}>
            {text('meta.templateFilled')}
          </button>
          <button type="button" className="btn" disabled={isBusy} onClick={() => void save(tier, false)}>
            {text('meta.templateEmpty')}
          </button>
        </div>
      ))}
    </div>
  );
}
