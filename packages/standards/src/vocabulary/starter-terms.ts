/** A term with the other names people type for it. */
export interface VocabularyTerm {
  id: string;
  label: string;
  synonyms: readonly string[];
}

/** Organisms most deposits name (NCBI Taxonomy); any other may be typed in. */
export const organismTerms: readonly VocabularyTerm[] = [
  { id: 'NCBITaxon:9606', label: 'Homo sapiens', synonyms: ['human', 'ヒト'] },
  { id: 'NCBITaxon:10090', label: 'Mus musculus', synonyms: ['house mouse', 'mouse', 'マウス'] },
  { id: 'NCBITaxon:10116', label: 'Rattus norvegicus', synonyms: ['brown rat', 'Norway rat', 'rat', 'ラット'] },
  {
    id: 'NCBITaxon:7955',
    label: 'Danio rerio',
    synonyms: ['leopard danio', 'zebra danio', 'zebra fish', 'ゼブラフィッシュ'],
  },
  { id: 'NCBITaxon:8364', label: 'Xenopus tropicalis', synonyms: ['tropical clawed frog', 'western clawed frog'] },
  {
    id: 'NCBITaxon:8090',
    label: 'Oryzias latipes',
    synonyms: ['Japanese medaka', 'Japanese rice fish', 'medaka', 'メダカ'],
  },
  { id: 'NCBITaxon:9031', label: 'Gallus gallus', synonyms: ['bantam', 'chicken', 'chickens', 'ニワトリ'] },
  { id: 'NCBITaxon:9823', label: 'Sus scrofa', synonyms: ['pig', 'pigs', 'swine'] },
  { id: 'NCBITaxon:9913', label: 'Bos taurus', synonyms: ['bovine', 'cow', 'dairy cow'] },
  { id: 'NCBITaxon:9615', label: 'Canis lupus familiaris', synonyms: ['dog', 'dogs'] },
  { id: 'NCBITaxon:9544', label: 'Macaca mulatta', synonyms: ['rhesus macaque', 'rhesus macaques', 'Rhesus monkey'] },
  { id: 'NCBITaxon:7227', label: 'Drosophila melanogaster', synonyms: ['fruit fly', 'キイロショウジョウバエ'] },
  { id: 'NCBITaxon:7070', label: 'Tribolium castaneum', synonyms: ['red flour beetle', 'rust-red flour beetle'] },
  { id: 'NCBITaxon:6239', label: 'Caenorhabditis elegans', synonyms: ['線虫'] },
  { id: 'NCBITaxon:54126', label: 'Pristionchus pacificus', synonyms: [] },
  { id: 'NCBITaxon:45351', label: 'Nematostella vectensis', synonyms: ['starlet sea anemone'] },
  { id: 'NCBITaxon:7668', label: 'Strongylocentrotus purpuratus', synonyms: ['purple sea urchin', 'purple urchin'] },
  { id: 'NCBITaxon:7719', label: 'Ciona intestinalis', synonyms: ['sea vase', 'vase tunicate', 'yellow sea squirt'] },
  { id: 'NCBITaxon:44689', label: 'Dictyostelium discoideum', synonyms: ['細胞性粘菌'] },
  {
    id: 'NCBITaxon:4932',
    label: 'Saccharomyces cerevisiae',
    synonyms: ["baker's yeast", "brewer's yeast", 'Saccharomyces boulardii', '出芽酵母'],
  },
  { id: 'NCBITaxon:4896', label: 'Schizosaccharomyces pombe', synonyms: ['fission yeast', '分裂酵母'] },
  { id: 'NCBITaxon:5476', label: 'Candida albicans', synonyms: [] },
  { id: 'NCBITaxon:162425', label: 'Aspergillus nidulans', synonyms: [] },
  { id: 'NCBITaxon:5141', label: 'Neurospora crassa', synonyms: [] },
  {
    id: 'NCBITaxon:3702',
    label: 'Arabidopsis thaliana',
    synonyms: ['mouse-ear cress', 'thale cress', 'thale-cress', 'シロイヌナズナ'],
  },
  { id: 'NCBITaxon:4577', label: 'Zea mays', synonyms: ['maize'] },
  { id: 'NCBITaxon:39947', label: 'Oryza sativa Japonica Group', synonyms: ['Japanese rice', 'Japonica rice'] },
  { id: 'NCBITaxon:4097', label: 'Nicotiana tabacum', synonyms: ['American tobacco', 'common tobacco', 'tobacco'] },
  { id: 'NCBITaxon:3218', label: 'Physcomitrium patens', synonyms: [] },
  { id: 'NCBITaxon:3055', label: 'Chlamydomonas reinhardtii', synonyms: [] },
  { id: 'NCBITaxon:562', label: 'Escherichia coli', synonyms: ['E. coli', 'Escherichia/Shigella coli', '大腸菌'] },
  { id: 'NCBITaxon:83333', label: 'Escherichia coli K-12', synonyms: ['Escherichia coli K12'] },
  { id: 'NCBITaxon:1423', label: 'Bacillus subtilis', synonyms: ['枯草菌'] },
  { id: 'NCBITaxon:1773', label: 'Mycobacterium tuberculosis', synonyms: [] },
  { id: 'NCBITaxon:5833', label: 'Plasmodium falciparum', synonyms: ['malaria parasite P. falciparum'] },
  { id: 'NCBITaxon:5691', label: 'Trypanosoma brucei', synonyms: [] },
  { id: 'NCBITaxon:40674', label: 'Mammalia', synonyms: ['mammals'] },
  { id: 'NCBITaxon:7742', label: 'Vertebrata', synonyms: ['Vertebrata', 'vertebrates'] },
  { id: 'NCBITaxon:33208', label: 'Metazoa', synonyms: ['animals', 'metazoans', 'multicellular animals'] },
  { id: 'NCBITaxon:2759', label: 'Eukaryota', synonyms: ['eukaryotes'] },
  { id: 'NCBITaxon:2', label: 'Bacteria', synonyms: ['bacteria', 'eubacteria'] },
  { id: 'NCBITaxon:50557', label: 'Insecta', synonyms: ['insects', 'true insects'] },
  { id: 'NCBITaxon:4751', label: 'Fungi', synonyms: [] },
  {
    id: 'NCBITaxon:33090',
    label: 'Viridiplantae',
    synonyms: ['Chlorophyta/Embryophyta group', 'chlorophyte/embryophyte group', 'green plants'],
  },
  { id: 'NCBITaxon:9989', label: 'Rodentia', synonyms: ['rodent', 'rodents'] },
  { id: 'NCBITaxon:8353', label: 'Xenopus', synonyms: ['Xenopus'] },
  { id: 'NCBITaxon:6656', label: 'Arthropoda', synonyms: ['arthropods'] },
  { id: 'NCBITaxon:6231', label: 'Nematoda', synonyms: ['nematode', 'nematodes', 'roundworm'] },
];

