import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiBase, routes } from '@micrarium/api';
import { SMTPServer } from 'smtp-server';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { linkIdentity } from '../../packages/server/src/auth/identities.ts';
import { everyAccount } from '../../packages/server/src/auth/people.ts';
import { totpCode, totpStep } from '../../packages/server/src/auth/totp.ts';
import { readConfig } from '../../packages/server/src/config.ts';
import { mailOf } from '../../packages/server/src/notices/mail-words.ts';
import { Outbox } from '../../packages/server/src/notices/outbox.ts';
import { overview } from '../../packages/server/src/usage/overview.ts';
import { Webhooks } from '../../packages/server/src/webhooks/webhooks.ts';
import { type Harness, openHarness } from './harness.ts';
import { describeDraft, fillDraft, publishStudy, trackTable } from './publish-study.ts';

const home = 'https://micrarium.example';
const folder = mkdtempSync(join(tmpdir(), 'micrarium-mail-'));
/** Mails as a mail server of the test received them, whole. */
const received: { to: string; text: string }[] = [];
let isRefusing = false;
const mailServer = new SMTPServer({
  authOptional: true,
  allowInsecureAuth: true,
  disabledCommands: ['STARTTLS'],
  onAuth: ({ username, password }, _session, done) =>
    done(username === 'micrarium' && password === 'of the file' ? null : new Error('wrong'), { user: username }),
  onRcptTo: (_address, _session, done) => done(isRefusing ? new Error('450 later') : null),
  onData(stream, session, done) {
    const parts: Buffer[] = [];
    stream.on('data', (part: Buffer) => parts.push(part));
    stream.on('end', () => {
      for (const { address } of session.envelope.rcptTo)
        received.push({ to: address, text: decoded(Buffer.concat(parts).toString('utf8')) });
      done();
    });
  },
});

