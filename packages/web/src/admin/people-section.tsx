import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { HeadedTable } from '../app/headed-table.tsx';
import { useMe } from '../app/session.ts';
import { useText } from '../messages/text.ts';
import { writtenDate } from '../messages/written.ts';

const queryKey = ['admin', 'people'];
const load = () => api.call(routes.listPeople, {});
type People = Awaited<ReturnType<typeof load>>;
type Role = People['people'][number]['role'];
const roles: readonly Role[] = ['member', 'curator', 'owner'];
const again = () => answers.invalidateQueries({ queryKey });

/** Accounts with their roles, and invitations. */
export function PeopleSection(): JSX.Element {
  const text = useText();
  const list = useAnswer({ queryKey, queryFn: load });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('admin.people')}</h2>
        <span className="s m2">{text('admin.peopleHelp')}</span>
      </div>
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      <Invite />
      {list.data && list.data.invitations.length > 0 ? <Invitations invitations={list.data.invitations} /> : null}
      {list.data ? <Accounts people={list.data.people} /> : null}
    </section>
  );
}

function RoleChoice({ role, label, onRole }: { role: Role; label: string; onRole(role: Role): void }): JSX.Element {
  const text = useText();
  return (
    <select
      className="field-in"
      aria-label={label}
      value={role}
      onChange={(event) => onRole(event.target.value as Role)}
    >
      {roles.map((one) => (
        <option key={one} value={one}>
          {text(`admin.role.${one}`)}
        </option>
      ))}
    </select>
  );
}

function Invite(): JSX.Element {
  const text = useText();
  const [role, setRole] = useState<Role>('member');
  const [email, setEmail] = useState('');
  const make = useChange({
    mutationFn: () =>
      api.call(routes.invite, { body: { role, ...(email.trim() === '' ? {} : { email: email.trim() }) } }),
    onSuccess: again,
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        make.mutate();
      }}
    >
      <div className="row w">
        <RoleChoice role={role} label={text('admin.role')} onRole={setRole} />
        <input
          className="field-in"
          type="email"
          size={36}
          aria-label={text('admin.inviteEmail')}
          placeholder={text('admin.inviteEmail')}
          value={email}
          onChange={(event) => setEmail(event.target.value)}
        />
        <button type="submit" className="btn" disabled={make.isPending}>
          {text('admin.invite')}
        </button>
      </div>
      {make.error ? <AnswerFailed error={make.error} /> : null}
      {make.data ? (
        <p className="prose">
          {text('admin.inviteLink', { until: writtenDate(make.data.expiresAt) })}{' '}
          {make.data.isSent ? text('admin.inviteSent') : null} <code className="code">{make.data.link}</code>
        </p>
      ) : null}
    </form>
  );
}

function Invitations({ invitations }: { invitations: People['invitations'] }): JSX.Element {
  const text = useText();
  const take = useChange({
    mutationFn: (id: string) => api.call(routes.takeBackInvitation, { params: { id } }),
    onSettled: again,
  });
  return (
    <>
      <h3>{text('admin.invitations')}</h3>
      {take.error ? <AnswerFailed error={take.error} /> : null}
      <ul className="plain">
        {invitations.map((one) => (
          <li key={one.id} className="row w">
            <span className="b">{text(`admin.role.${one.role}`)}</span>
            <span>{one.email ?? text('admin.inviteAnybody')}</span>
            <span className="m2">{text('admin.inviteUntil', { until: writtenDate(one.expiresAt) })}</span>
            <button type="button" className="btn sm" onClick={() => take.mutate(one.id)}>
              {text('admin.takeBack')}
            </button>
          </li>
        ))}
      </ul>
    </>
  );
}

function Accounts({ people }: { people: People['people'] }): JSX.Element {
  const text = useText();
  const me = useMe();
  const change = useChange({
    mutationFn: ({ id, ...body }: { id: string; role?: Role; isClosed?: boolean; secondFactor?: 'off' }) =>
      api.call(routes.changePerson, { params: { id }, body }),
    onSettled: again,
  });
  return (
    <>
      {change.error ? <AnswerFailed error={change.error} /> : null}
      <HeadedTable
        heads={[
          text('admin.name'),
          text('admin.email'),
          text('admin.role'),
          { words: text('table.actions'), as: 'unseen' },
        ]}
      >
        {people.map((one) => (
          <tr key={one.id}>
            <td className="b">{one.name}</td>
            <td>{one.email}</td>
            <td>
              {one.id === me?.id ? (
                text(`admin.role.${one.role}`)
              ) : (
                <RoleChoice
                  role={one.role}
                  label={text('admin.roleOf', { name: one.name })}
                  onRole={(role) => change.mutate({ id: one.id, role })}
                />
              )}
            </td>
            <td className="r">
              {one.id !== me?.id && one.hasCodes ? (
                <button
                  type="button"
                  className="btn sm"
                  title={text('admin.codesOffHelp')}
                  onClick={() => change.mutate({ id: one.id, secondFactor: 'off' })}
                >
                  {text('admin.codesOff')}
                </button>
              ) : null}{' '}
              {one.id === me?.id ? null : (
                <button
                  type="button"
                  className="btn sm"
                  onClick={() => change.mutate({ id: one.id, isClosed: !one.isClosed })}
                >
                  {text(one.isClosed ? 'admin.openAccount' : 'admin.closeAccount')}
                </button>
              )}
            </td>
          </tr>
        ))}
      </HeadedTable>
    </>
  );
}