/** Imaging methods most deposits name (Biological Imaging Methods Ontology, FBbi). */
export const imagingMethodTerms: readonly VocabularyTerm[] = [
  { id: 'FBbi:00000241', label: 'microscopy', synonyms: [] },
  { id: 'FBbi:00000345', label: 'light microscopy', synonyms: [] },
  { id: 'FBbi:00000243', label: 'bright-field microscopy', synonyms: [] },
  { id: 'FBbi:00000244', label: 'dark-field microscopy', synonyms: [] },
  { id: 'FBbi:00000245', label: 'differential interference contrast microscopy', synonyms: [] },
  { id: 'FBbi:00000246', label: 'fluorescence microscopy', synonyms: [] },
  { id: 'FBbi:00000247', label: 'phase contrast microscopy', synonyms: [] },
  { id: 'FBbi:00000248', label: 'polarization microscopy', synonyms: [] },
  { id: 'FBbi:00000249', label: 'time lapse microscopy', synonyms: [] },
  { id: 'FBbi:00000251', label: 'confocal microscopy', synonyms: [] },
  { id: 'FBbi:00000252', label: 'single-spot confocal microscopy', synonyms: [] },
  { id: 'FBbi:00000253', label: 'spinning disk confocal microscopy', synonyms: [] },
  { id: 'FBbi:00000392', label: 'slit-scan confocal microscopy', synonyms: [] },
  { id: 'FBbi:00000254', label: 'two-photon laser scanning microscopy', synonyms: [] },
  { id: 'FBbi:00000255', label: 'multi-photon microscopy', synonyms: [] },
  { id: 'FBbi:00000367', label: 'FRET', synonyms: [] },
  { id: 'FBbi:00000368', label: 'FLIM', synonyms: [] },
  { id: 'FBbi:00000369', label: 'SPIM', synonyms: [] },
  { id: 'FBbi:00000617', label: 'evanescent wave microscopy', synonyms: [] },
  { id: 'FBbi:00000335', label: 'PALM (photoactivation localization microscopy)', synonyms: [] },
  { id: 'FBbi:00000336', label: 'STORM (stochastic optical reconstruction microscopy)', synonyms: [] },
  { id: 'FBbi:00000334', label: 'stimulated emission depletion (STED)', synonyms: [] },
  { id: 'FBbi:00000332', label: 'structured illumination microscopy (SIM)', synonyms: [] },
  { id: 'FBbi:00000256', label: 'electron microscopy', synonyms: [] },
  { id: 'FBbi:00000257', label: 'scanning electron microscopy (SEM)', synonyms: [] },
  { id: 'FBbi:00000258', label: 'transmission electron microscopy (TEM)', synonyms: [] },
  { id: 'FBbi:00000380', label: 'scanning-transmission electron microscopy', synonyms: [] },
  { id: 'FBbi:00000585', label: 'serial block face SEM (SBFSEM)', synonyms: [] },
  { id: 'FBbi:00000259', label: 'atomic force microscopy', synonyms: [] },
  { id: 'FBbi:00000344', label: 'scanning probe microscopy', synonyms: [] },
  { id: 'FBbi:00000364', label: 'light-sheet illumination', synonyms: [] },
  { id: 'FBbi:00000366', label: 'FRAP', synonyms: [] },
  { id: 'FBbi:00000365', label: 'FLIP', synonyms: [] },
  { id: 'FBbi:00000306', label: 'wide-field detection', synonyms: [] },
];

