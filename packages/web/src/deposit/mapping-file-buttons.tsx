import type { ColumnMapping, DelimitedHead } from '@micrarium/formats';
import { type JSX, useRef } from 'react';
import { useText } from '../messages/text.ts';
import { saveText } from '../viewer/save.ts';
import { mappingFileText, takeMappingFile } from './column-memory.ts';

/** Takes remembered columns to another computer, or to the command line, as a `mapping.json`, and back. */
export function MappingFileButtons({
  head,
  mapping,
  choose,
  tell,
}: {
  head: DelimitedHead;
  mapping: ColumnMapping;
  choose: (mapping: ColumnMapping) => void;
  tell: (problem: string) => void;
}): JSX.Element {
  const text = useText();
  const input = useRef<HTMLInputElement>(null);
  const columns = head.columns.map(({ name }) => name);
  const load = async (file: File) => {
    const taken = takeMappingFile(await file.text(), head.shapeKey);
    const isHere = taken?.mapping && rolesOf(taken.mapping).every((name) => columns.includes(name));
    tell(taken ? (isHere ? '' : text('column.notInFile')) : text('column.noMappingFile'));
    if (isHere) choose(taken.mapping!);
  };
  return (
    <>
      <button
        type="button"
        className="btn quiet sm"
        onClick={() => saveText('mapping.json', 'application/json', mappingFileText(head.shapeKey, columns, mapping))}
      >
        {text('column.saveFile')}
      </button>
      <button type="button" className="btn quiet sm" onClick={() => input.current?.click()}>
        {text('column.loadFile')}
      </button>
      <input
        ref={input}
        type="file"
        accept=".json,application/json"
        hidden
        aria-label={text('column.loadFile')}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file) void load(file);
        }}
      />
    </>
  );
}

function rolesOf({ x, y, z, frame, time, track, objectId, parent, label }: ColumnMapping): string[] {
  return [x, y, z, frame, time, track, objectId, parent, label].filter((name) => name !== undefined);
}
