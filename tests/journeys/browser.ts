import { existsSync, readFileSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

/** Flags that keep a browser quiet on a closed network. */
const quiet = ['--disable-background-networking', '--disable-component-update', '--disable-sync', '--no-first-run'];

/** Software rendering with WebGL 2: the same picture on every machine. */
const software = ['--use-gl=angle', '--use-angle=swiftshader', '--enable-unsafe-swiftshader', '--ignore-gpu-blocklist'];

/** What is no WebGL is painted by the processor itself: as a graphics card that is imitated it takes six times as long. */
const painting = ['--disable-gpu-rasterization', '--disable-gpu-compositing'];

/**
 * Starts the browser of this machine: `CHROMIUM_PATH`, else Debian's Chromium, else the one that npm ships.
 * The npm one comes with flags that switch web security off and run one process; those are taken out.
 */
export async function launchBrowser(): Promise<Browser> {
  const installed = [process.env.CHROMIUM_PATH, '/usr/bin/chromium'].find(
    (path) => path !== undefined && existsSync(path),
  );
  if (installed)
    return chromium.launch({ executablePath: installed, args: ['--no-sandbox', ...quiet, ...software, ...painting] });
  const { default: shipped } = await import('@sparticuz/chromium');
  const unwanted = /single-process|no-zygote|disable-web-security/;
  return chromium.launch({
    executablePath: await shipped.executablePath(),
    args: [...shipped.args.filter((flag) => !unwanted.test(flag)), ...quiet, ...painting],
  });
}

/** A page of its own session; errors of its scripts are collected in `errors`. */
export async function newPage(
  browser: Browser,
  options: { locale?: string; width?: number; height?: number; colorScheme?: 'light' | 'dark' } = {},
): Promise<Page & { errors: string[] }> {
  const { locale = 'en-US', width = 1440, height = 900, colorScheme = 'light' } = options;
  const context = await browser.newContext({ locale, viewport: { width, height }, colorScheme, acceptDownloads: true });
  // Machines that test are slow and busy; what never comes is found out all the same.
  context.setDefaultTimeout(90_000);
  // What the policy of a page refused: it is our own doing, wherever it stands.
  await context.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (refused) => {
      console.error(`refused by the policy: ${refused.effectiveDirective} ${refused.blockedURI} ${refused.sample}`);
    });
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  // What React catches it writes to the console; refused requests stand there too and are the page's to answer.
  page.on('console', (line) => {
    if (line.type() === 'error' && !line.text().startsWith('Failed to load resource')) errors.push(line.text());
  });
  return Object.assign(page, { errors });
}

const axeSource = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');

/** What axe calls serious or critical on the page as it stands. */
export async function seriousAxeFindings(page: Page): Promise<string[]> {
  // Not as a script element: the policy of our pages forbids those that are not ours.
  await page.evaluate(axeSource);
  const found = await page.evaluate(async () => {
    const axe = (
      globalThis as unknown as {
        axe: {
          run(
            options: object,
          ): Promise<{ violations: { id: string; impact: string; nodes: { target: string[] }[] }[] }>;
        };
      }
    ).axe;
    // What is in order needs no list, and our styles are all in the page.
    const { violations } = await axe.run({ resultTypes: ['violations'], preload: false });
    return violations.map(({ id, impact, nodes }) => ({
      id,
      impact,
      targets: nodes.map((node) => node.target.join(' ')).slice(0, 3),
    }));
  });
  return found
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, targets }) => `${id}: ${targets.join(' | ')}`);
}
