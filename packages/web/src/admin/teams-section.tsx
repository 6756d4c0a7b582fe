import { type JSX, useState } from 'react';
import { answers, useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useMe } from '../app/session.ts';
import { SureButton } from '../app/sure-button.tsx';
import { useText } from '../messages/text.ts';

const queryKey = ['groups'];
const load = () => api.call(routes.listTeams, {});
type Team = Awaited<ReturnType<typeof load>>['teams'][number];
const again = () => answers.invalidateQueries({ queryKey });

/** My groups: laboratories and collaborations that drafts can be shared with. */
export function TeamsSection(): JSX.Element {
  const text = useText();
  const [name, setName] = useState('');
  const list = useAnswer({ queryKey, queryFn: load });
  const make = useChange({
    mutationFn: () => api.call(routes.makeTeam, { body: { name } }),
    onSuccess: () => {
      setName('');
      return again();
    },
  });
  return (
    <section className="sec">
      <div className="hd">
        <h2>{text('group.title')}</h2>
        <span className="s m2">{text('group.help')}</span>
        <a className="l s end" href="/community-desk/new">
          {text('group.community')}
        </a>
      </div>
      {list.error ? <AnswerFailed error={list.error} again={() => void list.refetch()} /> : null}
      {(list.data?.teams ?? []).map((team) => (
        <TeamCard key={team.id} team={team} again={again} />
      ))}
      <form
        className="row w"
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') make.mutate();
        }}
      >
        <input
          className="field-in"
          aria-label={text('group.name')}
          placeholder={text('group.name')}
          value={name}
          onChange={(event) => setName(event.target.value)}
        />
        <button type="submit" className="btn">
          {text('group.make')}
        </button>
      </form>
      {make.error ? <AnswerFailed error={make.error} /> : null}
    </section>
  );
}

/** A group with its members, and what who leads it, or curates its community, does with them. */
export function TeamCard(props: { team: Team; manages?: boolean; again(): Promise<void> }): JSX.Element {
  const { team, manages = false, again } = props;
  const text = useText();
  const me = useMe();
  const [email, setEmail] = useState('');
  const isLed = manages || team.members.some((one) => one.id === me?.id && one.leads);
  const add = useChange({
    mutationFn: () => api.call(routes.addTeamMember, { params: { id: team.id }, body: { email: email.trim() } }),
    onSuccess: () => {
      setEmail('');
      return again();
    },
  });
  const remove = useChange({
    mutationFn: (user: string) => api.call(routes.removeTeamMember, { params: { id: team.id, user } }),
    onSuccess: again,
  });
  const lead = useChange({
    mutationFn: ({ user, leads }: { user: string; leads: boolean }) =>
      api.call(routes.leadTeam, { params: { id: team.id, user }, body: { leads } }),
    onSuccess: again,
  });
  return (
    <div className="team">
      <h3>{team.name}</h3>
      <ul className="passkeys">
        {team.members.map((one) => (
          <li key={one.id} className="row w">
            <span>{one.name}</span>
            {one.leads ? <span className="m2">{text('group.leads')}</span> : null}
            {isLed ? (
              <button
                type="button"
                className="btn sm"
                disabled={lead.isPending}
                aria-label={`${text(one.leads ? 'group.follow' : 'group.lead')}: ${one.name}`}
                onClick={() => lead.mutate({ user: one.id, leads: !one.leads })}
              >
                {text(one.leads ? 'group.follow' : 'group.lead')}
              </button>
            ) : null}
            {one.id === me?.id ? (
              <SureButton
                words={text('group.leave')}
                sure={text('group.leaveSure')}
                look="btn sm"
                isBusy={remove.isPending}
                onSure={() => remove.mutate(one.id)}
              />
            ) : isLed ? (
              <button
                type="button"
                className="btn sm"
                aria-label={`${text('group.remove')}: ${one.name}`}
                onClick={() => remove.mutate(one.id)}
              >
                {text('group.remove')}
              </button>
            ) : null}
          </li>
        ))}
      </ul>
      {isLed ? (
        <form
          className="row w"
          onSubmit={(event) => {
            event.preventDefault();
            add.mutate();
          }}
        >
          <input
            className="field-in"
            type="email"
            required
            aria-label={text('group.email')}
            placeholder={text('group.email')}
            value={email}
            onChange={(event) => setEmail(event.target.value)}
          />
          <button type="submit" className="btn sm">
            {text('group.add')}
          </button>
        </form>
      ) : null}
      {add.error ? <AnswerFailed error={add.error} /> : null}
      {remove.error ? <AnswerFailed error={remove.error} /> : null}
      {lead.error ? <AnswerFailed error={lead.error} /> : null}
    </div>
  );
}
