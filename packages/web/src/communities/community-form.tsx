import { type JSX, useState } from 'react';
import { LabelledChoice } from '../account/labelled-choice.tsx';
import { LabelledInput } from '../account/labelled-input.tsx';
import { useAnswer, useChange } from '../app/answers.ts';
import { api, routes } from '../app/api.ts';
import { AnswerFailed } from '../app/failures.tsx';
import { useMe } from '../app/session.ts';
import { useText } from '../messages/text.ts';
import { WordsInput } from '../readers/words-input.tsx';

const colours = ['blue', 'teal', 'green', 'amber', 'red', 'violet'] as const;

interface Before {
  slug: string;
  title: string;
  text: string;
  website: string;
  colour: (typeof colours)[number];
}

/** Title, text, website and colour of a community; of one that is new its name in addresses, and the group behind it. */
export function CommunityForm({ before, onSaved }: { before?: Before; onSaved(slug: string): void }): JSX.Element {
  const text = useText();
  const me = useMe();
  const [edited, setEdited] = useState<Before>(
    before ?? { slug: '', title: '', text: '', website: '', colour: 'blue' },
  );
  const [group, setGroup] = useState('');
  const change = (part: Partial<Before>) => setEdited((old) => ({ ...old, ...part }));
  const groups = useAnswer({
    queryKey: ['groups'],
    enabled: before === undefined,
    queryFn: () => api.call(routes.listTeams, {}),
  });
  const led = (groups.data?.teams ?? []).filter(({ members }) => members.some((one) => one.id === me?.id && one.leads));
  const chosen = group === '' ? (led[0]?.id ?? '') : group;
  const save = useChange({
    mutationFn: () => {
      const { slug, title, text: words, website, colour } = edited;
      return api.call(routes.saveCommunity, {
        params: { slug },
        body: { title, text: words, website, colour, ...(before ? {} : { group: chosen }) },
      });
    },
    onSuccess: (saved) => onSaved(saved.slug),
  });
  if (!before && groups.data && led.length === 0) return <p className="st info">{text('community.noGroup')}</p>;
  return (
    <form
      className="rform"
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      {before ? null : (
        <>
          <LabelledChoice
            label={text('community.group')}
            value={chosen}
            choices={led.map((one) => [one.id, one.name] as const)}
            onValue={setGroup}
          />
          <LabelledInput
            label={text('community.slug')}
            help={text('community.slugHelp')}
            required
            pattern="[a-z][a-z0-9\-]{2,39}"
            value={edited.slug}
            onValue={(slug) => change({ slug })}
          />
        </>
      )}
      <LabelledInput
        label={text('community.name')}
        required
        maxLength={200}
        value={edited.title}
        onValue={(title) => change({ title })}
      />
      <WordsInput
        label={text('community.text')}
        most={20_000}
        value={edited.text}
        onValue={(words) => change({ text: words })}
      />
      <LabelledInput
        label={text('community.website')}
        type="url"
        maxLength={500}
        value={edited.website}
        onValue={(website) => change({ website })}
      />
      <LabelledChoice
        label={text('community.colour')}
        value={edited.colour}
        choices={colours.map((one) => [one, text(`community.colour.${one}`)] as const)}
        onValue={(chosen) => change({ colour: chosen })}
      />
      <button type="submit" className="btn primary" disabled={save.isPending}>
        {text('community.save')}
      </button>
      {save.error ? <AnswerFailed error={save.error} /> : null}
    </form>
  );
}
