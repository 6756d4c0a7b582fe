import { defineIssues, type Issue } from '@micrarium/model';
import { isDoiField } from '../identifiers/identifiers.ts';
import { isRecord, type Json, type JsonRecord, recordsOf, textOf } from '../json/json.ts';
import { configurationFault, protocolChains } from './assay-configurations.ts';
import { termOfAnnotation } from './isa-parts.ts';

/** Issues of an ISA-JSON investigation; numbers in the messages are those of the ISA reference validator. */
export const isaIssue = defineIssues({
  'isa-link': {
    severity: 'error',
    meaning: 'A link of an ISA-JSON investigation leads to something that is not declared.',
    hint: 'Declare the material, protocol, parameter or factor, or mend the link.',
  },
  'isa-unused': {
    severity: 'warning',
    meaning: 'An ISA investigation declares something that nothing uses.',
  },
  'isa-missing': {
    severity: 'error',
    meaning: 'An ISA investigation lacks a name, a file name or a list that it must have.',
  },
  'isa-malformed': {
    severity: 'error',
    meaning: 'A date, DOI, PubMed identifier or e-mail of an ISA investigation is not spelled as it must be.',
  },
  'isa-configuration': {
    severity: 'warning',
    meaning:
      'An ISA assay is of a kind that the ISA tools have no configuration for, or its protocols do not follow each other as its configuration says.',
    hint: 'Give the configuration of the assay along with the files, or name measurement and technology as the ISA tools do.',
    example: 'No configuration that the ISA tools come with is for “cell shape / light-sheet microscopy” [4002]',
  },
  'isa-term-source': {
    severity: 'warning',
    meaning:
      'A term source of an ISA investigation is used and not declared, declared and not used, or missing beside an accession.',
  },
});

const idOf = (value: Json | undefined) => textOf((recordsOf(value)[0] ?? {})['@id']);

/** Checks the links and values that the schema cannot (section 5.1 of the standards note). */
export function checkIsaJson(document: Json): Issue[] {
  if (!isRecord(document) || !Array.isArray(document.studies))
    return [isaIssue('isa-missing', 'There is no list of studies', { where: { field: 'studies' } })];
  const checking = new IsaChecking(document);
  checking.run();
  return checking.issues;
}

/** ISA tools write the same category as an annotation and as a category. */
const categoryName = (id: Json | undefined) => textOf(id)?.replace('#ontology_annotation', '#characteristic_category');

class IsaChecking {
  readonly issues: Issue[] = [];
  private readonly document: JsonRecord;
  private readonly usedSources = new Set<string>();

  constructor(document: JsonRecord) {
    this.document = document;
  }

  private add(code: Parameters<typeof isaIssue>[0], message: string, field: string, severity?: 'warning'): void {
    this.issues.push(isaIssue(code, message, { where: { field }, ...(severity ? { severity } : {}) }));
  }

  run(): void {
    this.heading(this.document, 'investigation');
    recordsOf(this.document.studies).forEach((study, index) => this.study(study, `studies[${index}]`));
    this.sources();
  }

  private heading(record: JsonRecord, place: string): void {
    for (const name of ['submissionDate', 'publicReleaseDate']) {
      const date = textOf(record[name]);
      if (date !== undefined && !/^\d{4}-\d{2}-\d{2}(T.*)?$/.test(date))
        this.add('isa-malformed', `${name} “${date.slice(0, 40)}” is not ISO 8601 [3001]`, `${place}.${name}`);
    }
    recordsOf(record.publications).forEach((one, index) => {
      const doi = textOf(one.doi);
      const pubmed = textOf(one.pubMedID);
      if (doi !== undefined && !isDoiField(doi))
        this.add('isa-malformed', `“${doi.slice(0, 60)}” is not a DOI [3002]`, `${place}.publications[${index}].doi`);
      if (pubmed !== undefined && !/^(\d{1,8}|PMC\d+)$/.test(pubmed))
        this.add(
          'isa-malformed',
          `“${pubmed.slice(0, 40)}” is not a PubMed identifier [3003]`,
          `${place}.publications[${index}].pubMedID`,
        );
    });
    recordsOf(record.people).forEach((one, index) => {
      if (one.email === '')
        this.add(
          'isa-malformed',
          'An e-mail is the empty text; it is left out instead',
          `${place}.people[${index}].email`,
        );
      else if (textOf(one.email) !== undefined && !/^[^\s@]+@[^\s@]+$/.test(textOf(one.email)!))
        this.add(
          'isa-malformed',
          `“${textOf(one.email)!.slice(0, 60)}” is not an e-mail address`,
          `${place}.people[${index}].email`,
        );
    });
  }

