import type { Issue } from '@micrarium/model';
import { exportBiaCrate } from '../bia/bia-crate.ts';
import { checkBiaCrate } from '../bia/bia-crate-check.ts';
import { type CompletenessItem, completenessBy } from '../completeness/completeness.ts';
import { exportJson } from '../exchange/exchange.ts';
import type { LocalText } from '../field.ts';
import { displayName, type StudyGraph } from '../graph/study-graph.ts';
import { writeIdrAnnotation } from '../idr/annotation.ts';
import { checkIdrAnnotation, checkIdrStudy } from '../idr/idr-check.ts';
import { exportIdr } from '../idr/idr.ts';
import { checkPageTab } from '../pagetab/pagetab-check.ts';
import type { Json } from '../json/json.ts';
import { pageTabToTsv } from '../pagetab/pagetab-tsv.ts';
import { pageTab, pageTabFileLists } from '../pagetab/write-pagetab.ts';
import { writeTable } from '../tables/delimited.ts';

/** Archives that a published study is sent on to. */
export const sendOnArchives = ['bioimage-archive', 'idr', 'empiar'] as const;
/** An archive that a published study is sent on to. */
export type SendOnArchive = (typeof sendOnArchives)[number];

/** What is known of an archive. */
export interface SendOnTarget {
  id: SendOnArchive;
  name: string;
  /** Where one submits. */
  submitAt: string;
  /** How its accessions look. */
  example: string;
  /** What one does with the package there, step by step. */
  steps: readonly LocalText[];
}

const pack: LocalText = {
  en: 'Download the package and mend what the checks name, in a new version of the study.',
  ja: 'パッケージをダウンロードし、確認項目で指摘された点を研究の新しい版で直します。',
};
const back: LocalText = {
  en: 'When the accession has come, enter it below: the study then points there.',
  ja: 'アクセッション番号が届いたら下に入力してください。研究からそこへのリンクができます。',
};

/** The archives, with how one submits there. */
export const sendOnTargets: Readonly<Record<SendOnArchive, SendOnTarget>> = {
  'bioimage-archive': {
    id: 'bioimage-archive',
    name: 'BioImage Archive',
    submitAt: 'https://www.ebi.ac.uk/bioimage-archive/submit/',
    example: 'S-BIAD1026',
    steps: [
      pack,
      {
        en: 'Upload the data files with the paths of the file lists, and the file lists themselves, to your private folder there (FTP or Aspera for large ones).',
        ja: 'データファイルをファイル一覧と同じパスで、一覧そのものとともに、先方の個人フォルダーへ送ります（大きなものは FTP か Aspera）。',
      },
      {
        en: 'Start a submission with submission.pagetab.tsv (or fill the form from it), choose the file list of each study component, and submit.',
        ja: 'submission.pagetab.tsv で投稿を始め（またはフォームに書き写し）、各コンポーネントのファイル一覧を選んで投稿します。',
      },
      back,
    ],
  },
  idr: {
    id: 'idr',
    name: 'Image Data Resource (IDR)',
    submitAt: 'https://idr.openmicroscopy.org/about/submission.html',
    example: 'idr0042',
    steps: [
      pack,
      {
        en: 'Write to the curators with the study file; IDR takes reference images of published studies that are linked to results.',
        ja: 'study ファイルを添えてキュレーターに連絡します。IDR は結果と結びついた、論文発表済みの参照画像を受け入れます。',
      },
      {
        en: 'Send the annotation table and the list of paths of each experiment, and the images by the way they tell.',
        ja: '実験ごとの注釈表とパス一覧、そして指示された方法で画像を送ります。',
      },
      back,
    ],
  },
  empiar: {
    id: 'empiar',
    name: 'EMPIAR',
    submitAt: 'https://www.ebi.ac.uk/empiar/deposition/',
    example: 'EMPIAR-10310',
    steps: [
      pack,
      {
        en: 'Open a deposition there and copy the entries of checklist.tsv into its form; one image set for each data set of images.',
        ja: '先方で登録を始め、checklist.tsv の内容をフォームに写します。画像のデータセットごとに一つの image set とします。',
      },
      {
        en: 'Upload the files of each image set into its folder as files.tsv lists them.',
        ja: 'files.tsv のとおりに、image set ごとのフォルダーへファイルを送ります。',
      },
      back,
    ],
  },
};

