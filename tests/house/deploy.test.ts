import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';

const root = resolve(import.meta.dirname, '../..');
const deploy = join(root, 'deploy');
const read = (file: string) => readFileSync(join(deploy, file), 'utf8');

interface Service {
  image?: string;
  build?: { context: string; dockerfile: string };
  environment?: Record<string, string>;
  ports?: string[];
  volumes?: string[];
  depends_on?: string[] | Record<string, { condition: string }>;
  secrets?: string[];
  healthcheck?: { test: string[] };
}
interface Compose {
  services: Record<string, Service>;
  volumes?: Record<string, unknown>;
  secrets?: Record<string, { file: string }>;
}

const containerfile = read('Containerfile');
const port = /\bEXPOSE (\d+)/.exec(containerfile)?.[1];

test.each(['compose.yaml', 'compose-scale.yaml'])(
  'deploy/%s names files, volumes, secrets and services that there are',
  (file) => {
    const { services, volumes = {}, secrets = {} } = parse(read(file), { merge: true }) as Compose;
    for (const [name, service] of Object.entries(services)) {
      expect(service.image ?? service.build, name).toBeDefined();
      if (service.build)
        expect(existsSync(join(deploy, service.build.context, service.build.dockerfile)), name).toBe(true);
      for (const volume of service.volumes ?? []) {
        const [from = ''] = volume.split(':');
        if (from.startsWith('.')) expect(existsSync(join(deploy, from)), `${name}: ${from}`).toBe(true);
        else expect(Object.keys(volumes), name).toContain(from);
      }
      const waitsFor = Array.isArray(service.depends_on) ? service.depends_on : Object.keys(service.depends_on ?? {});
      for (const one of waitsFor) expect(Object.keys(services), name).toContain(one);
      if (service.depends_on && !Array.isArray(service.depends_on))
        for (const [one, { condition }] of Object.entries(service.depends_on))
          if (condition === 'service_healthy') expect(services[one]!.healthcheck, one).toBeDefined();
      for (const secret of service.secrets ?? []) {
        expect(Object.keys(secrets), name).toContain(secret);
        expect(Object.values(service.environment ?? {}), name).toContain(`/run/secrets/${secret}`);
      }
      const database = /@([\w-]+):5432\//.exec(service.environment?.['DATABASE_URL'] ?? '')?.[1];
      if (service.build) expect(Object.keys(services), name).toContain(database);
    }
    const used = Object.values(services).flatMap((one) => (one.volumes ?? []).map((volume) => volume.split(':')[0]));
    expect(Object.keys(volumes).filter((name) => !used.includes(name))).toEqual([]);
    // Whoever follows the first line of the file reaches the port that the program listens on, of this machine alone.
    const opened = Object.values(services).flatMap((one) => one.ports ?? []);
    expect(opened).toHaveLength(1);
    expect(opened[0]).toMatch(/^127\.0\.0\.1:8080:/);
  },
);

test('the processes of compose-scale.yaml are those that its nginx asks, in the roles they are called by', () => {
  const { services } = parse(read('compose-scale.yaml'), { merge: true }) as Compose;
  const asked = [...read('nginx-scale.conf').matchAll(/^\s*server ([\w-]+):(\d+) /gm)];
  const webs = Object.keys(services).filter((name) => name.startsWith('web-'));
  expect(asked.map(([, name]) => name)).toEqual(webs);
  expect(asked.every(([, , to]) => to === port)).toBe(true);
  for (const [name, { environment }] of Object.entries(services))
    if (/^(web|worker)-/.test(name)) expect(environment!['MICRARIUM_ROLE'], name).toBe(name.split('-')[0]);
});

test('the Containerfile copies, starts and asks what there is, on one port', () => {
  for (const [, sources = ''] of containerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm))
    for (const source of sources.split(' ')) expect(existsSync(join(root, source)), source).toBe(true);
  const started = /^CMD \["node", (?:"--\S+", )*"([^"]+)"/m.exec(containerfile)?.[1] ?? '';
  expect(existsSync(join(root, started)), started).toBe(true);
  expect(port).toBe('8080');
  expect(containerfile).toContain(`MICRARIUM_PORT=${port} `);
  expect(containerfile).toContain(`http://127.0.0.1:${port}/health/ready`);
  for (const file of ['packages/server/src/config.ts', 'docs/running.md', 'deploy/nginx.conf'])
    expect(readFileSync(join(root, file), 'utf8'), file).toContain(port);
});

test.each(readdirSync(deploy).filter((name) => name.endsWith('.service')))(
  'deploy/%s starts what npm ci brings',
  (file) => {
    const [, node = '', program = '', command = ''] = /^ExecStart=(\S+) (?:--\S+ )*(\S+) (\w+)/m.exec(read(file)) ?? [];
    expect(existsSync(node.replace('/opt/micrarium', root)), node).toBe(true);
    expect(existsSync(join(root, program)), program).toBe(true);
    expect(['serve', 'backup']).toContain(command);
    expect(read(file)).toMatch(/^WorkingDirectory=\/opt\/micrarium$/m);
  },
);

