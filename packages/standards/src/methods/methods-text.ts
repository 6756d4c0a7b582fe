import type { Quantity } from '@micrarium/model';
import { standOf } from '../graph/microscope-line.ts';
import { displayName, type ImageNode, type StudyGraph } from '../graph/study-graph.ts';
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

/** "a Zeiss", "an Olympus"; what has an article keeps it. */
const withArticle = (noun: string) =>
  /^(an?|the) /i.test(noun) ? noun : `${/^[aeiou]/i.test(noun) ? 'an' : 'a'} ${noun}`;

/** A summary that the form wrote down out of a file: the sentences on microscope and images say the same. */
const isOfFile = (summary: string) => /^(Microscope|Objective): \S/.test(summary);

/** "a", "a and b", "a, b and c". */
function joined(items: readonly string[]): string {
  return items.length < 2 ? (items[0] ?? '') : `${items.slice(0, -1).join(', ')} and ${items.at(-1)}`;
}

const sentence = (text: string) => {
  const tidy = text.replace(/[ \t\r\n]+/g, ' ').trim();
  return /[.!?]$/.test(tidy) ? tidy : `${tidy}.`;
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
  const need = (what: string, place: string) => missing.push({ what, place });
  samples(graph, sentences, need);
  specimens(graph, sentences, need);
  acquisitions(graph, sentences, need);
  images(graph, sentences, need);
  for (const one of graph.correlations)
    if (one.alignment !== undefined) sentences.push(sentence(`Images were correlated as follows: ${one.alignment}`));
  analyses(graph, sentences, need);
  return { text: sentences.join(' '), missing };
}

type Need = (what: string, place: string) => void;

function samples(graph: StudyGraph, sentences: string[], need: Need): void {
  if (graph.biosamples.length === 0) need('what was imaged: organism, strain or cell line', 'biosamples');
  for (const sample of graph.biosamples) {
    const organisms = (sample.organisms ?? []).map(({ label }) => label);
    if (organisms.length === 0) need(`the organism of ${sample.title}`, `biosamples[${sample.key}].organisms`);
    const entity =
      sample.biologicalEntity ??
      joined([
        ...(sample.cellLine ?? []).map(({ label }) => `${label.replace(/ cells?$/i, '')} cells`),
        ...(sample.cellType ?? []).map(({ label }) => label),
      ]);
    const strain = (sample.strain ?? []).filter((one) => one !== 'NA' && one !== 'Unknown');
    if (organisms.length > 0)
      sentences.push(
        sentence(
          `${entity === '' ? 'Samples' : entity[0]!.toUpperCase() + entity.slice(1)} of ${joined(organisms)}${strain.length > 0 ? ` (${strain.length === 1 ? 'strain' : 'strains'} ${joined(strain)})` : ''} were studied`,
        ),
      );
    for (const [label, values] of [
      ['Genetic background', sample.intrinsicVariables],
      ['Treatment', sample.extrinsicVariables],
      ['Conditions compared', sample.experimentalVariables],
    ] as const)
      if (values && values.length > 0) sentences.push(sentence(`${label}: ${joined(values)}`));
    const genes = [...(sample.genes ?? []), ...(sample.proteins ?? [])];
    if (genes.length > 0) sentences.push(sentence(`Genes and proteins manipulated or labelled: ${joined(genes)}`));
  }
}

function specimens(graph: StudyGraph, sentences: string[], need: Need): void {
  const summary = graph.study.methodSummary;
  const told = summary === undefined || isOfFile(summary) ? undefined : summary;
  if (graph.specimens.length === 0 && told === undefined) need('how samples were grown and prepared', 'specimens');
  for (const one of graph.specimens) {
    if (one.growth !== undefined) sentences.push(sentence(one.growth));
    if (one.preparation !== undefined) sentences.push(sentence(one.preparation));
    else need(`how ${one.title} was prepared`, `specimens[${one.key}].preparation`);
  }
  if (graph.specimens.length === 0 && told !== undefined) sentences.push(sentence(told));
}