/** Processes and components most deposits name (Gene Ontology). */
export const geneOntologyTerms: readonly VocabularyTerm[] = [
  { id: 'GO:0005575', label: 'cellular_component', synonyms: ['cell or subcellular entity', 'cellular component'] },
  { id: 'GO:0005634', label: 'nucleus', synonyms: ['cell nucleus'] },
  { id: 'GO:0005694', label: 'chromosome', synonyms: [] },
  { id: 'GO:0005737', label: 'cytoplasm', synonyms: [] },
  { id: 'GO:0005739', label: 'mitochondrion', synonyms: ['mitochondria'] },
  { id: 'GO:0005764', label: 'lysosome', synonyms: [] },
  { id: 'GO:0005794', label: 'Golgi apparatus', synonyms: ['Golgi complex'] },
  {
    id: 'GO:0005886',
    label: 'plasma membrane',
    synonyms: ['cell membrane', 'cellular membrane', 'cytoplasmic membrane'],
  },
  { id: 'GO:0031012', label: 'extracellular matrix', synonyms: ['proteinaceous extracellular matrix'] },
  { id: 'GO:0031982', label: 'vesicle', synonyms: [] },
  { id: 'GO:0045202', label: 'synapse', synonyms: ['synaptic junction'] },
  { id: 'GO:0008150', label: 'biological_process', synonyms: ['biological process', 'physiological process'] },
  { id: 'GO:0000278', label: 'mitotic cell cycle', synonyms: [] },
  { id: 'GO:0006897', label: 'endocytosis', synonyms: ['endocytic import into cell', 'vesicle endocytosis'] },
  { id: 'GO:0006909', label: 'phagocytosis', synonyms: [] },
  {
    id: 'GO:0006915',
    label: 'apoptotic process',
    synonyms: ['apoptotic cell death', 'apoptotic programmed cell death', 'programmed cell death by apoptosis'],
  },
  { id: 'GO:0006935', label: 'chemotaxis', synonyms: ['taxis in response to chemical stimulus'] },
  { id: 'GO:0007049', label: 'cell cycle', synonyms: ['cell-division cycle'] },
  { id: 'GO:0007369', label: 'gastrulation', synonyms: [] },
  { id: 'GO:0008219', label: 'cell death', synonyms: [] },
  { id: 'GO:0009790', label: 'embryo development', synonyms: ['embryogenesis', 'embryonal development'] },
  { id: 'GO:0016477', label: 'cell migration', synonyms: [] },
  { id: 'GO:0030154', label: 'cell differentiation', synonyms: [] },
  { id: 'GO:0040011', label: 'locomotion', synonyms: [] },
  { id: 'GO:0048870', label: 'cell motility', synonyms: ['cell locomotion', 'movement of a cell'] },
  { id: 'GO:0051301', label: 'cell division', synonyms: [] },
];

/** Suggestions for a vocabulary (prefix of its ids); empty where we ship none. */
export function vocabularyTerms(vocabulary: string): readonly VocabularyTerm[] {
  if (vocabulary === 'NCBITaxon') return organismTerms;
  if (vocabulary === 'FBbi') return imagingMethodTerms;
  return vocabulary === 'GO' ? geneOntologyTerms : [];
}

/** Terms whose label, synonym or id holds the words typed, best first: whole label, start of a name, anywhere. */
export function suggestTerms(vocabulary: string, typed: string, limit = 8): VocabularyTerm[] {
  const wanted = typed.trim().toLowerCase();
  if (wanted === '') return [];
  const rank = (term: VocabularyTerm): number => {
    const names = [term.label, ...term.synonyms, term.id].map((name) => name.toLowerCase());
    if (names.includes(wanted)) return 0;
    if (names.some((name) => name.startsWith(wanted))) return 1;
    return names.some((name) => name.includes(wanted)) ? 2 : 3;
  };
  return vocabularyTerms(vocabulary)
    .map((term) => ({ term, rank: rank(term) }))
    .filter((one) => one.rank < 3)
    .sort((a, b) => a.rank - b.rank || a.term.label.localeCompare(b.term.label))
    .slice(0, limit)
    .map((one) => one.term);
}