test('a service, a container and npm start tell Node.js the same: a server takes as much memory wherever it runs', () => {
  const flags = (text: string) => text.match(/--[\w-]+=\w+/g) ?? [];
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { scripts: { start: string } };
  expect(flags(scripts.start)).toHaveLength(1);
  expect(flags(/^ExecStart=.*$/m.exec(read('micrarium.service'))![0])).toEqual(flags(scripts.start));
  expect(flags(/^CMD .*$/m.exec(containerfile)![0])).toEqual(flags(scripts.start));
});

test('every script of package.json starts a file that there is, and the guides name no other script', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>;
  };
  for (const [name, command] of Object.entries(scripts))
    for (const [file] of command.matchAll(/\S+\.ts\b/g)) expect(existsSync(join(root, file)), name).toBe(true);
  const guides = ['README.md', 'CONTRIBUTING.md', ...readdirSync(join(root, 'docs')).map((name) => `docs/${name}`)];
  for (const guide of guides.filter((name) => name.endsWith('.md')))
    for (const [, name = ''] of readFileSync(join(root, guide), 'utf8').matchAll(/npm run ([a-z][a-z:]*)/g))
      expect(Object.keys(scripts), guide).toContain(name);
});

test('deploy/micrarium runs a command with the settings of the service, whatever stands in them, and those given before', () => {
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-command-'));
  try {
    const settings = join(folder, 'settings');
    writeFileSync(
      settings,
      '# MICRARIUM_NO=no\n\nMICRARIUM_PORT=8081\nMICRARIUM_LABEL="Our $HOME & `lab` = 1"\nMICRARIUM_LAST=it\'s; last',
    );
    const program = join(folder, 'command');
    const written = read('micrarium')
      .replace('settings=/etc/micrarium.env', `settings=${settings}`)
      .replace('user=micrarium', `user=${userInfo().username}`)
      .replace(/^set -- .*$/m, 'set -- printenv MICRARIUM_PORT MICRARIUM_LABEL MICRARIUM_LAST MICRARIUM_DATA "$@"');
    writeFileSync(program, written);
    const run = (environment: NodeJS.ProcessEnv) =>
      spawnSync('sh', [program, 'PATH'], { encoding: 'utf8', env: { PATH: '/usr/bin:/bin', ...environment } }).stdout;
    expect(run({})).toBe("8081\nOur $HOME & `lab` = 1\nit's; last\n/var/lib/micrarium\n/usr/bin:/bin\n");
    expect(run({ MICRARIUM_PORT: '9', MICRARIUM_DATA: '/srv/drill' })).toMatch(/^9\n[^]*\n\/srv\/drill\n/);
    // What it starts is what the unit starts, as the same user.
    const unit = read('micrarium.service');
    const [, node = '', main = ''] = /^ExecStart=(\S+) (?:--\S+ )*(\S+) /m.exec(unit) ?? [];
    expect(`${/^program=(.+)$/m.exec(read('micrarium'))?.[1]}/node_modules/node/bin/node`).toBe(node);
    expect(read('micrarium')).toContain(`"$program/${main}"`);
    expect(unit).toContain(`User=${/^user=(.+)$/m.exec(read('micrarium'))?.[1]}\n`);
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('the guide names every file of deploy/', () => {
  const guide =
    readFileSync(join(root, 'docs/running.md'), 'utf8') + readFileSync(join(root, 'docs/bucket.md'), 'utf8');
  const files = readdirSync(deploy).filter((name) =>
    /\.(yaml|conf|service|timer)$|^Containerfile$|^micrarium$/.test(name),
  );
  const isNamed = (name: string) =>
    guide.includes(`deploy/${name}`) || (name.endsWith('.timer') && guide.includes('`.timer`'));
  expect(files.filter((name) => !isNamed(name))).toEqual([]);
});

const hasSystemd = spawnSync('systemd-analyze', ['--version']).status === 0;
if (!hasSystemd) console.warn('No systemd-analyze on this machine: units are not verified.');
test.runIf(hasSystemd)('systemd-analyze finds nothing wrong with the units', () => {
  const folder = mkdtempSync(join(tmpdir(), 'micrarium-units-'));
  try {
    const units = readdirSync(deploy).filter((name) => /\.(service|timer)$/.test(name));
    // What they start lies where this checkout lies.
    for (const name of units) writeFileSync(join(folder, name), read(name).replaceAll('/opt/micrarium', root));
    const { stdout, stderr } = spawnSync(
      'systemd-analyze',
      ['verify', '--man=no', ...units.map((name) => join(folder, name))],
      { encoding: 'utf8' },
    );
    const about = `${stdout}${stderr}`.split('\n').filter((line) => line.includes('micrarium'));
    expect(about).toEqual([]);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
