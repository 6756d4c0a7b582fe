import { displayName, type StudyGraph, type TermReference } from '../graph/study-graph.ts';
import { termAddress } from '../identifiers/identifiers.ts';
import { knownLicence } from '../licences/licences.ts';
import { type RdfTerm, type Triple, writeTurtle } from './turtle.ts';

const ontology = 'http://ssbd.riken.jp/ontology/';
const rdfs = 'http://www.w3.org/2000/01/rdf-schema#';
const xsd = 'http://www.w3.org/2001/XMLSchema#';

const prefixes = {
  ssbd: ontology,
  obo: 'http://purl.obolibrary.org/obo/',
  rdfs,
  xsd,
  dcterms: 'http://purl.org/dc/terms/',
};

/**
 * A study in RDF by the SSBD ontology (2025-05): project, papers, people, data sets with biosample, imaging method,
 * instrument and dimensions. Sizes and scales are numbers with units beside the texts that the ontology asks for.
 * @param base address that the nodes of the study are named under
 */
export function ssbdTriples(graph: StudyGraph, base: string): Triple[] {
  return new SsbdWriting(graph, base).triples;
}

/** The same as Turtle. */
export function ssbdTurtle(graph: StudyGraph, base: string): string {
  return writeTurtle(ssbdTriples(graph, base), prefixes);
}

class SsbdWriting {
  readonly triples: Triple[] = [];
  private readonly graph: StudyGraph;
  private readonly base: string;
  /** Samples told of the whole study, not of one data set: they hold for all. */
  private readonly general: StudyGraph['biosamples'];

  constructor(graph: StudyGraph, base: string) {
    this.graph = graph;
    this.base = base.endsWith('#') || base.endsWith('/') ? base : `${base}#`;
    const linked = new Set(graph.datasets.flatMap(({ tuples }) => (tuples ?? []).map(({ biosample }) => biosample)));
    this.general = graph.biosamples.filter(({ key }) => !linked.has(key));
    this.project();
    this.people();
    for (const dataset of graph.datasets) this.dataset(dataset);
  }

  private node(kind: string, key = ''): string {
    return `${this.base}${kind}${key === '' ? '' : `-${encodeURIComponent(key)}`}`;
  }

  private say(subject: string, property: string, object: RdfTerm | undefined): void {
    if (object) this.triples.push([subject, property.includes(':') ? property : ontology + property, object]);
  }

  private tell(subject: string, property: string, text: string | undefined, type?: string): void {
    if (text !== undefined && text !== '')
      this.say(subject, property, { text, ...(type === undefined ? {} : { type: xsd + type }) });
  }

  private start(subject: string, kind: string, label: string | undefined): void {
    this.say(subject, 'http://www.w3.org/1999/02/22-rdf-syntax-ns#type', { iri: ontology + kind });
    this.tell(subject, `${rdfs}label`, label);
  }

  /** A term by its address, with its label; the label alone where it has none. */
  private term(subject: string, property: string, { id, label }: TermReference): void {
    const iri = termAddress(id);
    if (iri === undefined) this.tell(subject, property, label);
    else {
      this.say(subject, property, { iri });
      if (!this.triples.some(([node, predicate]) => node === iri && predicate === `${rdfs}label`))
        this.tell(iri, `${rdfs}label`, label);
    }
  }

  private project(): void {
    const { study } = this.graph;
    const project = this.node('project');
    this.start(project, 'SSBD_Project', study.identifier ?? study.title);
    this.tell(project, 'has_project_name', study.identifier);
    this.tell(project, 'has_dataset_title', study.title);
    this.tell(project, 'has_description', study.description);
    this.tell(project, 'has_project_url', study.url);
    this.tell(project, 'has_doi', study.doi && `https://doi.org/${study.doi}`);
    this.tell(project, 'has_license', study.licence && (knownLicence(study.licence)?.name ?? study.licence));
    this.tell(project, 'has_submission_date', study.submissionDate, 'date');
    this.tell(project, 'has_release_date', study.releaseDate, 'date');
    this.tell(project, 'has_update_date', study.updateDate, 'date');
    this.graph.publications.forEach((one) => {
      const paper = this.node('paper', one.key);
      this.say(project, 'has_project_publications', { iri: paper });
      this.start(paper, 'SSBD_paper_information', one.title);
      this.tell(paper, 'has_doi', one.doi && `https://doi.org/${one.doi}`);
      this.tell(paper, 'has_PMID', one.pubmedId);
      this.tell(paper, 'has_pmc_id', one.pmcId);
      this.tell(paper, 'has_paper_url', one.url);
      this.tell(
        paper,
        'has_paper_information',
        [one.authors?.join(', '), one.year && `(${one.year})`, one.title, one.venue].filter(Boolean).join(' '),
      );
    });
  }

  private people(): void {
    for (const one of this.graph.contributors) {
      const person = this.node('person', one.key);
      const organisation = this.graph.organisations.find(({ key }) => key === one.organisations?.[0]);
      this.say(this.node('project'), 'has_project_participant', { iri: person });
      this.start(person, 'SSBD_person', displayName(one));
      this.tell(person, 'has_first_name', one.firstName);
      this.tell(person, 'has_family_name', one.lastName ?? one.name);
      this.tell(person, 'has_orcid', one.orcid && `https://orcid.org/${one.orcid}`);
      this.tell(person, 'has_organization', organisation?.name);
      this.tell(person, 'has_department', organisation?.department);
      for (const role of one.roles ?? []) this.tell(person, 'has_role', role);
    }
  }