  private study(study: JsonRecord, place: string): void {
    this.heading(study, place);
    if (textOf(study.filename) === undefined)
      this.add('isa-missing', 'The study has no file name [3005]', `${place}.filename`);
    const materials = isRecord(study.materials) ? study.materials : {};
    const nodes = new Map<string, string>();
    for (const kind of ['sources', 'samples', 'otherMaterials'])
      for (const one of recordsOf(materials[kind])) nodes.set(textOf(one['@id']) ?? '', kind);
    const protocols = new Map(recordsOf(study.protocols).map((one) => [textOf(one['@id']) ?? '', one]));
    const types = new Map(
      [...protocols].map(([id, one]) => [id, termOfAnnotation(one.protocolType)?.label ?? ''] as const),
    );
    const used = { nodes: new Set<string>(), protocols: new Set<string>(), parameters: new Set<string>() };
    recordsOf(study.protocols).forEach((one, index) => {
      if (textOf(one.name) === undefined)
        this.add('isa-missing', 'A protocol has no name [1010]', `${place}.protocols[${index}]`, 'warning');
      for (const parameter of recordsOf(one.parameters))
        if (termOfAnnotation(parameter.parameterName) === undefined)
          this.add('isa-missing', 'A parameter has no name [1011]', `${place}.protocols[${index}]`, 'warning');
    });
    recordsOf(study.factors).forEach((one, index) => {
      if (textOf(one.factorName) === undefined)
        this.add('isa-missing', 'A factor has no name [1012]', `${place}.factors[${index}]`, 'warning');
    });
    this.sequence(study, place, nodes, protocols, used);
    recordsOf(study.assays).forEach((assay, index) => {
      const at = `${place}.assays[${index}]`;
      if (textOf(assay.filename) === undefined)
        this.add('isa-missing', 'The assay has no file name [3005]', `${at}.filename`);
      const inner = new Map(nodes);
      const inside = isRecord(assay.materials) ? assay.materials : {};
      for (const one of recordsOf(inside.samples)) {
        const id = textOf(one['@id']) ?? '';
        if (!nodes.has(id))
          this.add(
            'isa-link',
            `The sample ${id.slice(0, 80)} is not declared in the study [1005]`,
            `${at}.materials.samples`,
          );
      }
      const own = [...recordsOf(inside.otherMaterials), ...recordsOf(assay.dataFiles)].map(
        (one) => textOf(one['@id']) ?? '',
      );
      for (const id of own) inner.set(id, 'assay');
      this.sequence(assay, at, inner, protocols, used);
      for (const id of own)
        if (!used.nodes.has(id)) this.add('isa-unused', `${id.slice(0, 80)} is declared and not used [1017]`, at);
      const fault = configurationFault(
        termOfAnnotation(assay.measurementType)?.label ?? '',
        termOfAnnotation(assay.technologyType)?.label ?? '',
        protocolChains(assay, types),
      );
      if (fault) this.add('isa-configuration', fault.message, at);
    });
    for (const [id, kind] of nodes)
      if (!used.nodes.has(id))
        this.add('isa-unused', `${id.slice(0, 80)} is declared in ${kind} and not used [1017]`, `${place}.materials`);
    for (const id of protocols.keys())
      if (!used.protocols.has(id))
        this.add('isa-unused', `The protocol ${id.slice(0, 80)} is never executed [1019]`, `${place}.protocols`);
    this.categories(study, materials, place);
  }

