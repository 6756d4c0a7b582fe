import type { Contributor } from '@micrarium/model';
import type { JSX } from 'react';
import { Icon } from '../app/icons.tsx';
import { type MessageKey, useText } from '../messages/text.ts';

const parts: readonly {
  part: 'firstName' | 'lastName' | 'organisation' | 'email' | 'orcid';
  label: MessageKey;
  required: boolean;
}[] = [
  // Groups have one name, and so do some people.
  { part: 'firstName', label: 'person.firstName', required: false },
  { part: 'lastName', label: 'person.lastName', required: true },
  { part: 'organisation', label: 'person.organisation', required: true },
  { part: 'email', label: 'person.email', required: false },
  { part: 'orcid', label: 'person.orcid', required: false },
];
const roles: readonly { role: Contributor['role']; label: MessageKey }[] = [
  { role: 'image and quantitative', label: 'person.both' },
  { role: 'image', label: 'person.image' },
  { role: 'quantitative', label: 'person.quantitative' },
];

/** People credited with the data, in author order, which can be changed. */
export function ContributorList({
  id,
  people,
  change,
}: {
  id: string;
  people: readonly Contributor[];
  change: (people: Contributor[] | undefined) => void;
}): JSX.Element {
  const text = useText();
  const set = (next: Contributor[]) => change(next.length === 0 ? undefined : next);
  const edit = (index: number, part: Partial<Contributor>) =>
    set(people.map((person, at) => (at === index ? cleaned({ ...person, ...part }) : person)));
  const move = (index: number, by: number) => {
    const next = [...people];
    const [person] = next.splice(index, 1);
    if (person) next.splice(index + by, 0, person);
    set(next);
  };
  return (
    <div className="people">
      {people.map((person, index) => (
        // The place in the list is the person's identity here: nothing else is sure to be filled in.
        // oxlint-disable-next-line react/no-array-index-key
        <fieldset key={index}>
          <legend className="num">{text('person.number', { number: index + 1 })}</legend>
          <div className="grid">
            {parts.map(({ part, label, required }) => (
              <label key={part} className={part}>
                {text(label)}
                <span className={`field-in ${required && person[part] === '' ? 'need' : ''}`}>
                  <input
                    type="text"
                    aria-required={required}
                    value={person[part] ?? ''}
                    onChange={(event) => edit(index, { [part]: event.target.value })}
                  />
                </span>
              </label>
            ))}
            <label className="role">
              {text('person.role')}
              <select
                className="sel"
                value={person.role}
                onChange={(event) => edit(index, { role: event.target.value as Contributor['role'] })}
              >
                {roles.map(({ role, label }) => (
                  <option key={role} value={role}>
                    {text(label)}
                  </option>
                ))}
              </select>
            </label>
          </div>
          <div className="row acts">
            <button
              type="button"
              className="btn sm icon"
              aria-label={text('person.up')}
              disabled={index === 0}
              onClick={() => move(index, -1)}
            >
              <Icon name="up" />
            </button>
            <button
              type="button"
              className="btn sm icon"
              aria-label={text('person.down')}
              disabled={index === people.length - 1}
              onClick={() => move(index, 1)}
            >
              <Icon name="chevron" />
            </button>
            <button type="button" className="btn sm" onClick={() => set(people.filter((_, at) => at !== index))}>
              {text('person.remove')}
            </button>
          </div>
        </fieldset>
      ))}
      <button
        id={id}
        type="button"
        className="btn"
        onClick={() =>
          set([...people, { firstName: '', lastName: '', organisation: '', role: 'image and quantitative' }])
        }
      >
        <Icon name="plus" />
        {text('person.add')}
      </button>
    </div>
  );
}

/** Without optional parts that are empty. */
function cleaned(person: Contributor): Contributor {
  const { email, orcid, ...rest } = person;
  return { ...rest, ...(email ? { email } : {}), ...(orcid ? { orcid } : {}) };
}