  private dataset(dataset: StudyGraph['datasets'][number]): void {
    const node = this.node('dataset', dataset.key);
    this.say(this.node('project'), 'has_dataset_output', { iri: node });
    this.start(node, 'SSBD_dataset', dataset.title);
    this.tell(node, 'has_dataset_title', dataset.title);
    this.tell(node, 'has_description', dataset.description);
    this.tell(node, 'has_folder_name', dataset.identifier);
    for (const format of dataset.formats ?? []) this.tell(node, 'has_file_format', format);
    (dataset.tuples ?? []).forEach((tuple, index) => {
      const sample = this.graph.biosamples.find(({ key }) => key === tuple.biosample);
      if (sample) this.biosample(node, this.node('biosample', `${dataset.key}-${index + 1}`), sample);
      const acquisition = this.graph.acquisitions.find(({ key }) => key === tuple.acquisition);
      if (acquisition) this.acquisition(node, `${dataset.key}-${index + 1}`, acquisition);
    });
    for (const sample of this.general)
      this.biosample(node, this.node('biosample', `${dataset.key}-${sample.key}`), sample);
    const images = this.graph.images.filter((image) => image.dataset === dataset.key);
    images.forEach((image, index) =>
      this.dimension(node, this.node('dimension', `${dataset.key}-${index + 1}`), image),
    );
  }

  private biosample(dataset: string, node: string, sample: StudyGraph['biosamples'][number]): void {
    this.say(dataset, 'has_biosample_information', { iri: node });
    this.start(node, 'SSBD_biosample_information', sample.title);
    this.tell(node, 'has_description', sample.description ?? sample.biologicalEntity);
    for (const [property, terms] of [
      ['is_about_organism', sample.organisms],
      ['is_about_cell_line', sample.cellLine],
      ['is_about_cell', sample.cellType],
      ['is_about_anatomical_entity', sample.tissue],
      ['is_about_GO_mf', sample.molecularFunction],
      ['is_about_GO_bp', sample.biologicalProcess],
      ['is_about_GO_cc', sample.cellularComponent],
    ] as const)
      for (const one of terms ?? []) this.term(node, property, one);
    for (const strain of sample.strain ?? []) this.tell(node, 'is_about_strain', strain);
    for (const one of sample.intrinsicVariables ?? []) this.tell(node, 'has_intrinsic_variable', one);
    for (const one of sample.extrinsicVariables ?? []) this.tell(node, 'has_extrinsic_variable', one);
    if (sample.genes === undefined && sample.proteins === undefined) return;
    const genetic = `${node}-genetic`;
    this.say(dataset, 'has_genetic_information', { iri: genetic });
    this.start(genetic, 'SSBD_genetic_information', undefined);
    for (const gene of sample.genes ?? []) this.tell(genetic, 'has_gene_name', gene);
    for (const protein of sample.proteins ?? []) this.tell(genetic, 'has_protein_name', protein);
  }

  private acquisition(dataset: string, key: string, acquisition: StudyGraph['acquisitions'][number]): void {
    const node = this.node('imaging-method', key);
    this.say(dataset, 'has_imaging_method_total_info', { iri: node });
    this.start(node, 'SSBD_imaging_method_information', acquisition.title);
    for (const one of acquisition.methods ?? []) this.term(node, 'has_imaging_method_recorded_type', one);
    const scope = acquisition.microscope;
    if (acquisition.instrument === undefined && scope === undefined) return;
    const instrument = this.node('instrument', key);
    this.say(dataset, 'has_instrument_information', { iri: instrument });
    this.start(instrument, 'SSBD_imaging_instruments', acquisition.instrument);
    this.tell(
      instrument,
      'has_body',
      acquisition.instrument ?? [scope?.manufacturer, scope?.model].filter(Boolean).join(' '),
    );
    this.tell(instrument, 'has_objective', scope?.objective);
    this.tell(instrument, 'has_detector', scope?.detector);
    this.tell(instrument, 'has_light_source', scope?.lightSource);
  }

  private dimension(dataset: string, node: string, image: StudyGraph['images'][number]): void {
    this.say(dataset, 'has_dimension_information', { iri: node });
    this.start(node, 'SSBD_dimension_data', image.name);
    const { x, y, z, c, t } = image.sizes ?? {};
    if (x !== undefined && y !== undefined) this.tell(node, 'has_dimensions', [x, y, z ?? 1, c ?? 1, t ?? 1].join('x'));
    for (const [axis, size] of [
      ['x', x],
      ['y', y],
      ['z', z],
      ['c', c],
      ['t', t],
    ] as const)
      this.tell(node, `has_size_${axis}`, size === undefined ? undefined : String(size), 'integer');
    this.tell(node, 'has_channel_number', c === undefined ? undefined : `${c} ${c === 1 ? 'channel' : 'channels'}`);
    for (const [axis, scale] of [
      ['x', image.pixelSize?.x],
      ['y', image.pixelSize?.y],
      ['z', image.pixelSize?.z],
      ['t', image.timeStep],
    ] as const)
      this.tell(node, `has_${axis}_scale`, scale && `${scale.value} ${scale.unit}`);
  }
}
