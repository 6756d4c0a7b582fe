/** A test of a metric: what it asks for and how much it is worth. */
export interface FairTest {
  id: FairTestId;
  points: number;
}

/** One of the 17 metrics of an automated FAIR assessment. */
export interface FairMetric {
  id: string;
  /** What it asks, in a few words. */
  name: string;
  /** Most points it gives. */
  possible: number;
  /** `sum`: each test adds its points; `best`: the better test alone decides. */
  scoring: 'sum' | 'best';
  tests: readonly FairTest[];
  /** What to do where points are missing. */
  advice: string;
}

/** Tests that carry points. Those F-UJI runs without points (identifiers of single files, measured variables) are left out. */
export type FairTestId =
  | 'FsF-F1-01MD-1'
  | 'FsF-F1-02MD-1'
  | 'FsF-F1-02MD-2'
  | 'FsF-F2-01M-2'
  | 'FsF-F2-01M-3'
  | 'FsF-F3-01M-2'
  | 'FsF-F4-01M-1'
  | 'FsF-A1-01M-1'
  | 'FsF-A1-02MD-1'
  | 'FsF-A1-02MD-2'
  | 'FsF-A1.1-01MD-1'
  | 'FsF-A1.1-01MD-2'
  | 'FsF-A1.2-01MD-1'
  | 'FsF-A1.2-01MD-2'
  | 'FsF-I1-01M-1'
  | 'FsF-I1-01M-2'
  | 'FsF-I2-01M-2'
  | 'FsF-I3-01M-1'
  | 'FsF-I3-01M-2'
  | 'FsF-R1-01M-1'
  | 'FsF-R1-01M-2'
  | 'FsF-R1.1-01M-1'
  | 'FsF-R1.2-01M-1'
  | 'FsF-R1.2-01M-2'
  | 'FsF-R1.3-01M-1'
  | 'FsF-R1.3-01M-3'
  | 'FsF-R1.3-02D-1';

function metric(
  id: string,
  name: string,
  scoring: FairMetric['scoring'],
  points: Partial<Record<FairTestId, number>>,
  advice: string,
): FairMetric {
  const tests = (Object.entries(points) as [FairTestId, number][]).map(([test, worth]) => ({
    id: test,
    points: worth,
  }));
  const worths = tests.map((test) => test.points);
  const possible = scoring === 'sum' ? worths.reduce((all, one) => all + one, 0) : Math.max(...worths);
  return { id, name, possible, scoring, tests, advice };
}

/** The metrics with their points: F-UJI metrics 0.8 (17 metrics, 26 points), in their order. */
export const fairMetrics: readonly FairMetric[] = [
  metric(
    'FsF-F1-01MD',
    'Unique identifier',
    'sum',
    { 'FsF-F1-01MD-1': 1 },
    'State an identifier that is an address or of a known kind (DOI, Handle, ARK, URN, UUID) in the metadata or as link `cite-as`.',
  ),
  metric(
    'FsF-F1-02MD',
    'Persistent identifier',
    'sum',
    { 'FsF-F1-02MD-1': 0.5, 'FsF-F1-02MD-2': 0.5 },
    'Register a DOI for the study and state it; an accession of the repository alone is not persistent.',
  ),
  metric(
    'FsF-F2-01M',
    'Core metadata',
    'sum',
    { 'FsF-F2-01M-2': 1, 'FsF-F2-01M-3': 1 },
    'Fill in what is missing: creators, title, identifier, publication date, publisher, type; description and keywords.',
  ),
  metric(
    'FsF-F3-01M',
    'Metadata name the data',
    'sum',
    { 'FsF-F3-01M-2': 1 },
    'List the addresses of the files: schema.org `distribution.contentUrl`, or links `item`.',
  ),
  metric(
    'FsF-F4-01M',
    'Search engines can read the metadata',
    'sum',
    { 'FsF-F4-01M-1': 2 },
    'Embed schema.org JSON-LD of type Dataset in the page, or Dublin Core in meta tags.',
  ),
  metric(
    'FsF-A1-01M',
    'Access conditions',
    'best',
    { 'FsF-A1-01M-1': 1 },
    'State who may have the data: `conditionsOfAccess` in words or as a COAR access right, or the rights of DataCite; `isAccessibleForFree` alone does not count.',
  ),
  metric(
    'FsF-A1-02MD',
    'Metadata and data can be fetched',
    'sum',
    { 'FsF-A1-02MD-1': 1, 'FsF-A1-02MD-2': 1 },
    'Let the page and the files it names answer to anybody with 200.',
  ),
  metric(
    'FsF-A1.1-01MD',
    'Standard protocol',
    'sum',
    { 'FsF-A1.1-01MD-1': 1, 'FsF-A1.1-01MD-2': 1 },
    'Give metadata and data by http, https or ftp.',
  ),
  metric(
    'FsF-A1.2-01MD',
    'Protocol that can ask who one is',
    'sum',
    { 'FsF-A1.2-01MD-1': 1, 'FsF-A1.2-01MD-2': 1 },
    'Give metadata and data by http, https, ftps or sftp.',
  ),
  metric(
    'FsF-I1-01M',
    'Formal metadata',
    'best',
    { 'FsF-I1-01M-1': 2, 'FsF-I1-01M-2': 2 },
    'Embed JSON-LD in the page, or give JSON-LD or Turtle by content negotiation or a link `describedby`.',
  ),
  metric(
    'FsF-I2-01M',
    'Registered vocabularies',
    'sum',
    { 'FsF-I2-01M-2': 2 },
    'Choose terms from the list (organism, imaging method, process …): a word alone has no address in a vocabulary.',
  ),
  metric(
    'FsF-I3-01M',
    'Qualified references',
    'best',
    { 'FsF-I3-01M-1': 2, 'FsF-I3-01M-2': 2 },
    'Name the paper, the catalogue or the studies it is related to, each with the kind of relation.',
  ),
  metric(
    'FsF-R1-01M',
    'What the data are',
    'sum',
    { 'FsF-R1-01M-1': 1, 'FsF-R1-01M-2': 1 },
    'State the type of the resource, and size and media type of the files as they really are.',
  ),
  metric(
    'FsF-R1.1-01M',
    'Licence',
    'sum',
    { 'FsF-R1.1-01M-1': 1 },
    'State the licence by its address: SPDX or Creative Commons.',
  ),
  metric(
    'FsF-R1.2-01M',
    'Provenance',
    'best',
    { 'FsF-R1.2-01M-1': 1, 'FsF-R1.2-01M-2': 1 },
    'State who made and published the data and when, or describe it with PROV or PAV.',
  ),
  metric(
    'FsF-R1.3-01M',
    'Community standard',
    'best',
    { 'FsF-R1.3-01M-1': 1, 'FsF-R1.3-01M-3': 1 },
    'Link a description in a standard of the field (OME-XML, ISA) or an endorsed general one (DataCite, RO-Crate).',
  ),
  metric(
    'FsF-R1.3-02D',
    'File format',
    'sum',
    { 'FsF-R1.3-02D-1': 1 },
    'Offer at least one file in an open, long-term or scientific format (TIFF, HDF5, DICOM, text), with its media type.',
  ),
];

/** Points of all metrics: 26. */
export const fairPoints: number = fairMetrics.reduce((all, { possible }) => all + possible, 0);
