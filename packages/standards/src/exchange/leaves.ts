import { isRecord, type Json } from '../json/json.ts';
import { displayName, keyedKinds, type StudyGraph } from '../graph/study-graph.ts';

/** A value deep in a node with the way to it: `['microscope.model', 'LSM 880']`, `['channels.0.name', 'GFP']`. */
export type LeafPair = [path: string, value: string | number | boolean];

/** Everything a node says, as pairs; what is in `without` is left out. */
export function leafPairs(node: object, without: readonly string[] = []): LeafPair[] {
  const pairs: LeafPair[] = [];
  const walk = (value: unknown, path: string): void => {
    if (Array.isArray(value)) value.forEach((one, index) => walk(one, `${path}.${index}`));
    else if (isRecord(value)) for (const [key, one] of Object.entries(value)) walk(one, `${path}.${key}`);
    else if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      pairs.push([path, value]);
  };
  for (const [key, value] of Object.entries(node)) if (!without.includes(key)) walk(value, key);
  return pairs;
}

const numberNames =
  /(^|\.)(excitationNanometers|emissionNanometers|magnification|numericalAperture|size|value|sizes\.[xyzct])$/;
const truthNames = /(^|\.)(isContact|isNoAuthor)$/;
const mostElements = 10_000;

/** Puts pairs back together; texts of numbers become numbers where the field is one. Ways that make no sense are left out. */
export function nodeOfPairs(pairs: Iterable<readonly [string, string]>): Record<string, Json> {
  const node: Record<string, Json> = {};
  for (const [path, text] of pairs) {
    const steps = path.split('.');
    if (steps.length > 8 || steps.some((step) => !/^[A-Za-z0-9]{1,40}$/.test(step) || step === 'constructor')) continue;
    let at: Record<string, Json> | Json[] = node;
    steps.forEach((step, depth) => {
      const isLast = depth === steps.length - 1;
      const holder = at as Record<string, Json>;
      if (Array.isArray(at) && (!/^\d{1,5}$/.test(step) || Number(step) > Math.min(at.length, mostElements))) return;
      if (isLast) holder[step] ??= typed(path, text);
      else {
        holder[step] ??= /^\d+$/.test(steps[depth + 1]!) ? [] : {};
        const next = holder[step];
        if (typeof next === 'object' && next !== null) at = next;
      }
    });
  }
  return node;
}

function typed(path: string, text: string): Json {
  if (truthNames.test(path)) return text === 'true';
  return numberNames.test(path) && text.trim() !== '' && Number.isFinite(Number(text)) ? Number(text) : text;
}

/**
 * What a graph says, free of keys: for each place (`biosamples.strain`) the values, links written as what they lead to.
 * Two graphs that say the same have the same places and values.
 */
export function graphStatements(graph: StudyGraph): Map<string, string[]> {
  const statements = new Map<string, string[]>();
  const names = new Map<string, string>();
  for (const kind of keyedKinds)
    for (const node of graph[kind])
      names.set(
        `${kind} ${node.key}`,
        'title' in node && node.title ? node.title : 'name' in node && node.name ? node.name : '',
      );
  for (const person of graph.contributors) names.set(`contributors ${person.key}`, displayName(person));
  const say = (place: string, value: string) => {
    const known = statements.get(place);
    if (known) known.push(value);
    else statements.set(place, [value]);
  };
  const sayAll = (kind: string, node: object) => {
    for (const [path, value] of leafPairs(node, ['key'])) {
      const place = `${kind}.${path.replace(/\.\d+(?=\.|$)/g, '')}`;
      const target = linkTargets[place];
      const said = target
        ? (names.get(`${target} ${value}`) ?? String(value))
        : String(value).replace(/\s+/g, ' ').trim();
      if (said !== '') say(place, said);
    }
  };
  sayAll('study', graph.study);
  if (graph.ethics) sayAll('ethics', graph.ethics);
  for (const kind of keyedKinds) for (const node of graph[kind]) sayAll(kind, node);
  for (const file of graph.files) sayAll('files', file);
  for (const figure of graph.figures ?? []) sayAll('figures', figure);
  for (const values of statements.values()) values.sort();
  return statements;
}

/** Places whose values are keys, and the nodes they lead to. */
const linkTargets: Readonly<Record<string, string>> = {
  'contributors.organisations': 'organisations',
  'datasets.tuples.biosample': 'biosamples',
  'datasets.tuples.specimen': 'specimens',
  'datasets.tuples.acquisition': 'acquisitions',
  'datasets.tuples.analysis': 'analyses',
  'datasets.tuples.correlation': 'correlations',
  'images.dataset': 'datasets',
  'files.dataset': 'datasets',
};

/** What one graph says that another does not: places with the values missing there. */
export function missingStatements(graph: StudyGraph, from: StudyGraph): Map<string, string[]> {
  const there = graphStatements(from);
  const missing = new Map<string, string[]>();
  for (const [place, values] of graphStatements(graph)) {
    const left = new Map<string, number>();
    for (const value of there.get(place) ?? []) left.set(value, (left.get(value) ?? 0) + 1);
    const lost = values.filter((value) => {
      const count = left.get(value) ?? 0;
      if (count > 0) left.set(value, count - 1);
      return count === 0;
    });
    if (lost.length > 0) missing.set(place, lost);
  }
  return missing;
}
