/** Values of the DataCite kernel's closed lists, with the version that added those not in 4.5 (XSDs of 4.5, 4.6, 4.7). */
export const dataCiteLists = {
  contributorType: list(
    'ContactPerson DataCollector DataCurator DataManager Distributor Editor HostingInstitution Other Producer ProjectLeader ProjectManager ProjectMember RegistrationAgency RegistrationAuthority RelatedPerson ResearchGroup RightsHolder Researcher Sponsor Supervisor Translator WorkPackageLeader',
  ),
  dateType: list(
    'Accepted Available Collected Copyrighted Coverage Created Issued Other Submitted Updated Valid Withdrawn',
  ),
  descriptionType: list('Abstract Methods SeriesInformation TableOfContents TechnicalInfo Other'),
  funderIdentifierType: [...list('ISNI GRID ROR Other'), 'Crossref Funder ID'],
  relatedIdentifierType: list(
    'ARK arXiv bibcode CSTR DOI EAN13 EISSN Handle IGSN ISBN ISSN ISTC LISSN LSID PMID PURL RAiD RRID SWHID UPC URL URN w3id',
  ),
  relationType: list(
    'IsCitedBy Cites IsSupplementTo IsSupplementedBy IsContinuedBy Continues IsNewVersionOf IsPreviousVersionOf IsPartOf HasPart IsPublishedIn IsReferencedBy References IsDocumentedBy Documents IsCompiledBy Compiles IsVariantFormOf IsOriginalFormOf IsIdenticalTo HasMetadata IsMetadataFor Reviews IsReviewedBy IsDerivedFrom IsSourceOf Describes IsDescribedBy HasVersion IsVersionOf Requires IsRequiredBy Obsoletes IsObsoletedBy Collects IsCollectedBy HasTranslation IsTranslationOf Other',
  ),
  resourceTypeGeneral: list(
    'Audiovisual Award Book BookChapter Collection ComputationalNotebook ConferencePaper ConferenceProceeding DataPaper Dataset Dissertation Event Image Instrument InteractiveResource Journal JournalArticle Model OutputManagementPlan PeerReview PhysicalObject Poster Preprint Presentation Project Report Service Software Sound Standard StudyRegistration Text Workflow Other',
  ),
  titleType: list('AlternativeTitle Subtitle TranslatedTitle Other'),
  nameType: list('Organizational Personal'),
} as const;

function list(names: string): readonly string[] {
  return names.split(' ');
}