  private sequence(
    holder: JsonRecord,
    place: string,
    nodes: ReadonlyMap<string, string>,
    protocols: ReadonlyMap<string, JsonRecord>,
    used: Record<'nodes' | 'protocols' | 'parameters', Set<string>>,
  ): void {
    const processes = recordsOf(holder.processSequence);
    const ids = new Set(processes.map((one) => textOf(one['@id'])));
    processes.forEach((one, index) => {
      const at = `${place}.processSequence[${index}]`;
      for (const name of ['inputs', 'outputs'])
        for (const node of recordsOf(one[name])) {
          const id = textOf(node['@id']) ?? '';
          used.nodes.add(id);
          if (!nodes.has(id))
            this.add('isa-link', `${name} names ${id.slice(0, 80)}, which is not declared [1005]`, at);
        }
      for (const name of ['previousProcess', 'nextProcess']) {
        const id = idOf(one[name]);
        if (id !== undefined && !ids.has(id))
          this.add('isa-link', `${name} ${id.slice(0, 80)} is not in the same sequence [1006]`, at);
      }
      const executed = idOf(one.executesProtocol);
      if (executed === undefined || !protocols.has(executed))
        this.add('isa-link', `The protocol ${(executed ?? '').slice(0, 80)} is not declared in the study [1007]`, at);
      else used.protocols.add(executed);
      const parameters = new Set(
        recordsOf(protocols.get(executed ?? '')?.parameters).map((parameter) => textOf(parameter['@id'])),
      );
      for (const value of recordsOf(one.parameterValues)) {
        const id = idOf(value.category);
        // The column Array Design REF of ISA-Tab is a parameter that no protocol declares.
        if (id !== undefined && !parameters.has(id) && id !== '#parameter/Array_Design_REF')
          this.add('isa-link', `The parameter ${id.slice(0, 80)} is not one of the protocol [1009]`, at);
      }
    });
  }

  private categories(study: JsonRecord, materials: JsonRecord, place: string): void {
    // An assay declares those of its own materials, which may be those of the study's samples; one study those of another.
    const declared = new Set(
      recordsOf(this.document.studies)
        .flatMap((one) => [one, ...recordsOf(one.assays)])
        .flatMap((one) => recordsOf(one.characteristicCategories).map((category) => categoryName(category['@id']))),
    );
    const factors = new Set(recordsOf(study.factors).map((one) => textOf(one['@id'])));
    for (const one of [...recordsOf(materials.sources), ...recordsOf(materials.samples)]) {
      for (const characteristic of recordsOf(one.characteristics)) {
        const id = idOf(characteristic.category);
        if (id !== undefined && !declared.has(categoryName(id)))
          this.add('isa-link', `The characteristic ${id.slice(0, 80)} is not declared [1013]`, `${place}.materials`);
      }
      for (const value of recordsOf(one.factorValues)) {
        const id = idOf(value.category);
        if (id !== undefined && !factors.has(id))
          this.add('isa-link', `The factor ${id.slice(0, 80)} is not declared [1008]`, `${place}.materials`);
      }
    }
  }

  private sources(): void {
    const declared = new Set<string>();
    recordsOf(this.document.ontologySourceReferences).forEach((one, index) => {
      const name = textOf(one.name);
      if (name === undefined)
        this.add('isa-missing', 'An ontology source has no name [3008]', `ontologySourceReferences[${index}]`);
      else declared.add(name);
    });
    this.collect(this.document.studies, 0);
    for (const name of this.usedSources)
      if (!declared.has(name))
        this.add(
          'isa-term-source',
          `The term source ${name.slice(0, 60)} is used and not declared [3009]`,
          'ontologySourceReferences',
        );
    for (const name of declared)
      if (!this.usedSources.has(name))
        this.add(
          'isa-term-source',
          `The term source ${name.slice(0, 60)} is declared and not used [3007]`,
          'ontologySourceReferences',
        );
  }

  private collect(value: Json | undefined, depth: number): void {
    if (depth > 60) return;
    if (Array.isArray(value)) for (const one of value) this.collect(one, depth + 1);
    else if (isRecord(value)) {
      const source = textOf(value.termSource);
      if (source !== undefined) this.usedSources.add(source);
      else if (textOf(value.termAccession) !== undefined && 'annotationValue' in value)
        this.add(
          'isa-term-source',
          `The accession of “${(textOf(value.annotationValue) ?? '').slice(0, 60)}” has no source [3010]`,
          'termSource',
        );
      for (const one of Object.values(value)) this.collect(one, depth + 1);
    }
  }
}
