import type { Quantity } from '@micrarium/model';
import { standOf } from '../graph/microscope-line.ts';
import {
  type BiosampleNode,
  displayName,
  type ImageNode,
  type MicroscopeNode,
  type StudyGraph,
} from '../graph/study-graph.ts';
import { knownLicence } from '../licences/licences.ts';

/** A written text, and what a reviewer will miss in it. */
export interface WrittenText {
  text: string;
  /** In plain words, with the place in the study graph that would say it. */
  missing: { what: string; place: string }[];
}

const symbols: Readonly<Record<string, string>> = {
  micrometer: 'µm',
  nanometer: 'nm',
  millimeter: 'mm',
  meter: 'm',
  pixel: 'px',
  second: 's',
  millisecond: 'ms',
  minute: 'min',
  hour: 'h',
  day: 'd',
  angstrom: 'Å',
  centimeter: 'cm',
  microsecond: 'µs',
};

/** What a person typed stands as it is; a number that a program left with a long tail is rounded to four digits. */
const shortened = (value: number) => (value === Number(value.toPrecision(6)) ? value : Number(value.toPrecision(4)));
const quantity = ({ value, unit }: Quantity) => `${shortened(value)}\u00a0${symbols[unit] ?? unit}`;

/** Said where nothing applies or nothing is known: no statement is made of it. */
const isNothing = (text: string) => /^(na|n\/a|none|unknown|not (applicable|known|available))$/i.test(text.trim());
const told = (texts: readonly string[] | undefined) => (texts ?? []).filter((text) => !isNothing(text));
const labels = (terms: readonly { label: string }[] | undefined) => told((terms ?? []).map(({ label }) => label));

/** Is the first word spelled out letter by letter, beginning with one whose name begins with a vowel ("an LSM", "an SP8")? */
const isSpelledWithVowel = (noun: string) => /^[AEFHILMNORSX](?=[A-Z0-9-]{1,4}(?![A-Za-z]))(?!IX)/.test(noun);

/** "a Zeiss", "an Olympus", "an LSM 880"; what has an article keeps it. */
const withArticle = (noun: string) =>
  /^(an?|the) /i.test(noun)
    ? noun
    : `${/^[aeio]|^u(?!ni)/i.test(noun) || isSpelledWithVowel(noun) ? 'an' : 'a'} ${noun}`;

/** Several of a kind: "epithelial cells", "fibroblasts". */
const plural = (noun: string) =>
  /\bcell\b/i.test(noun) ? noun.replace(/\bcell\b/i, '$&s') : /[a-rt-z]$/i.test(noun) ? `${noun}s` : noun;

/** "LaserScanningConfocalMicroscopy" in words; "PALM" as it is. */
const inWords = (name: string) =>
  /[a-z]/.test(name)
    ? name.replace(/(?<=[a-z])(?=[A-Z])/g, ' ').replace(/[A-Z](?=[a-z])/g, (letter) => letter.toLowerCase())
    : name;

/** A summary that the form wrote down out of a file: the sentences on microscope and images say the same. */
const isOfFile = (summary: string) => /^(Microscope|Objective): \S/.test(summary);