function acquisitions(graph: StudyGraph, sentences: string[], need: Need): void {
  if (graph.acquisitions.length === 0) need('the imaging method and the microscope', 'acquisitions');
  for (const one of graph.acquisitions) {
    const at = `acquisitions[${one.key}]`;
    const methods = (one.methods ?? []).map(({ label }) => label);
    const scope = one.microscope;
    const stand = one.instrument ?? standOf(scope);
    if (methods.length === 0) need(`the imaging method of ${one.title}`, `${at}.methods`);
    if (stand === undefined) need(`maker and model of the microscope of ${one.title}`, `${at}.instrument`);
    if (methods.length > 0 && stand !== undefined)
      sentences.push(sentence(`Images were acquired by ${joined(methods)} on ${withArticle(stand)}`));
    else if (methods.length > 0) sentences.push(sentence(`Images were acquired by ${joined(methods)}`));
    else if (stand !== undefined) sentences.push(sentence(`Images were acquired on ${withArticle(stand)}`));
    const lens = [
      scope?.magnification === undefined ? undefined : `${scope.magnification}×`,
      scope?.objective,
      scope?.numericalAperture === undefined ? undefined : `NA ${scope.numericalAperture}`,
      scope?.immersion,
    ].filter((part) => part !== undefined);
    if (lens.length > 0) sentences.push(sentence(`The objective was ${lens.join(', ')}`));
    if (scope?.magnification === undefined && scope?.objective === undefined)
      need(`objective of ${one.title}`, `${at}.microscope.objective`);
    if (scope?.numericalAperture === undefined)
      need(`numerical aperture of the objective of ${one.title}`, `${at}.microscope.numericalAperture`);
    for (const [label, value, place] of [
      ['The detector was', scope?.detector, 'detector'],
      ['Light came from', scope?.lightSource, 'lightSource'],
      ['Filters:', scope?.filters, 'filters'],
    ] as const)
      if (value !== undefined) sentences.push(sentence(`${label} ${value}`));
      else need(`${place === 'lightSource' ? 'light source' : place} of ${one.title}`, `${at}.microscope.${place}`);
    if (one.parameters !== undefined) sentences.push(sentence(one.parameters));
  }
}

function images(graph: StudyGraph, sentences: string[], need: Need): void {
  if (graph.images.length === 0) return;
  const scale = (image: ImageNode) => {
    const { x, y, z } = image.pixelSize ?? {};
    if (!x) return undefined;
    const plane = y && (y.value !== x.value || y.unit !== x.unit) ? `${quantity(x)} × ${quantity(y)}` : quantity(x);
    return z ? `${plane} with slices ${quantity(z)} apart` : plane;
  };
  const scales = distinct(graph.images.map(scale));
  if (scales.length > 0 && scales.length <= 3) sentences.push(sentence(`The pixel size was ${joined(scales)}`));
  if (graph.images.some((image) => scale(image) === undefined)) need('pixel size of every image', 'images[].pixelSize');
  const films = graph.images.filter(({ sizes }) => (sizes?.t ?? 1) > 1);
  const steps = distinct(films.map(({ timeStep }) => (timeStep ? quantity(timeStep) : undefined)));
  const lengths = distinct(films.map(({ sizes }) => String(sizes!.t!)));
  if (steps.length > 0 && steps.length <= 3)
    sentences.push(
      sentence(
        `Time-lapse images were taken every ${joined(steps)}${lengths.length === 1 ? ` (${lengths[0]} time points)` : ''}`,
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
  if (channels.length > 0 && channels.length <= 12) sentences.push(sentence(`Channels: ${joined(channels)}`));
  if (
    graph.images.some(({ channels: list }) =>
      list?.some(({ excitationNanometers }) => excitationNanometers === undefined),
    )
  )
    need('excitation and emission of every channel', 'images[].channels');
}

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
    else need(`software of ${one.title}`, `analyses[${one.key}].software`);
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

/** The acknowledgement: people who are no authors, grants, and what the depositor wrote. */
export function acknowledgementText(graph: StudyGraph): WrittenText {
  const sentences: string[] = [];
  const missing: WrittenText['missing'] = [];
  if (graph.study.acknowledgements !== undefined) sentences.push(sentence(graph.study.acknowledgements));
  const thanked = graph.contributors
    .filter(({ isNoAuthor }) => isNoAuthor)
    .map(displayName)
    .filter((name) => name !== '');
  if (thanked.length > 0) sentences.push(sentence(`We thank ${joined(thanked)}`));
  const grants = graph.grants.flatMap(({ funder, identifier }) =>
    funder === undefined ? (identifier ?? []) : identifier === undefined ? funder : `${funder} (${identifier})`,
  );
  if (graph.study.fundingStatement !== undefined) sentences.push(sentence(graph.study.fundingStatement));
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
    `${escape(availability.text)} There are ${graph.files.length} files${bytes > 0 ? ` of ${bytes} bytes in all` : ''}.`,
    '',
    ...(rows.length > 0
      ? ['| data set | kind | files | formats | description |', '| --- | --- | --- | --- | --- |', ...rows, '']
      : []),
    '## Technical validation',
    '',
    graph.images.length > 0
      ? `All ${graph.images.length} images were read by the repository; ${checked} of them state the size of their pixels. Every file has a SHA-256 check sum.`
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