const patterns: Readonly<Record<SendOnArchive, RegExp>> = {
  'bioimage-archive': /^S-(BIAD|BSST|BIADTST)\d{1,7}$/,
  idr: /^idr\d{4}$/,
  empiar: /^EMPIAR-\d{4,6}$/,
};

/** The accession of an archive as it writes it, out of what somebody typed or pasted; `undefined` where it is none. */
export function readForeignAccession(archive: SendOnArchive, typed: string): string | undefined {
  const last = typed
    .trim()
    .split(/[/?#\s]+/)
    .filter(Boolean);
  for (const one of last) {
    const wanted = archive === 'idr' ? one.toLowerCase() : one.toUpperCase();
    if (patterns[archive].test(wanted)) return wanted;
  }
  return undefined;
}

/** Address of an entry of an archive. */
export function foreignAddress(archive: SendOnArchive, accession: string): string {
  if (archive === 'idr') return `https://idr.openmicroscopy.org/search/?query=Name:${accession}`;
  if (archive === 'empiar') return `https://www.ebi.ac.uk/empiar/${accession}/`;
  return `https://www.ebi.ac.uk/biostudies/bioimages/studies/${accession}`;
}

/** Everything made for an archive out of a study. */
export interface SendOnPackage {
  target: SendOnTarget;
  /** Texts of the package by path. */
  files: ReadonlyMap<string, string>;
  /** What the archive asks for, and whether it is there. */
  checks: CompletenessItem[];
  /** What its own rules say of the documents made. */
  findings: Issue[];
  /** What its form cannot express. */
  losses: Issue[];
}

/** Makes the package of a study for an archive: metadata, lists of files, checklist and instructions. Same input, same package. */
export function sendOnPackage(archive: SendOnArchive, study: StudyGraph): SendOnPackage {
  const target = sendOnTargets[archive];
  const made =
    archive === 'bioimage-archive' ? forBioImageArchive(study) : archive === 'idr' ? forIdr(study) : forEmpiar(study);
  const files = new Map(made.files);
  files.set('README.txt', readme(target, study, made.checks));
  return { target, ...made, files };
}

type Made = Pick<SendOnPackage, 'files' | 'checks' | 'findings' | 'losses'>;

function forBioImageArchive(study: StudyGraph): Made {
  const graph: StudyGraph = {
    ...study,
    // A component has to have a description: of one without, what it is called.
    datasets: study.datasets.map((one) => ({
      ...one,
      description: one.description ?? one.title,
      fileList: one.fileList ?? `file_list_${one.key}.tsv`,
    })),
  };
  // The lists name the files; said again one by one they would only swell the submission.
  const { document, losses } = exportJson(pageTab, { ...graph, files: [], images: [] });
  const crate = exportBiaCrate(study).document;
  const described = JSON.parse(crate.get('ro-crate-metadata.json')!) as Json;
  return {
    files: new Map([
      ['submission.pagetab.tsv', pageTabToTsv(document)],
      ['submission.json', `${JSON.stringify(document, undefined, 2)}\n`],
      ...pageTabFileLists(graph),
      ...[...crate].map(([path, text]) => [`ro-crate/${path}`, text] as const),
    ]),
    checks: completenessBy('bioimage-archive', study).items,
    findings: [...checkPageTab(document), ...checkBiaCrate(described, crate)],
    losses,
  };
}

/** Name of an experiment within its study: experimentA to experimentZ, then experimentAA. */
function letterOf(index: number): string {
  const letter = (number: number) => String.fromCodePoint(65 + (number % 26));
  return `experiment${index >= 26 ? letter(Math.floor(index / 26) - 1) : ''}${letter(index)}`;
}

/** A word of letters and digits for a name; `fallback` where nothing is left of the text. */
const wordOf = (text: string | undefined, fallback: string) =>
  (text ?? '')
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 20) || fallback;

/**
 * The study as IDR names things: its accession is given there, so that `idr0000` stands in its place, and every data set of
 * images is an experiment called `idr0000-author-subject/experimentA`. Tables and tracks are processed data, no experiments.
 */
function asIdrNames(study: StudyGraph): { graph: StudyGraph; processed: StudyGraph['datasets'] } {
  const imaged = study.datasets.filter(({ kind }) => kind !== 'quantitative');
  const datasets = imaged.length > 0 ? imaged : study.datasets;
  const isNamed = /^idr\d{4}-[^/]+\/(experiment|screen)[A-Z]+$/;
  const first = study.contributors.find(({ isNoAuthor }) => !isNoAuthor) ?? study.contributors[0];
  const subject = (study.study.title ?? '').split(/\s+/).find((word) => wordOf(word, '').length > 4);
  const name = `idr0000-${wordOf(first?.lastName ?? first?.name, 'author')}-${wordOf(subject, 'study')}`;
  const identifier = study.study.identifier ?? '';
  return {
    graph: {
      ...study,
      study: { ...study.study, identifier: /^idr\d{4}$/.test(identifier) ? identifier : 'idr0000' },
      // Where it is published already, the curators look.
      links:
        study.study.url === undefined
          ? study.links
          : [...study.links, { key: `of ${study.study.url}`, url: study.study.url }],
      datasets: datasets.map((one, index) =>
        isNamed.test(one.title)
          ? one
          : {
              ...one,
              title: `${name}/${letterOf(index)}`,
              description: one.description === undefined ? one.title : `${one.title}: ${one.description}`,
            },
      ),
    },
    processed: study.datasets.filter((one) => !datasets.includes(one)),
  };
}

function forIdr(study: StudyGraph): Made {
  const { graph, processed } = asIdrNames(study);
  const { document, losses } = exportIdr(graph);
  const files = new Map([['idr0000-study.txt', document]]);
  const findings = checkIdrStudy(document);
  const pathsOf = (key: string, title: string) =>
    study.files.filter((file) => file.dataset === key).map(({ path }) => [title, path]);
  graph.datasets.forEach(({ key, title }) => {
    const letter = title.slice(title.lastIndexOf('/') + 1);
    const annotation = writeIdrAnnotation(graph, key);
    files.set(`${letter}/idr0000-${letter}-annotation.csv`, annotation);
    findings.push(...checkIdrAnnotation(annotation));
    files.set(`${letter}/idr0000-${letter}-filePaths.tsv`, writeTable(pathsOf(key, title), '\t'));
  });
  if (processed.length > 0)
    files.set(
      'processed/idr0000-processed-filePaths.tsv',
      writeTable(
        processed.flatMap(({ key, title }) => pathsOf(key, title)),
        '\t',
      ),
    );
  return { files, checks: completenessBy('idr', study).items, findings, losses };
}

/** One line of the checklist of EMPIAR's deposition form. */
interface EmpiarEntry {
  en: string;
  ja: string;
  value: string;
  field: string;
  obligation?: 'recommended';
}

function empiarEntries(study: StudyGraph): EmpiarEntry[] {
  const contact = study.contributors.find(({ isContact }) => isContact) ?? study.contributors[0];
  const lead = study.contributors.find(({ roles }) => roles?.some((role) => /principal|lead|supervis/i.test(role)));
  const general: EmpiarEntry[] = [
    { en: 'Title', ja: '題名', value: study.study.title ?? '', field: 'title' },
    {
      en: 'Corresponding author',
      ja: '責任著者',
      value: contact ? displayName(contact) : '',
      field: 'contactLastName',
    },
    {
      en: 'Corresponding author: e-mail',
      ja: '責任著者の電子メール',
      value: contact?.email ?? '',
      field: 'contactEmail',
    },
    { en: 'Corresponding author: ORCID', ja: '責任著者の ORCID', value: contact?.orcid ?? '', field: 'contributors' },
    {
      en: 'Principal investigator',
      ja: '研究代表者',
      value: lead ? displayName(lead) : '',
      field: 'contributors',
      obligation: 'recommended',
    },
    {
      en: 'Authors, in order',
      ja: '著者（順）',
      value: study.contributors
        .filter(({ isNoAuthor }) => !isNoAuthor)
        .map(displayName)
        .join('; '),
      field: 'contributors',
    },
    {
      en: 'Citation',
      ja: '引用文献',
      value: study.publications.map(({ doi, title }) => [title, doi].filter(Boolean).join(', ')).join('; '),
      field: 'paperDoi',
      obligation: 'recommended',
    },
    {
      en: 'Grants',
      ja: '助成金',
      value: study.grants.map(({ funder, identifier }) => [funder, identifier].filter(Boolean).join(' ')).join('; '),
      field: 'fundingStatement',
      obligation: 'recommended',
    },
    {
      en: 'Organism',
      ja: '生物種',
      value: [
        ...new Set(study.biosamples.flatMap(({ organisms }) => (organisms ?? []).map(({ label }) => label))),
      ].join('; '),
      field: 'organism',
    },
  ];
  // Tables and tracks go along as files; EMPIAR asks nothing of them.
  const imaged = study.datasets.filter(({ kind }) => kind !== 'quantitative');
  const sets = imaged.flatMap((dataset, index): EmpiarEntry[] => {
    const images = study.images.filter((image) => image.dataset === dataset.key);
    const [first] = images;
    const name = `Image set ${index + 1}`;
    const nameJa = `image set ${index + 1}`;
    const all = (values: (string | undefined)[]) => [...new Set(values.flatMap((one) => one ?? []))].join('; ');
    return [
      { en: `${name}: name`, ja: `${nameJa}：名前`, value: dataset.title, field: 'datasetTitle' },
      {
        en: `${name}: details`,
        ja: `${nameJa}：説明`,
        value: dataset.description ?? '',
        field: 'datasetDescription',
        obligation: 'recommended',
      },
      {
        en: `${name}: data format`,
        ja: `${nameJa}：データ形式`,
        value: dataset.formats ? all(dataset.formats) : all(images.map(({ format }) => format)),
        field: 'imagingMethods',
      },
      {
        en: `${name}: number of images`,
        ja: `${nameJa}：画像数`,
        value: images.length > 0 ? String(images.length) : '',
        field: 'datasetTitle',
      },
      {
        en: `${name}: width × height (pixels)`,
        ja: `${nameJa}：幅×高さ（画素）`,
        value: first?.sizes?.x === undefined ? '' : `${first.sizes.x} × ${first.sizes.y ?? '?'}`,
        field: 'datasetTitle',
      },
      {
        en: `${name}: voxel type`,
        ja: `${nameJa}：画素の型`,
        value: all(images.map(({ pixelType }) => pixelType)),
        field: 'datasetTitle',
      },
      {
        en: `${name}: pixel size`,
        ja: `${nameJa}：画素の大きさ`,
        value: all(
          images.map(({ pixelSize }) =>
            pixelSize?.x === undefined ? undefined : `${pixelSize.x.value} ${pixelSize.x.unit}`,
          ),
        ),
        field: 'xScale',
      },
    ];
  });
  return [...general, ...sets];
}

function forEmpiar(study: StudyGraph): Made {
  const entries = empiarEntries(study);
  const rows = entries.map(({ en, value, obligation }) => [en, obligation ?? 'required', value]);
  const titles = new Map(study.datasets.map(({ key, title }) => [key, title]));
  const list = study.files.map(({ path, size, sha256, dataset }) => [
    (dataset && titles.get(dataset)) ?? '',
    path,
    size === undefined ? '' : String(size),
    sha256 ?? '',
  ]);
  return {
    files: new Map([
      ['checklist.tsv', writeTable([['Entry', 'Obligation', 'Value'], ...rows], '\t')],
      ['files.tsv', writeTable([['Image set', 'Path', 'Bytes', 'SHA-256'], ...list], '\t')],
    ]),
    checks: entries.map(({ en, ja, value, field, obligation }) => ({
      label: en,
      labels: { en, ja },
      obligation: obligation ?? 'required',
      isThere: value !== '',
      places: [field],
      field,
    })),
    findings: [],
    losses: [],
  };
}

function readme(target: SendOnTarget, study: StudyGraph, checks: readonly CompletenessItem[]): string {
  const open = checks.filter(({ isThere }) => !isThere);
  return [
    `${study.study.title ?? study.study.identifier ?? 'Study'}`,
    `Prepared for: ${target.name} (${target.submitAt})`,
    ...(study.study.url === undefined ? [] : [`Published at: ${study.study.url}`]),
    ...(study.study.doi === undefined ? [] : [`DOI: ${study.study.doi}`]),
    '',
    'What to do',
    ...target.steps.map(({ en }, index) => `${index + 1}. ${en}`),
    '',
    ...(open.length === 0
      ? ['Everything the archive asks for is there.']
      : ['Still missing', ...open.map(({ label, obligation }) => `- ${label} (${obligation})`)]),
    '',
  ].join('\n');
}
