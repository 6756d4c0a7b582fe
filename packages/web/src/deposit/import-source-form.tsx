import { type FormEvent, type JSX, useId, useState } from 'react';
import { LabelledInput } from '../account/labelled-input.tsx';
import { useText } from '../messages/text.ts';
import type { NamedSource } from './import-answers.ts';

type Kind = NamedSource['kind'];

interface Fields {
  address: string;
  user: string;
  password: string;
  endpoint: string;
  bucket: string;
  prefix: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

const empty: Fields = {
  address: '',
  user: '',
  password: '',
  endpoint: '',
  bucket: '',
  prefix: '',
  region: '',
  accessKeyId: '',
  secretAccessKey: '',
};

/** Where a storage asks for none, any will do; most programs say this one. */
const usualRegion = 'us-east-1';

/** What is filled in, without what was left empty. */
function sourceOf(kind: Kind, fields: Fields): NamedSource {
  const given = <Name extends keyof Fields>(...names: Name[]) =>
    Object.fromEntries(
      names.map((name) => [name, fields[name].trim()] as const).filter(([, value]) => value !== ''),
    ) as Partial<Record<Name, string>>;
  if (kind === 'drop-folder') return { kind };
  if (kind === 'url') return { kind, address: fields.address.trim() };
  if (kind === 'webdav') return { kind, address: fields.address.trim(), ...given('user', 'password') };
  return {
    kind,
    endpoint: fields.endpoint.trim(),
    bucket: fields.bucket.trim(),
    ...given('prefix', 'region', 'accessKeyId', 'secretAccessKey'),
  };
}

/** Names a source. Passwords and keys stay on this page until it is left. */
export function ImportSourceForm(props: {
  hasDropFolder: boolean;
  isBusy: boolean;
  list(source: NamedSource): void;
}): JSX.Element {
  const { hasDropFolder, isBusy, list } = props;
  const text = useText();
  const id = useId();
  const [kind, setKind] = useState<Kind>('url');
  const [fields, setFields] = useState(empty);
  const kinds: readonly Kind[] = hasDropFolder ? ['url', 'webdav', 's3', 'drop-folder'] : ['url', 'webdav', 's3'];
  const input = (name: keyof Fields) => ({
    value: fields[name],
    onValue: (value: string) => setFields((before) => ({ ...before, [name]: value })),
    autoComplete: 'off',
    spellCheck: false,
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    list(sourceOf(kind, fields));
  };
  return (
    <form className="from" onSubmit={submit}>
      <p className="s m2">{text('import.help')}</p>
      <div className="lf">
        <label htmlFor={id}>{text('import.source')}</label>
        <select id={id} className="sel" value={kind} onChange={(event) => setKind(event.target.value as Kind)}>
          {kinds.map((one) => (
            <option key={one} value={one}>
              {text(`import.kind.${one}`)}
            </option>
          ))}
        </select>
      </div>
      {kind === 'url' || kind === 'webdav' ? (
        <LabelledInput
          label={text('import.address')}
          help={text(`import.address.${kind}`)}
          type="url"
          required
          {...input('address')}
        />
      ) : null}
      {kind === 'webdav' ? (
        <div className="two">
          <LabelledInput label={text('import.user')} help={text('import.userHelp')} {...input('user')} />
          <LabelledInput label={text('import.password')} type="password" {...input('password')} />
        </div>
      ) : null}
      {kind === 's3' ? <BucketInputs input={input} /> : null}
      {kind === 'drop-folder' ? <p className="s m2">{text('import.dropHelp')}</p> : null}
      <p className="row w">
        <button type="submit" className="btn" disabled={isBusy}>
          {text('import.list')}
        </button>
        <span className="s m2" role="status">
          {isBusy ? text('import.listing') : null}
        </span>
      </p>
    </form>
  );
}

function BucketInputs({
  input,
}: {
  input: (name: keyof Fields) => { value: string; onValue: (value: string) => void };
}): JSX.Element {
  const text = useText();
  return (
    <>
      <LabelledInput label={text('import.endpoint')} type="url" required {...input('endpoint')} />
      <div className="two">
        <LabelledInput label={text('import.bucket')} required {...input('bucket')} />
        <LabelledInput label={text('import.prefix')} help={text('import.prefixHelp')} {...input('prefix')} />
      </div>
      <div className="two">
        <LabelledInput label={text('import.key')} help={text('import.keyHelp')} {...input('accessKeyId')} />
        <LabelledInput label={text('import.secret')} type="password" {...input('secretAccessKey')} />
      </div>
      <div className="two">
        <LabelledInput label={text('import.region')} placeholder={usualRegion} {...input('region')} />
      </div>
    </>
  );
}
