import { describe, expect, it } from 'vitest';
import { digestOf, mailOf } from './mail-words.ts';

const detail = { accession: 'MIC-000001', name: 'Cell atlas', title: 'Cells', work: 'A paper' };
const link = 'https://micrarium.example/page';

describe('a mail that tells of a decision', () => {
  it.each([
    ['community-decided', 'accepted', 'accepted'],
    ['community-decided', 'declined', 'declined'],
    ['community-decided', 'taken-out', 'out'],
    ['access-decided', 'granted', 'granted'],
    ['access-decided', 'refused', 'refused'],
    ['access-decided', 'ended', 'ended'],
    ['reuse-decided', 'confirmed', 'confirmed'],
    ['reuse-decided', 'declined', 'declined'],
    ['study-ask-decided', 'declined', 'declined'],
    ['study-ask-decided', 'done', 'made'],
  ] as const)('of kind %s says that it was %s, in the one mail a day too', (kind, decision, word) => {
    const { subject, body } = mailOf(kind, { ...detail, decision }, link);
    expect(subject).toContain(word);
    expect(body).toContain(word);
    // What the other language says follows on a line of its own.
    expect(body.split('\n')[1]).toMatch(/[ぁ-ん].*。$/u);
    expect(body).not.toMatch(/\{\w+\}/);
    const notice = { kind, detail: { ...detail, decision }, link };
    expect(digestOf([notice, notice], link).body.split(body.split('\n')[0]!)).toHaveLength(3);
  });

  it.each(['member', 'curator', 'owner'])('of a role says that it is %s now, and to sign in again', (decision) => {
    const { body } = mailOf('role-changed', { decision, at: '2026-11-22 10:00 UTC' }, link);
    expect(body).toContain(`to: ${decision} (2026-11-22 10:00 UTC)`);
    expect(body).toContain('sign in again');
    expect(body).not.toMatch(/\{\w+\}|「\w+」/);
  });

  it('of which the decision was not noted says that there was one', () => {
    for (const more of [{}, { decision: 'toString' }, { decision: 7 }])
      expect(mailOf('community-decided', { ...detail, ...more }, link).subject).toBe(
        'MIC-000001: a community has decided',
      );
  });
});
