import { type Json, type JsonRecord, recordsOf, textOf } from '../json/json.ts';
import { imagingAssay, migrationMeasurement } from './isa-configuration.ts';

const sequencing = 'nucleic acid extraction > library construction > nucleic acid sequencing';
const microarray =
  'labeling > nucleic acid hybridization > data collection > normalization data transformation > data transformation';
const sorting = 'labeling > data collection > gating';
const spectrometry = 'extraction > labeling > mass spectrometry > data transformation';

/**
 * Assays that the ISA tools come with a configuration for: measurement, technology, and the types of the protocols in the
 * order they follow each other. An assay that is none of them needs a configuration of its own.
 */
const stock: readonly (readonly [measurement: string, technology: string, protocols: string])[] = [
  ['cell counting', 'flow cytometry', sorting],
  ['cell sorting', 'flow cytometry', sorting],
  ['clinical chemistry analysis', '', ''],
  ['copy number variation profiling', 'DNA microarray', `DNA extraction > ${microarray}`],
  [
    'copy number variation profiling',
    'nucleotide sequencing',
    'DNA extraction > library construction > nucleic acid sequencing > sequence analysis data transformation > normalization data transformation > data transformation',
  ],
  ['DNA methylation profiling', 'DNA microarray', `DNA extraction > ${microarray}`],
  ['DNA methylation profiling', 'nucleotide sequencing', `${sequencing} > sequence analysis data transformation`],
  ['environmental gene survey', 'nucleotide sequencing', sequencing],
  ['genome sequencing', 'nucleotide sequencing', `${sequencing} > sequence assembly`],
  ['hematology', '', 'hematology'],
  ['histology', '', 'histology'],
  ['histone modification profiling', 'nucleotide sequencing', `${sequencing} > sequence analysis data transformation`],
  [
    'isotopologue distribution analysis',
    'mass spectrometry',
    'metabolite extraction > mass spectrometry > metabolite identification',
  ],
  ['isotopomer analysis', 'NMR spectroscopy', 'metabolite extraction > NMR spectroscopy > data transformation'],
  ['loss of heterozygosity profiling', 'DNA microarray', `DNA extraction > ${microarray}`],
  ['metabolite profiling', 'mass spectrometry', spectrometry],
  ['metabolite profiling', 'NMR spectroscopy', 'extraction > NMR spectroscopy > data transformation'],
  ['metagenome sequencing', 'nucleotide sequencing', `${sequencing} > sequence analysis data transformation`],
  ['protein expression profiling', 'gel electrophoresis', ''],
  ['protein expression profiling', 'mass spectrometry', spectrometry],
  [
    'protein expression profiling',
    'protein microarray',
    'DNA extraction > labeling > hybridization > data collection > data transformation',
  ],
  ['protein identification', 'mass spectrometry', spectrometry],
  ['protein-DNA binding site identification', 'DNA microarray', ''],
  [
    'protein-DNA binding site identification',
    'nucleotide sequencing',
    `${sequencing} > sequence analysis data transformation`,
  ],
  [
    'protein-protein interaction detection',
    'protein microarray',
    'extraction > protocol > hybridization > data normalization > data transformation',
  ],
  ['SNP analysis', 'DNA microarray', `DNA extraction > ${microarray}`],
  [
    'transcription factor binding site identification',
    'DNA microarray',
    `chromatin immunoprecipitation assays > ${microarray}`,
  ],
  [
    'transcription factor binding site identification',
    'nucleotide sequencing',
    `${sequencing} > sequence analysis data transformation`,
  ],
  ['transcription profiling', 'DNA microarray', `RNA extraction > ${microarray}`],
  ['transcription profiling', 'nucleotide sequencing', `${sequencing} > sequence analysis data transformation`],
  [
    'transcription profiling',
    'real time PCR',
    'nucleic acid extraction > labeling > reverse transcribed pcr > data collection > data transformation',
  ],
];

const keyOf = (measurement: string, technology: string) =>
  `${measurement.trim().toLowerCase()}|${technology.trim().toLowerCase()}`;

const configured = new Map<string, readonly (readonly string[])[]>([
  ...stock.map(
    ([measurement, technology, protocols]) =>
      [keyOf(measurement, technology), protocols === '' ? [] : [protocols.split(' > ')]] as const,
  ),
  // Ours, and that of MIACME 1.1 itself.
  [keyOf(imagingAssay.measurement, imagingAssay.technology), [imagingAssay.protocols]],
  [keyOf(migrationMeasurement, imagingAssay.technology), [imagingAssay.protocols, ['imaging', 'data transformation']]],
]);

/** What is wrong with an assay by its configuration: the reference validator's rules 4002 and 4004. */
export interface ConfigurationFault {
  rule: 4002 | 4004;
  message: string;
}

/**
 * Holds an assay to the configuration of its measurement and technology.
 * @param chains types of the protocols of each way through the assay, in order
 */
export function configurationFault(
  measurement: string,
  technology: string,
  chains: Iterable<readonly string[]>,
): ConfigurationFault | undefined {
  const known = configured.get(keyOf(measurement, technology));
  const named = [measurement, technology].filter((one) => one.trim() !== '').join(' / ') || 'no measurement type';
  if (!known)
    return {
      rule: 4002,
      message: `No configuration that the ISA tools come with is for “${named.slice(0, 120)}” [4002]`,
    };
  for (const chain of known.length === 0 ? [] : chains)
    if (!known.some((wanted) => follows(chain, wanted)))
      return {
        rule: 4004,
        message: `The protocols “${chain.join(', ').slice(0, 160)}” are not, in their order, those that the ISA configuration of “${named.slice(0, 120)}” names: ${known[0]!.join(', ')} [4004]`,
      };
  return undefined;
}

/** Do the protocols that a configuration names follow each other as there? Others may stand between; one said twice counts once. */
function follows(chain: readonly string[], wanted: readonly string[]): boolean {
  const found = chain.filter((type) => wanted.includes(type)).filter((type, index, all) => all[index - 1] !== type);
  return found.length > 0 && wanted.some((_, at) => found.every((type, index) => wanted[at + index] === type));
}

/** Ways looked at in one assay. */
const mostChains = 2000;

/** Types of protocols along each way through a process sequence, as its last processes lead back. */
export function* protocolChains(holder: JsonRecord, typeOf: ReadonlyMap<string, string>): Generator<string[]> {
  const processes = recordsOf(holder.processSequence);
  const idOf = (value: Json | undefined) => textOf((recordsOf(value)[0] ?? {})['@id']);
  const byId = new Map(processes.map((one) => [textOf(one['@id']), one]));
  let left = mostChains;
  for (const last of processes) {
    if (idOf(last.nextProcess) !== undefined) continue;
    if (left-- === 0) return;
    const chain: string[] = [];
    const seen = new Set<JsonRecord>();
    for (let one: JsonRecord | undefined = last; one && !seen.has(one); one = byId.get(idOf(one.previousProcess))) {
      seen.add(one);
      chain.unshift(typeOf.get(idOf(one.executesProtocol) ?? '') ?? '');
    }
    yield chain;
  }
}