/** Text of a mail with its transfer encoding undone, as far as these mails use one. */
function decoded(text: string): string {
  const [head = '', ...rest] = text.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  if (/base64/i.test(head)) return `${head}\n\n${Buffer.from(body, 'base64').toString('utf8')}`;
  if (!/quoted-printable/i.test(head)) return text;
  const bytes = body
    .replace(/=\r\n/g, '')
    .replace(/=([0-9A-F]{2})/g, (_all, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return `${head}\n\n${Buffer.from(bytes, 'latin1').toString('utf8')}`;
}

let harness: Harness;
let dora: Awaited<ReturnType<Harness['member']>>;
let cora: Awaited<ReturnType<Harness['member']>>;
/** Who has not confirmed their address deposits nothing where mail is sent. */
async function confirmed(...[name, role]: Parameters<Harness['member']>): ReturnType<Harness['member']> {
  const made = await harness.member(name, role);
  await harness.services.db
    .updateTable('auth_user')
    .set({ emailVerified: true })
    .where('id', '=', made.user.id)
    .execute();
  return made;
}
let olga: Awaited<ReturnType<Harness['member']>>;
beforeAll(async () => {
  await new Promise<void>((resolve) => mailServer.listen(0, '127.0.0.1', resolve));
  const { port } = mailServer.server.address() as { port: number };
  writeFileSync(join(folder, 'password'), 'of the file\n');
  harness = await openHarness(true, {
    environment: {
      MICRARIUM_URL: home,
      MICRARIUM_SMTP_URL: `smtp://micrarium@127.0.0.1:${port}`,
      MICRARIUM_SMTP_PASSWORD_FILE: join(folder, 'password'),
      MICRARIUM_MAIL_FROM: 'Micrarium <no-reply@micrarium.example>',
    },
  });
  olga = await confirmed('olga', 'owner');
  cora = await confirmed('cora', 'curator');
  dora = await confirmed('dora');
});
afterAll(async () => {
  await harness.close();
  await new Promise<void>((resolve) => mailServer.close(resolve));
  rmSync(folder, { recursive: true, force: true });
});

const send = (method: string, path: string, as: string | undefined, body?: unknown) =>
  harness.request(apiBase + path, {
    method,
    headers: { 'content-type': 'application/json', origin: home },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(as === undefined ? {} : { as }),
  });
const noticesOf = async (as: string) =>
  routes.listNotices.responses[200].content['application/json'].schema.parse(
    await (await send('GET', '/notices', as)).json(),
  );
/** Mails that arrived since the last call. */
const mails = async () => {
  await harness.services.outbox.drain();
  return received.splice(0);
};

test('a review tells whom it concerns, on the page and by mail, in both languages', async () => {
  const client = harness.client(dora.token);
  const { id, accession } = await client.call(routes.createDraft, {});
  await fillDraft(harness, dora.token, id, { 'tracks.csv': trackTable });
  await describeDraft(harness, dora.token, id, 'Cells of mine');
  const step = async (as: string, name: string) =>
    (await send('POST', `/drafts/${id}/review`, as, { step: name })).status;
  expect(await step(dora.cookie, 'submit')).toBe(200);
  expect((await mails()).map(({ to }) => to).sort()).toEqual(['cora@example.org', 'olga@example.org']);
  expect(await step(cora.cookie, 'claim')).toBe(200);
  await send('POST', `/drafts/${id}/review/comments`, cora.cookie, { text: 'Which dye?', mustFix: true });
  expect(await step(cora.cookie, 'request changes')).toBe(200);
  const told = await mails();
  expect(told.map(({ to }) => to)).toEqual(['dora@example.org', 'dora@example.org', 'dora@example.org']);
  expect(told.at(-1)!.text).toContain(`"Cells of mine" (${accession})`);
  expect(told.at(-1)!.text).toContain('修正を求めています');
  expect(told.at(-1)!.text).toContain(`${home}/review/${id}`);
  expect(told.at(-1)!.text).toContain('Auto-Submitted: auto-generated');
  // What was refused is not told.
  expect(await step(cora.cookie, 'approve')).toBe(409);
  expect(await mails()).toEqual([]);
  const { notices, unread } = await noticesOf(dora.cookie);
  expect(notices.map(({ kind }) => kind)).toEqual(['changes-requested', 'commented', 'assigned']);
  expect(unread).toBe(3);
  expect(notices[0]).toMatchObject({
    link: `/review/${id}`,
    detail: { accession, name: 'cora', title: 'Cells of mine' },
  });
  await send('POST', '/notices/read', dora.cookie, { ids: [notices[0]!.id] });
  expect((await noticesOf(dora.cookie)).unread).toBe(2);
  // Nobody marks what others were told.
  await send('POST', '/notices/read', cora.cookie, { ids: notices.map((one) => one.id) });
  expect((await noticesOf(dora.cookie)).unread).toBe(2);
  await send('POST', '/notices/read', dora.cookie, {});
  expect((await noticesOf(dora.cookie)).unread).toBe(0);
});

test('one is told as one chooses: by mail, on the page only, not at all', async () => {
  await mails();
  for (const [choice, onPage, byMail] of [
    ['page', 1, 0],
    ['none', 0, 0],
    ['mail', 1, 1],
  ] as const) {
    const answer = await send('PUT', '/notices/choices', dora.cookie, { kind: 'published', choice });
    expect((await answer.json()).choices).toContainEqual({ kind: 'published', choice });
    const before = (await noticesOf(dora.cookie)).notices.length;
    await publishStudy(harness, dora.token, `Told ${choice}`);
    expect((await noticesOf(dora.cookie)).notices.length - before).toBe(onPage);
    expect((await mails()).map(({ to }) => to)).toEqual(byMail === 1 ? ['dora@example.org'] : []);
  }
});

test('what is wanted in one mail a day comes in one mail, without anything secret', async () => {
  await mails();
  const kind = 'commented';
  expect((await send('PUT', '/notices/choices', dora.cookie, { kind, choice: 'digest' })).status).toBe(200);
  const { notices } = harness.services;
  for (const title of ['First', 'Second'])
    await notices.tell([dora.user.id], {
      kind,
      link: '/review/x',
      detail: { accession: 'MIC-1', name: 'cora', title },
    });
  expect(await mails()).toEqual([]);
  expect(await notices.sendDigests(new Date())).toBe(0);
  const tomorrow = new Date(Date.now() + 25 * 3_600_000);
  const sent = await Promise.all([notices.sendDigests(tomorrow), notices.sendDigests(tomorrow)]);
  expect(Math.max(...sent)).toBe(1);
  const arrived = await mails();
  expect(arrived).toHaveLength(1);
  const text = JSON.stringify(arrived[0]);
  for (const word of ['notices of the day (2)', 'First', 'Second', '/notices']) expect(text).toContain(word);
  expect(text).not.toMatch(/micl_|mic_/);
  expect(await notices.sendDigests(tomorrow)).toBe(0);
});

test('the end of an embargo, a private link and damage are told once each', async () => {
  const { db, notices, states } = harness.services;
  const accession = await publishStudy(harness, dora.token, 'Closed for now');
  const now = new Date('2026-01-10T00:00:00Z');
  const state = {
    accession,
    state: 'embargoed' as const,
    until: '2026-01-20',
    reason: '',
    replaced_by: null,
    actor: 'x',
    archived: true,
  };
  await db.insertInto('study_state').values(state).execute();
  for (const at of [new Date('2025-12-01T00:00:00Z'), now, now, new Date('2026-02-01T00:00:00Z')])
    await notices.remindOfEmbargoes(at);
  const ofKind = async (kind: string, as: string) => (await noticesOf(as)).notices.filter((one) => one.kind === kind);
  expect(await ofKind('embargo-ending', dora.cookie)).toMatchObject([
    { detail: { accession, day: '2026-01-20', title: 'Closed for now' } },
  ]);
  await db.updateTable('study_state').set({ until: '2999-01-01' }).where('accession', '=', accession).execute();
  states['remembered'].forget(accession);
  const made = await send('POST', `/studies/${accession}/private-links`, dora.cookie, {
    version: 1,
    label: 'Referee 2',
  });
  expect(made.status).toBe(201);
  const { address } = await made.json();
  for (let count = 0; count < 2; count++) expect((await harness.request(new URL(address).pathname)).status).toBe(303);
  expect(await ofKind('link-used', dora.cookie)).toMatchObject([{ detail: { accession, label: 'Referee 2' } }]);
  const run = await db
    .insertInto('fixity_run')
    .values({ cause: 'page', due_before: now, units: 1 })
    .returning('id')
    .executeTakeFirstOrThrow();
  const since = new Date(Date.now() - 1000);
  await notices.tellOfDamage(since);
  const finding = { run_id: run.id, unit: 'x', accession, path: 'p', code: 'c', message: 'm' };
  await db.insertInto('fixity_finding').values([finding, finding]).execute();
  for (let count = 0; count < 2; count++) await notices.tellOfDamage(since);
  expect(await ofKind('fixity-trouble', olga.cookie)).toMatchObject([{ link: '/admin', detail: { count: 2 } }]);
  expect(await ofKind('fixity-trouble', cora.cookie)).toEqual([]);
});

test('a mail server that refuses or is away costs nobody anything: mail waits, and goes later, once', async () => {
  await mails();
  isRefusing = true;
  expect(
    (await send('POST', '/admin/invitations', olga.cookie, { role: 'member', email: 'new@example.org' })).status,
  ).toBe(201);
  expect(await mails()).toEqual([]);
  const state = await (await send('GET', '/admin/mail', olga.cookie)).json();
  expect(state).toMatchObject({ isOn: true, waiting: 1, failing: 1, lastFault: expect.stringContaining('450') });
  isRefusing = false;
  // Not before its time.
  expect(await mails()).toEqual([]);
  const late = new Date(Date.now() + 120_000);
  // Two processes drain one outbox: each mail is sent by one.
  const other = new Outbox(harness.services.db, harness.kernel.config.mail);
  const counts = await Promise.all([harness.services.outbox.drain(late), other.drain(late)]);
  expect(counts.reduce((sum, one) => sum + one)).toBe(1);
  const [mail] = received.splice(0);
  expect(mail!.to).toBe('new@example.org');
  expect(mail!.text).toMatch(/https:\/\/micrarium\.example\/invitation#token=[\w-]{40,}&email=new%40example\.org\s/);
  // What it said is kept no longer.
  const kept = await harness.services.db
    .selectFrom('mail_outbox')
    .select(['body', 'sent_at'])
    .orderBy('id', 'desc')
    .executeTakeFirst();
  expect([kept!.body, kept!.sent_at === null]).toEqual(['', false]);
});

test('a mail server that is down for a week loses no mail: all go in their order when it is back', async () => {
  await mails();
  const { db } = harness.services;
  // Nobody listens there.
  const account = { ...harness.kernel.config.mail!, url: 'smtp://micrarium@127.0.0.1:9' };
  const away = new Outbox(db, account);
  const names = ['one', 'two', 'three'].map((name) => `${name}@example.org`);
  for (const recipient of names)
    await db
      .insertInto('mail_outbox')
      .values({ recipient, subject: 'Of a week', body: 'Kept', created_at: new Date(), next_at: new Date() })
      .execute();
  const began = Date.now();
  let tries = 0;
  for (let minutes = 0; minutes < 8 * 24 * 60; minutes += 30) {
    expect(await away.drain(new Date(began + minutes * 60_000))).toBe(0);
    tries++;
  }
  expect(tries).toBeGreaterThan(300);
  expect(await away.state()).toMatchObject({
    waiting: 3,
    failing: 1,
    lastFault: expect.stringContaining('ECONNREFUSED'),
  });
  const late = new Date(began + 8 * 86_400_000);
  const { outbox } = await overview(db, harness.data, late);
  expect(outbox.find(({ name }) => name === 'mail')).toMatchObject({ waiting: 3, oldest: expect.any(String) });
  expect(await harness.services.outbox.drain(late)).toBe(3);
  expect(received.splice(0).map(({ to }) => to)).toEqual(names);
  expect(await away.state()).toMatchObject({ waiting: 0, failing: 0 });
});

test('a password that was forgotten: one link, once, and every session ends', async () => {
  await mails();
  const ask = async (email: string) => (await send('POST', '/password-reset/ask', undefined, { email })).status;
  expect(await ask('nobody@example.org')).toBe(202);
  expect(await mails()).toEqual([]);
  expect(await ask('dora@example.org')).toBe(202);
  expect(await ask('dora@example.org')).toBe(202);
  expect(await ask('dora@example.org')).toBe(429);
  const tokens = (await mails()).map(({ text }) => /new-password#token=([\w-]+)/.exec(text)![1]!);
  const set = async (token: string) =>
    (await send('POST', '/password-reset', undefined, { token, password: 'a new and long one' })).status;
  expect(tokens).toHaveLength(2);
  expect(await set(tokens[0]!)).toBe(410);
  expect(await Promise.all([set(tokens[1]!), set(tokens[1]!)]).then((all) => all.sort())).toEqual([204, 410]);
  expect((await (await harness.request(`${apiBase}/me`, { as: dora.cookie })).json()).user).toBeNull();
  expect(await harness.services.accounts.signIn('dora@example.org', 'correct horse battery')).toBeUndefined();
  expect((await harness.services.accounts.signIn('dora@example.org', 'a new and long one'))?.user.name).toBe('dora');
});

/** Code of an app that holds the key (RFC 4648 base 32), of the step so many after this one. */
function codeOf(key: string, ahead: number): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...key].map((one) => alphabet.indexOf(one).toString(2).padStart(5, '0')).join('');
  return totpCode(
    Buffer.from(bits.match(/.{8}/g)!.map((one) => Number.parseInt(one, 2))),
    totpStep(Date.now()) + ahead,
  );
}

test('whose ways to sign in change is told each time, by a mail at once and on the page, whatever they chose', async () => {
  await mails();
  const { db, notices } = harness.services;
  const vera = await confirmed('vera');
  let { cookie } = vera;
  const taken = (answer: Response) => answer.headers.getSetCookie().map((one) => one.split(';')[0]);
  const secrets: string[] = [];
  /** The one mail and the one notice that came of it. */
  const told = async (kind: string, subject: string) => {
    const arrived = await mails();
    expect(
      arrived.map(({ to }) => to),
      kind,
    ).toEqual(['vera@example.org']);
    const { text } = arrived[0]!;
    for (const words of [subject, 'If this was you, there is nothing to do.', 'お心当たりがあれば', `${home}/account`])
      expect(text, kind).toContain(words);
    // Nothing that acts, nothing that signs in, and no way to choose not to be told.
    expect(text.match(/https?:\S+/g), kind).toEqual([`${home}/account`]);
    for (const secret of secrets) expect(text, kind).not.toContain(secret);
    const list = await noticesOf(cookie);
    expect(list.notices[0], kind).toMatchObject({ kind, link: '/account', isRead: false });
    return text;
  };
  // None of them is one that is chosen.
  const { choices } = await (await send('GET', '/notices/choices', cookie)).json();
  expect(choices.map(({ kind }: { kind: string }) => kind)).not.toContain('password-changed');
  const off = { kind: 'password-changed', choice: 'none' };
  expect((await send('PUT', '/notices/choices', cookie, off)).status).toBe(400);
  await db
    .insertInto('notice_choice')
    .values({ user_id: vera.user.id, kind: 'password-changed', choice: 'none' })
    .execute();

  secrets.push('correct horse battery', 'another phrase of words');
  const wrong = { current: 'not this one', password: secrets[1] };
  expect((await send('PUT', '/me/password', cookie, wrong)).status).toBe(409);
  expect(await mails()).toEqual([]);
  const changed = await send('PUT', '/me/password', cookie, { current: secrets[0], password: secrets[1] });
  expect(changed.status).toBe(204);
  cookie = taken(changed).join('; ');
  await told('password-changed', 'Subject: Your password for Micrarium was changed');

  expect((await send('POST', '/password-reset/ask', undefined, { email: 'vera@example.org' })).status).toBe(202);
  const token = /new-password#token=([\w-]+)/.exec((await mails())[0]!.text)![1]!;
  secrets.push(token, 'a third phrase of words');
  expect((await send('POST', '/password-reset', undefined, { token, password: secrets[3] })).status).toBe(204);
  const signIn = async (code?: string) => {
    const body = { email: 'vera@example.org', password: secrets[3], ...(code === undefined ? {} : { code }) };
    return await harness.request('/api/auth/sign-in/email', {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: home },
      body: JSON.stringify(body),
    });
  };
  cookie = taken(await signIn()).join('; ');
  await told('password-changed', 'The password of your account was set anew');

  const begun = await send('POST', '/me/second-factor', cookie, {});
  const { key } = (await begun.json()) as { key: string };
  // What was begun only changes nothing.
  expect(await mails()).toEqual([]);
  const confirm = await send('POST', '/me/second-factor/confirm', cookie, { code: codeOf(key, -1) });
  const { recoveryCodes } = (await confirm.json()) as { recoveryCodes: string[] };
  secrets.push(key, ...recoveryCodes);
  await told('second-factor-on', 'A second factor was set up');
  expect((await signIn(codeOf(key, 0))).status).toBe(200);
  expect((await signIn('aaaa bbbb cccc')).status).toBe(401);
  expect(await mails()).toEqual([]);
  expect((await signIn(recoveryCodes[0])).status).toBe(200);
  expect(await told('recovery-code-used', 'A recovery code for Micrarium was used')).toContain(
    'Codes that are left: 9.',
  );
  expect((await send('POST', '/me/second-factor/off', cookie, { code: codeOf(key, 1) })).status).toBe(204);
  await told('second-factor-off', 'was switched off');

  await linkIdentity(db, vera.user.id, { provider: 'orcid', subject: '0000-0002-1825-0097' }, notices);
  await told('identity-linked', 'An identity at "orcid" was linked');
  // Linked already: nothing has changed.
  await linkIdentity(db, vera.user.id, { provider: 'orcid', subject: '0000-0002-1825-0097' }, notices);
  expect(await mails()).toEqual([]);
  expect((await send('DELETE', '/me/identities/orcid', cookie, {})).status).toBe(204);
  await told('identity-unlinked', 'The identity at "orcid" was taken off');
});

test('a person erased: nothing personal is left, what was published is, and drafts are discarded', async () => {
  const { db, accounts } = harness.services;
  const eve = await confirmed('eve-the-erased');
  const accession = await publishStudy(harness, eve.token, 'Stays after all');
  const { id } = await harness.client(eve.token).call(routes.createDraft, {});
  const erase = async (as: string, body: object) => (await send('POST', '/me/erase', as, body)).status;
  const mine = { email: 'eve-the-erased@example.org', password: 'correct horse battery' };
  expect(await erase(eve.cookie, { ...mine, password: 'wrong' })).toBe(409);
  expect(await erase(eve.cookie, { ...mine, email: 'dora@example.org' })).toBe(409);
  expect(await erase(eve.token, mine)).toBe(403);
  expect(await erase(olga.cookie, { ...mine, email: 'olga@example.org' })).toBe(409);
  expect(await erase(eve.cookie, mine)).toBe(204);
  expect(await accounts.signIn(mine.email, mine.password)).toBeUndefined();
  expect((await harness.request(`${apiBase}/drafts`, { as: eve.token })).status).toBe(401);
  expect((await harness.services.studies.getDraft(id))!.state).toBe('discarded');
  expect((await harness.request(`${apiBase}/studies/${accession}`)).status).toBe(200);
  for (const table of [
    'auth_user',
    'auth_account',
    'auth_session',
    'api_token',
    'notice',
    'mail_outbox',
    'audit_event',
  ] as const) {
    const rows = await db.selectFrom(table).selectAll().execute();
    expect(JSON.stringify(rows), table).not.toContain('eve-the-erased');
  }
  expect((await everyAccount(db)).map(({ name }) => name).sort()).toEqual(['cora', 'dora', 'olga', 'vera']);
});

test('nothing in a title begins a new line of a mail; half a mail server is refused at the start', () => {
  const { subject, body } = mailOf(
    'published',
    { accession: 'MIC-1\r\nBcc: all@example.org', version: 1, title: 'x\ny' },
    '/x',
  );
  expect(subject).not.toMatch(/[\r\n]/);
  expect(body.split('\n')[0]).toContain('"x y"');
  // A name that turns around what follows it turns nothing around, in the sentence and in words that are handed on.
  const turned = mailOf('answer', { accession: 'MIC-1', title: 'x', name: 'Vera\u202E' }, '/x', {
    quote: 'a\u202Eb\nc',
  });
  expect(turned.subject + turned.body).not.toMatch(/[\u202A-\u202E]/u);
  expect(turned.body).toContain('> ab\n> c\n');
  const read = (environment: Record<string, string>) => () => readConfig({ data: folder }, environment);
  const url = { MICRARIUM_SMTP_URL: 'smtp://mail.example.org' };
  expect(read(url)).toThrow(/MICRARIUM_MAIL_FROM/);
  expect(read({ ...url, MICRARIUM_SMTP_URL: 'smtp://a:b@mail.example.org' })).toThrow(/PASSWORD_FILE/);
  expect(read({ ...url, MICRARIUM_MAIL_FROM: 'a@b.org', MICRARIUM_URL: home })().mail).toEqual({
    url: url.MICRARIUM_SMTP_URL,
    from: 'a@b.org',
  });
});

test('no fault of the program was noted', () => {
  expect(harness.faults).toEqual([]);
});

test('webhooks tell of studies and notices, signed, tried again, never at closed addresses', async () => {
  const dina = await confirmed('dina');
  const told: { body: string; headers: Record<string, string> }[] = [];
  let answers = 204;
  const receiver = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      told.push({ body: Buffer.concat(parts).toString(), headers: request.headers as Record<string, string> });
      response.writeHead(answers, { location: 'http://127.0.0.1:1/' }).end('not read');
    });
  });
  await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  const host = `127.0.0.1:${(receiver.address() as { port: number }).port}`;
  const target = `http://${host}/hook`;
  const make = async (body: object) => await send('POST', '/account/webhooks', dina.cookie, body);
  // The routes know no host that is allowed: nothing but the public internet is told, by https.
  for (const closed of [
    target,
    'https://10.0.0.1/',
    'https://[::1]/',
    'https://a:b@example.org/',
    'http://example.org/',
  ])
    expect((await make({ target: closed, events: 'notices' })).status, closed).toBe(400);
  const { db, search } = harness.services;
  const rule = (_address: string, asked: string) => asked === host;
  const webhooks = new Webhooks(db, search, { secret: 'of the installation', rule, home });
  const dinasId = (
    await db.selectFrom('auth_user').select('id').where('email', '=', 'dina@example.org').executeTakeFirstOrThrow()
  ).id;
  const ofSearch = (await webhooks.make(dinasId, { target, events: 'search', query: 'q=hooked' }))!;
  const ofNotices = (await webhooks.make(dinasId, { target, events: 'notices', query: '' }))!;
  const stored = await db.selectFrom('webhook').selectAll().execute();
  expect(JSON.stringify(stored)).not.toContain(ofSearch.secret);
  expect(await webhooks.drain()).toBe(2);
  expect(told.splice(0).map(({ headers }) => headers['micrarium-event'])).toEqual(['webhook.made', 'webhook.made']);
  const accession = await publishStudy(harness, dina.token, 'Hooked cells');
  await publishStudy(harness, dina.token, 'Others');
  answers = 307;
  expect(await webhooks.drain()).toBe(0);
  const failed = (await webhooks.list(dinasId))[0]!.deliveries[0]!;
  expect(failed).toMatchObject({ event: 'study.published', tries: 1, state: 'waiting', status: 307 });
  expect(Date.parse(failed.nextAt!) - Date.now()).toBeGreaterThan(50_000);
  answers = 200;
  told.splice(0);
  expect(await webhooks.drain(), 'not before its time').toBe(0);
  const later = new Date(Date.now() + 61_000);
  expect(await webhooks.drain(later)).toBe(3);
  expect(await webhooks.drain(later), 'told once').toBe(0);
  const study = told.find(({ headers }) => headers['micrarium-event'] === 'study.published')!;
  expect(JSON.parse(study.body)).toMatchObject({
    event: 'study.published',
    study: { accession, version: 1, title: 'Hooked cells', url: `${home}/studies/${accession}/v/1` },
  });
  const at = study.headers['micrarium-timestamp']!;
  expect(Math.abs(Number(at) * 1000 - Date.now())).toBeLessThan(60_000);
  const mac = createHmac('sha256', ofSearch.secret).update(`${at}.${study.body}`).digest('hex');
  expect(study.headers['micrarium-signature']).toBe(`sha256=${mac}`);
  expect(told.map(({ body }) => JSON.parse(body).event).sort()).toEqual([
    'notice.published',
    'notice.published',
    'study.published',
  ]);
  const shown = await (await send('GET', '/account/webhooks', dina.cookie)).json();
  expect(shown.webhooks.map((one: { deliveries: { state: string }[] }) => one.deliveries[0]!.state)).toEqual([
    'delivered',
    'delivered',
  ]);
  expect(JSON.stringify(shown)).not.toContain('whsec_');
  const end = async (as: string) => {
    const path = `${apiBase}/account/webhooks/${ofNotices.id}`;
    return (await harness.request(path, { method: 'DELETE', headers: { origin: home }, as })).status;
  };
  expect([await end(cora.cookie), await end(dina.cookie)]).toEqual([404, 204]);
  expect(await webhooks.list(dinasId)).toHaveLength(1);
  await new Promise((resolve) => receiver.close(resolve));
});
