import { isCellMigration } from '../completeness/completeness.ts';
import type { StudyGraph } from '../graph/study-graph.ts';
import { escapeXml } from '../xml/write-xml.ts';
import { splitTable } from '../tables/delimited.ts';

/** Folder of the configuration beside the files of an ISA-Tab. */
const folder = 'configuration';

/** A table of ISA-Tab as its configuration tells it. */
interface Configured {
  name: string;
  measurement: string;
  technology: string;
  header: readonly string[];
  /** Types of the protocols in the order of the columns `Protocol REF`. */
  protocols: readonly string[];
}

/**
 * The ISA configuration of files of ours, by path: the table of samples, and imaging assays, which no stock configuration
 * of the ISA tools has. Measurement and technology are those that the investigation names; the columns are ours.
 * @param texts files of `exportIsaTab`, by name
 */
export function isaConfiguration(texts: ReadonlyMap<string, string>): Map<string, string> {
  const headerOf = (kind: 's' | 'a') => {
    const name = [...texts.keys()].find((one) => one.startsWith(`${kind}_`));
    return name === undefined ? undefined : splitTable(texts.get(name)!, '\t')[0]?.cells;
  };
  const samples = headerOf('s');
  const assays = headerOf('a');
  const named = measurementNamed(texts);
  return new Map([
    ...(samples
      ? [
          fileOf({
            name: 'study-sample',
            measurement: '[Sample]',
            technology: '',
            header: samples,
            protocols: ['sample preparation'],
          }),
        ]
      : []),
    ...(assays
      ? [
          fileOf({
            name: 'imaging-assay',
            measurement: named ?? imagingAssay.measurement,
            technology: imagingAssay.technology,
            header: assays,
            protocols: imagingAssay.protocols,
          }),
        ]
      : []),
  ]);
}

/** What the first assay of an investigation measures, as it says. */
function measurementNamed(texts: ReadonlyMap<string, string>): string | undefined {
  const investigation = [...texts].find(([name]) => name.startsWith('i_'))?.[1] ?? '';
  const row = splitTable(investigation, '\t').find(({ cells }) => cells[0] === 'Study Assay Measurement Type');
  return row?.cells[1] || undefined;
}

/** An imaging assay: what it measures and with what, and the protocols that follow each other in it. */
export const imagingAssay = {
  measurement: 'imaging assay',
  technology: 'microscopy imaging',
  protocols: ['image acquisition', 'data analysis'],
} as const;

/** What an assay of a cell migration experiment measures, in the words of the MIACME 1.1 configuration. */
export const migrationMeasurement = 'cell migration assay';

/** What the assays of a study measure: cell migration only where the study is about that, and MIACME applies to it. */
export function assayMeasurement(graph: StudyGraph): string {
  return isCellMigration(graph) ? migrationMeasurement : imagingAssay.measurement;
}

function fileOf(table: Configured): [path: string, text: string] {
  const protocols = [...table.protocols];
  const fields = table.header.flatMap((header, index): string[] => {
    // Term columns belong to the field before them; comments are free.
    if (/^(Term Source REF|Term Accession Number)$/.test(header) || header.startsWith('Comment[')) return [];
    if (header === 'Protocol REF')
      return [`    <protocol-field protocol-type="${escapeXml(protocols.shift() ?? '')}"/>`];
    if (header === 'Unit') return [unitField];
    const isTerm = table.header[index + 1] === 'Term Source REF';
    const isRequired = /^(Source|Sample) Name$/.test(header);
    return [
      `    <field header="${escapeXml(header)}" data-type="${isTerm ? 'Ontology term' : 'String'}" is-file-field="${header.endsWith(' File')}" is-multiple-value="false" is-required="${isRequired}" is-hidden="false" is-forced-ontology="false">`,
      `      <description>${escapeXml(header)}</description>`,
      '      <default-value/>',
      '    </field>',
    ];
  });
  const text = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    '<isatab-config-file xmlns="http://www.ebi.ac.uk/bii/isatab_configuration#">',
    `  <isatab-configuration table-name="${table.name}" isatab-assay-type="generic_assay" isatab-conversion-target="generic">`,
    `    <measurement term-label="${escapeXml(table.measurement)}" term-accession="" source-abbreviation=""/>`,
    `    <technology term-label="${escapeXml(table.technology)}" term-accession="" source-abbreviation=""/>`,
    ...fields,
    '    <structured-field name="factors"/>',
    '  </isatab-configuration>',
    '</isatab-config-file>',
    '',
  ].join('\n');
  return [`${folder}/${table.name}.xml`, text];
}

const unitField =
  '    <unit-field data-type="Ontology term" is-multiple-value="false" is-required="false" is-forced-ontology="false"/>';