/** "a", "a and b", "a, b and c"; items with commas are parted by semicolons. */
function joined(items: readonly string[], word: 'and' | 'or' = 'and'): string {
  const comma = items.length > 2 && items.some((item) => item.includes(', ')) ? ';' : ',';
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(`${comma} `)} ${word} ${items.at(-1)}`;
}

/** What ends a sentence; in Japanese too. */
const isEnded = (text: string) => /[.!?。！？:;,]["”’)]?$/.test(text);

/** A text as one line of sentences; lines that are no sentences yet become some. */
const sentence = (text: string) => {
  const lines = text
    .split(/[\r\n]+/)
    .map((line) => line.replace(/[ \t]+/g, ' ').trim())
    .filter((line) => line !== '');
  return lines
    .map((line, at) =>
      isEnded(line) && (at < lines.length - 1 || !/[:;,]$/.test(line)) ? line : `${line.replace(/[:;,]$/, '')}.`,
    )
    .join(' ');
};

const distinct = (texts: readonly (string | undefined)[]) =>
  [...new Set(texts.filter((text) => text !== undefined && text !== ''))] as string[];

/**
 * The methods paragraph of a study: fixed sentences, each only when everything in it is known; the same study gives the
 * same text.
 */
export function methodsText(graph: StudyGraph): WrittenText {
  const sentences: string[] = [];
  const missing: WrittenText['missing'] = [];
  // Two acquisitions of one name may lack the same: it is said once.
  const need = (what: string, place: string) => {
    if (!missing.some((one) => one.what === what)) missing.push({ what, place });
  };
  samples(graph, sentences, need);
  specimens(graph, sentences, need);
  acquisitions(graph, sentences, need);
  images(graph, sentences, need);
  for (const one of graph.correlations)
    if (one.alignment !== undefined) sentences.push(sentence(`Images were correlated as follows: ${one.alignment}`));
  analyses(graph, sentences, need);
  // Data sets that share a microscope or a protocol share its sentence.
  return { text: distinct(sentences).join(' '), missing };
}

type Need = (what: string, place: string) => void;

function samples(graph: StudyGraph, sentences: string[], need: Need): void {
  if (graph.biosamples.length === 0) need('what was imaged: organism, strain or cell line', 'biosamples');
  // Samples that differ in strain alone are one sentence, and so is what is said of several under one heading.
  const strains = new Map<string, string[]>();
  const details = new Map<string, string[]>();
  for (const sample of graph.biosamples) {
    const of = graph.biosamples.length > 1 ? ` of ${sample.title}` : '';
    const organisms = labels(sample.organisms);
    if ((sample.organisms ?? []).length === 0) need(`the organism${of}`, `biosamples[${sample.key}].organisms`);
    const from = organisms.length === 0 ? '' : `from ${joined(organisms)}`;
    const said = [materialOf(sample), from].filter(Boolean).join(' ');
    if (said !== '') strains.set(said, [...(strains.get(said) ?? []), ...told(sample.strain)]);
    for (const [label, values] of [
      ['Details of the sample', (sample.description ?? '').split('\n')],
      ['Tissue', labels(sample.tissue)],
      ['Genetic background', told(sample.intrinsicVariables)],
      ['Treatment', told(sample.extrinsicVariables)],
      ['Conditions compared', told(sample.experimentalVariables)],
      ['Genes, proteins and reagents', told([...(sample.genes ?? []), ...(sample.proteins ?? [])])],
      ['Phenotype', labels(sample.phenotypes)],
    ] as const)
      details.set(label, [...(details.get(label) ?? []), ...values]);
  }
  for (const [said, all] of strains) {
    const of = distinct(all);
    const ofStrain = of.length === 0 ? '' : ` (${of.length === 1 ? 'strain' : 'strains'} ${joined(of)})`;
    sentences.push(sentence(`The material imaged was ${said}${ofStrain}`));
  }
  for (const [label, all] of details) {
    const values = distinct(all.map((one) => one.trim().replace(/[.;]$/, '')));
    if (values.length > 0) sentences.push(sentence(`${label}: ${joined(values)}`));
  }
}

/** What was imaged, in the words of the sample: "MDCK cells (epithelial cells)". */
function materialOf({ biologicalEntity, cellLine, cellType }: BiosampleNode): string {
  if (biologicalEntity !== undefined && !isNothing(biologicalEntity))
    return joined(told(biologicalEntity.split('\n'))).replace(/[.;,]$/, '');
  const lines = labels(cellLine).map((label) => `${label.replace(/ cells?( line)?$/i, '')} cells`);
  const types = labels(cellType).map(plural);
  if (lines.length === 0) return joined(types);
  return types.length === 0 ? joined(lines) : `${joined(lines)} (${joined(types)})`;
}

function specimens(graph: StudyGraph, sentences: string[], need: Need): void {
  const summary = graph.study.methodSummary;
  const written = summary === undefined || isOfFile(summary) ? undefined : summary;
  if (graph.specimens.length === 0 && written === undefined) need('how samples were grown and prepared', 'specimens');
  for (const one of graph.specimens) {
    if (one.growth !== undefined) sentences.push(sentence(one.growth));
    if (one.preparation !== undefined) sentences.push(sentence(one.preparation));
    else
      need(
        `how ${graph.specimens.length > 1 ? one.title : 'the specimen'} was prepared`,
        `specimens[${one.key}].preparation`,
      );
  }
  if (graph.specimens.length === 0 && written !== undefined) sentences.push(sentence(written));
}

/** A name of the microscope that begins with its kind in the words of OME: "ConfocalMicroscope; Olympus FV10i". */
const ofKind = /^([A-Z][A-Za-z]*Microscope|Other); *(.+)$/s;

/** The microscopes of an acquisition as they are named in a sentence; a text of several lines tells of several. */
function standsOf(instrument: string): string {
  return joined(
    told(instrument.split('\n')).map((line) => {
      const [, kind, named = line] = ofKind.exec(line.trim()) ?? [];
      const [first = '', ...more] = named.split(/; +/);
      const details = [...(kind === undefined || kind === 'Other' ? [] : [inWords(kind)]), ...more];
      return `${withArticle(first.replace(/\.$/, ''))}${details.length === 0 ? '' : ` (${details.join('; ')})`}`;
    }),
  );
}

function acquisitions(graph: StudyGraph, sentences: string[], need: Need): void {
  if (graph.acquisitions.length === 0) need('the imaging method and the microscope', 'acquisitions');
  for (const one of graph.acquisitions) {
    const at = `acquisitions[${one.key}]`;
    const of = graph.acquisitions.length > 1 ? ` of ${one.title}` : '';
    const methods = labels(one.methods);
    const scope = one.microscope;
    const stand = one.instrument ?? standOf(scope);
    if (methods.length === 0) need(`the imaging method${of}`, `${at}.methods`);
    if (stand === undefined) need(`maker and model of the microscope${of}`, `${at}.instrument`);
    const by = methods.length === 0 ? '' : ` by ${joined(methods)}`;
    const on = stand === undefined || isNothing(stand) ? '' : ` on ${standsOf(stand)}`;
    if (by !== '' || on !== '') sentences.push(sentence(`Images were acquired${by}${on}`));
    const ways = [
      one.acquisitionMode === undefined || one.acquisitionMode === 'Other'
        ? undefined
        : `mode of acquisition ${inWords(one.acquisitionMode)}`,
      one.contrastMethod === undefined || one.contrastMethod === 'Other'
        ? undefined
        : `contrast ${inWords(one.contrastMethod)}`,
    ].filter((part) => part !== undefined);
    if (ways.length > 0) sentences.push(sentence(`Settings: ${ways.join(', ')}`));
    const lens = lensOf(scope);
    if (lens.length > 0) sentences.push(sentence(`The objective was ${lens.join(', ')}`));
    if (scope?.magnification === undefined && scope?.objective === undefined)
      need(`the objective${of}`, `${at}.microscope.objective`);
    if (scope?.numericalAperture === undefined && !/\d\s*[x×]?\s*\/\s*\d|\bNA\b/.test(scope?.objective ?? ''))
      need(`numerical aperture of the objective${of}`, `${at}.microscope.numericalAperture`);
    for (const [label, value, place] of [
      ['The detector was', scope?.detector, 'detector'],
      ['Light came from', scope?.lightSource, 'lightSource'],
      ['Filters:', scope?.filters, 'filters'],
    ] as const)
      if (value !== undefined) sentences.push(sentence(`${label} ${value}`));
      else need(`${place === 'lightSource' ? 'the light source' : `the ${place}`}${of}`, `${at}.microscope.${place}`);
    if (one.parameters !== undefined) sentences.push(sentence(one.parameters));
  }
}

/** The objective: its name, and of magnification, aperture and immersion what the name does not say already. */
function lensOf(scope: MicroscopeNode | undefined): string[] {
  const { objective, magnification, numericalAperture, immersion } = scope ?? {};
  const name = (objective ?? '').toLowerCase();
  const isSaid = (part: string) => name.includes(part.toLowerCase());
  return [
    objective === undefined ? undefined : withArticle(objective),
    magnification === undefined || isSaid(`${magnification}x`) || isSaid(`${magnification}×`)
      ? undefined
      : `${magnification}×`,
    numericalAperture === undefined || new RegExp(`(?<![\\d.])${numericalAperture}(?!\\d)`).test(name)
      ? undefined
      : `NA ${numericalAperture}`,
    immersion === undefined || isSaid(immersion) ? undefined : immersion,
  ].filter((part) => part !== undefined);
}

function images(graph: StudyGraph, sentences: string[], need: Need): void {
  if (graph.images.length === 0) return;
  const scale = (image: ImageNode) => {
    const { x, y, z } = image.pixelSize ?? {};
    // A pixel is always one pixel wide.
    if (!x || x.unit === 'pixel') return undefined;
    const plane = y && (y.value !== x.value || y.unit !== x.unit) ? `${quantity(x)} × ${quantity(y)}` : quantity(x);
    return z && z.unit !== 'pixel' && (image.sizes?.z ?? 1) > 1 ? `${plane} with slices ${quantity(z)} apart` : plane;
  };
  const scales = distinct(graph.images.map(scale));
  if (scales.length > 0 && scales.length <= 3)
    sentences.push(sentence(`${scales.length === 1 ? 'The pixel size was' : 'Pixel sizes were'} ${joined(scales)}`));
  if (graph.images.some((image) => scale(image) === undefined)) need('pixel size of every image', 'images[].pixelSize');
  const films = graph.images.filter(({ sizes }) => (sizes?.t ?? 1) > 1);
  const steps = distinct(films.map(({ timeStep }) => (timeStep ? quantity(timeStep) : undefined)));
  const lengths = distinct(films.map(({ sizes }) => String(sizes!.t!)));
  if (steps.length > 0 && steps.length <= 3)
    sentences.push(
      sentence(
        `Time-lapse images were taken every ${joined(steps, 'or')}${lengths.length === 1 ? ` (${lengths[0]} time points)` : ''}`,
      ),
    );
  if (films.some(({ timeStep }) => timeStep === undefined))
    need('time between frames of every film', 'images[].timeStep');
  const channels = distinct(
    graph.images.flatMap((image) =>
      (image.channels ?? []).map(({ name, target, fluorophore, excitationNanometers, emissionNanometers }) => {
        const light = [
          excitationNanometers === undefined ? undefined : `excitation ${excitationNanometers}\u00a0nm`,
          emissionNanometers === undefined ? undefined : `emission ${emissionNanometers}\u00a0nm`,
        ]
          .filter(Boolean)
          .join(', ');
        const what = [fluorophore ?? (/^Channel \d+$/.test(name) ? undefined : name), target]
          .filter(Boolean)
          .join(' for ');
        return what === '' ? undefined : `${what}${light === '' ? '' : ` (${light})`}`;
      }),
    ),
  );
  if (channels.length > 0 && channels.length <= 12)
    sentences.push(sentence(`${channels.length === 1 ? 'Channel' : 'Channels'}: ${joined(channels)}`));
  if (
    graph.images.some(({ channels: list }) =>
      list?.some(({ excitationNanometers }) => excitationNanometers === undefined),
    )
  )
    need('excitation and emission of every channel', 'images[].channels');
}

/** Does a text of an analysis name a program with its version ("TrackMate 7.11", "Fiji v1.54f", "Python (3.11)")? */
const namesSoftware = (text: string) =>
  /\b[A-Z][A-Za-z+#-]+[ ,(]+(v|ver|version|release|R)?\.? ?\d+(\.\d+)*[a-z]?\b/.test(text);

function analyses(graph: StudyGraph, sentences: string[], need: Need): void {
  const hasDerived = graph.datasets.some(({ kind }) => kind === 'quantitative') || graph.analyses.length > 0;
  if (hasDerived && graph.analyses.length === 0)
    need('how images were analysed, with software and version', 'analyses');
  for (const one of graph.analyses) {
    if (one.overview !== undefined) sentences.push(sentence(one.overview));
    if (one.annotationMethod !== undefined) sentences.push(sentence(one.annotationMethod));
    if (one.software !== undefined)
      sentences.push(
        sentence(
          `${one.title} was done with ${one.software}${one.softwareVersion === undefined ? '' : ` version ${one.softwareVersion}`}`,
        ),
      );
    else if (!namesSoftware(`${one.overview ?? ''} ${one.annotationMethod ?? ''}`))
      need(
        `software and version${graph.analyses.length > 1 ? ` of ${one.title}` : ' of the image analysis'}`,
        `analyses[${one.key}].software`,
      );
    if (one.software !== undefined && one.softwareVersion === undefined)
      need(`version of ${one.software}`, `analyses[${one.key}].softwareVersion`);
    if (one.features && one.features.length > 0)
      sentences.push(
        sentence(
          `Measured: ${joined(one.features.map(({ name, unit }) => (unit === undefined ? name : `${name} (${unit})`)))}`,
        ),
      );
  }
}

/** Is what is said of money a sentence, or only funders and numbers? */
const isStatement =
  /\b(support(s|ed)?|funded|financed|sponsored|acknowledges?d?|thanks?|received?|provided|was|were|is|are|no (specific )?funding)\b|[。]/i;

/** The acknowledgement: people who are no authors, grants, and what the depositor wrote. */
export function acknowledgementText(graph: StudyGraph): WrittenText {
  const sentences: string[] = [];
  const missing: WrittenText['missing'] = [];
  if (graph.study.acknowledgements !== undefined) sentences.push(sentence(graph.study.acknowledgements));
  // Who only answers questions is credited elsewhere, and not thanked by the authors.
  const thanked = graph.contributors
    .filter(({ isNoAuthor, isContact }) => isNoAuthor && !isContact)
    .map(displayName)
    .filter((name) => name !== '');
  if (thanked.length > 0) sentences.push(sentence(`We thank ${joined(thanked)}`));
  const grants = graph.grants.flatMap(({ funder, identifier }) =>
    funder === undefined ? (identifier ?? []) : identifier === undefined ? funder : `${funder} (${identifier})`,
  );
  const funding = graph.study.fundingStatement;
  if (funding !== undefined)
    sentences.push(sentence(isStatement.test(funding) ? funding : `This work was supported by ${funding}`));
  else if (grants.length > 0) sentences.push(sentence(`This work was supported by ${joined(grants)}`));
  else missing.push({ what: 'funders and grant numbers', place: 'grants' });
  return { text: sentences.join(' '), missing };
}

/** The data availability statement; the DOI may be one that is only reserved. */
export function dataAvailabilityText(graph: StudyGraph, repository = graph.study.publisher): WrittenText {
  const { doi, url, identifier, licence } = graph.study;
  const missing: WrittenText['missing'] = [];
  const place = doi === undefined ? url : `https://doi.org/${doi}`;
  if (doi === undefined)
    missing.push({ what: 'a DOI of the data; one can be reserved before publication', place: 'study.doi' });
  if (licence === undefined) missing.push({ what: 'the licence', place: 'study.licence' });
  const kinds =
    joined([
      ...(graph.images.length > 0 || graph.datasets.some(({ kind }) => kind !== 'quantitative') ? ['images'] : []),
      ...(graph.datasets.some(({ kind }) => kind === 'quantitative') || graph.analyses.length > 0
        ? ['quantitative data']
        : []),
    ]) || 'data';
  const name = licence === undefined ? undefined : (knownLicence(licence)?.name ?? licence);
  const where = [
    repository === undefined ? undefined : `in ${repository}`,
    identifier === undefined ? undefined : `under accession ${identifier}`,
  ]
    .filter(Boolean)
    .join(' ');
  const text =
    place === undefined && where === ''
      ? ''
      : sentence(
          `The ${kinds} of this study are available${where === '' ? '' : ` ${where}`}${place === undefined ? '' : ` (${place})`}${name === undefined ? '' : ` under the licence ${name}`}`,
        );
  return { text, missing };
}

