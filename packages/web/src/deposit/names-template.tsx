import { type NamingTemplate, emptyTree, readTemplate, templateText } from '@micrarium/formats';
import { type JSX, useState } from 'react';
import { useText } from '../messages/text.ts';
import { saveText } from '../viewer/save.ts';
import { saveTree } from './save-tree.ts';

/** Saves pattern, levels and rules as a template of the laboratory, opens one, and makes empty folders by it. */
export function TemplatePart({
  template,
  take,
  guess,
}: {
  template: NamingTemplate;
  take: (template: NamingTemplate) => void;
  guess: () => void;
}): JSX.Element {
  const text = useText();
  const [problem, setProblem] = useState('');
  const read = async (file: File | undefined): Promise<void> => {
    if (!file) return;
    const found = file.size > 1 << 20 ? text('names.tooLarge') : readTemplate(await file.text());
    if (typeof found === 'string') setProblem(found);
    else {
      setProblem('');
      take(found);
    }
  };
  return (
    <div className="row w">
      <button type="button" className="btn sm quiet" onClick={guess}>
        {text('names.guess')}
      </button>
      <button
        type="button"
        className="btn sm"
        onClick={() => saveText('naming-template.json', 'application/json', templateText(template))}
      >
        {text('names.save')}
      </button>
      <label className="btn sm">
        {text('names.load')}
        <input
          type="file"
          className="sr"
          accept=".json,application/json"
          onChange={(event) => void read(event.target.files?.[0])}
        />
      </label>
      <button
        type="button"
        className="btn sm"
        onClick={() => void saveTree(emptyTree(template, 'new-project'), 'new-project.zip')}
      >
        {text('names.emptyTree')}
      </button>
      {problem === '' ? null : (
        <p className="problem" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}