/** "There is one file", "There are 1,204 files". */
const countOf = (count: number, what: string) =>
  count === 1 ? `There is one ${what}` : `There are ${count.toLocaleString('en')} ${what}s`;

/** Bytes in the unit that people read them in, by powers of ten. */
function sizeOf(bytes: number): string {
  const units = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
  const step = bytes < 1000 ? 0 : Math.min(units.length - 1, Math.floor(Math.log10(bytes) / 3));
  return `${Number((bytes / 1000 ** step).toPrecision(3))} ${units[step]}`;
}

/** A draft of a data descriptor in Markdown: summary, methods, records, technical validation, usage, code. */
export function dataDescriptor(graph: StudyGraph): WrittenText {
  const methods = methodsText(graph);
  const availability = dataAvailabilityText(graph);
  const thanks = acknowledgementText(graph);
  const bytes = graph.files.reduce((sum, { size }) => sum + (size ?? 0), 0);
  const escape = (text: string) => text.replace(/([\\`*_[\]<>|])/g, '\\$1').replace(/[ \t\r\n]+/g, ' ');
  const rows = graph.datasets.map((one) => {
    const files = graph.files.filter(({ dataset }) => dataset === one.key);
    return `| ${escape(one.title)} | ${one.kind === 'quantitative' ? 'quantitative data' : 'images'} | ${files.length} | ${escape((one.formats ?? []).join(', '))} | ${escape(one.description ?? '')} |`;
  });
  const code = graph.links.filter(
    ({ url, type }) => /github|gitlab|codeberg|bitbucket|zenodo/i.test(url) || type === 'code',
  );
  const checked = graph.images.filter(({ pixelSize }) => pixelSize !== undefined).length;
  const lines = [
    `# ${escape(graph.study.title ?? 'Untitled study')}`,
    '',
    graph.contributors
      .filter(({ isNoAuthor }) => !isNoAuthor)
      .map((one) => escape(displayName(one)))
      .join(', '),
    '',
    '## Background and summary',
    '',
    escape(graph.study.description ?? ''),
    '',
    '## Methods',
    '',
    escape(methods.text),
    '',
    '## Data records',
    '',
    `${escape(availability.text)} ${countOf(graph.files.length, 'file')}${bytes > 0 ? ` of ${sizeOf(bytes)} in all` : ''}.`.trim(),
    '',
    ...(rows.length > 0
      ? ['| data set | kind | files | formats | description |', '| --- | --- | --- | --- | --- |', ...rows, '']
      : []),
    '## Technical validation',
    '',
    graph.images.length > 0
      ? `${graph.images.length === 1 ? 'The image was' : `All ${graph.images.length} images were`} read by the repository; the size of the pixels is known of ${checked === graph.images.length ? (checked === 1 ? 'it' : 'all of them') : checked === 0 ? 'none' : checked}. Every file has a SHA-256 check sum.`
      : 'Every file has a SHA-256 check sum.',
    '',
    '## Usage notes',
    '',
    escape(graph.study.notes ?? ''),
    '',
    '## Code availability',
    '',
    ...(code.length > 0
      ? code.map(({ url, description }) => `- <${url}>${description === undefined ? '' : `: ${escape(description)}`}`)
      : ['']),
    '',
    '## Acknowledgements',
    '',
    escape(thanks.text),
    '',
  ];
  const missing = [
    ...methods.missing,
    ...availability.missing,
    ...thanks.missing,
    ...(graph.study.notes === undefined ? [{ what: 'notes for those who reuse the data', place: 'study.notes' }] : []),
    ...(code.length === 0 ? [{ what: 'where the code is', place: 'links' }] : []),
  ];
  return { text: lines.join('\n').replace(/\n{3,}/g, '\n\n'), missing };
}
