import type { OntologyTerm } from './read-ontology.ts';

/**
 * Terms that every installation has: names, exact synonyms and is-a parents of organisms (NCBI Taxonomy, public domain),
 * imaging methods (FBbi, CC BY 4.0), cell types and anatomy (Cell Ontology with Uberon, CC BY 4.0), processes and
 * components (Gene Ontology, CC BY 4.0), qualities (PATO, CC BY 3.0) and phenotypes (CMPO, Apache-2.0), with all their
 * ancestors. Columns: id, label, synonyms (|), parents (blank).
 */
const shipped = `CL:0000000	cell		UBERON:0000061
CL:0000007	early embryonic cell (metazoa)		CL:0002321
CL:0000034	stem cell		CL:0011115
CL:0000037	hematopoietic stem cell	blood forming stem cell|hemopoietic stem cell	CL:0000255 CL:0000723 CL:0008001 CL:0011026
CL:0000048	multi fate stem cell	multi-fate stem cell|multifate stem cell|multipotent cell|multipotent stem cell	CL:0000034
CL:0000056	myoblast		CL:0000680
CL:0000057	fibroblast		CL:0000499
CL:0000066	epithelial cell	epitheliocyte	CL:0000255
CL:0000081	blood cell		CL:0000988
CL:0000084	T cell	T lymphocyte|T-cell|T-lymphocyte	CL:0000542
CL:0000094	granulocyte	granular leucocyte|granular leukocyte|polymorphonuclear leukocyte	CL:0000081 CL:0000766
CL:0000097	mast cell	histaminocyte|labrocyte|mastocyte	CL:0000766 CL:0002274
CL:0000113	mononuclear phagocyte		CL:0000518 CL:0000842
CL:0000115	endothelial cell	endotheliocyte	CL:0000255
CL:0000134	mesenchymal stem cell		CL:0000048 CL:0002320
CL:0000145	professional antigen presenting cell		CL:0000738
CL:0000147	pigment cell	chromatocyte|chromatophore	CL:0000325
CL:0000148	melanocyte		CL:0000147 CL:0000255
CL:0000151	secretory cell		CL:0000000
CL:0000183	contractile cell		CL:0000000
CL:0000187	muscle cell	muscle fiber|myocyte	CL:0000183 CL:0000255 CL:0000393
CL:0000211	electrically active cell		CL:0000000
CL:0000219	motile cell		CL:0000000
CL:0000225	anucleate cell	non-nucleated cell	CL:0000000
CL:0000226	single nucleate cell		CL:0000255 CL:0002242
CL:0000233	platelet	anucleate thrombocyte|blood platelet|enucleate thrombocyte	CL:0000081 CL:0000225 CL:0000458 CL:0000763
CL:0000234	phagocyte		CL:0000219 CL:0000325
CL:0000235	macrophage	histiocyte	CL:0000113 CL:0000145 CL:0000766
CL:0000236	B cell	B lymphocyte|B-cell|B-lymphocyte	CL:0000945
CL:0000255	eukaryotic cell		CL:0000000
CL:0000312	keratinocyte		CL:0000066
CL:0000325	stuff accumulating cell		CL:0000000
CL:0000365	animal zygote		CL:0000007 CL:0000255 CL:0010017
CL:0000393	electrically responsive cell		CL:0000211
CL:0000404	electrically signaling cell		CL:0000211
CL:0000451	dendritic cell		CL:0000113 CL:0000145
CL:0000457	biogenic amine secreting cell		CL:0000151
CL:0000458	serotonin secreting cell	5-HT secreting cell|5-Hydroxytryptamine secreting cell	CL:0000457
CL:0000499	stromal cell		CL:0002320
CL:0000518	phagocyte (sensu Vertebrata)		CL:0000234 CL:0000255
CL:0000540	neuron	nerve cell	CL:0000393 CL:0000404 CL:0002319
CL:0000542	lymphocyte		CL:0000842
CL:0000576	monocyte		CL:0000113 CL:0000766 CL:0011026
CL:0000680	muscle precursor cell		CL:0000255 CL:0011026
CL:0000723	somatic stem cell		CL:0000034
CL:0000738	leukocyte	leucocyte|WBC|white blood cell	CL:0000219 CL:0000255 CL:0000988 CL:0002242
CL:0000763	myeloid cell		CL:0000255 CL:0000988
CL:0000766	myeloid leukocyte		CL:0000738 CL:0000763
CL:0000775	neutrophil	neutrocyte|neutrophil leucocyte|neutrophil leukocyte|neutrophilic leucocyte|neutrophilic leukocyte	CL:0000094
CL:0000842	mononuclear leukocyte	mononuclear cell	CL:0000226 CL:0000738
CL:0000945	lymphocyte of B lineage		CL:0000542
CL:0000988	hematopoietic cell	haematopoietic cell|haemopoietic cell|hemopoietic cell	CL:0000000
CL:0002242	nucleate cell		CL:0000000
CL:0002274	histamine secreting cell		CL:0000457
CL:0002319	neural cell		CL:0000255
CL:0002320	connective tissue cell		CL:0000255
CL:0002321	embryonic cell (metazoa)		CL:0000000
CL:0008001	hematopoietic precursor cell		CL:0000988
CL:0010017	zygote		CL:0000000
CL:0011026	progenitor cell		CL:0011115
CL:0011115	precursor cell		CL:0000000
CMPO:0000002	cell population phenotype		CMPO:0000003
CMPO:0000003	cellular phenotype
CMPO:0000005	cell morphology phenotype		CMPO:0000258 CMPO:0000303
CMPO:0000007	cell process phenotype	cell physiology phenotype	CMPO:0000003
CMPO:0000008	cell component number phenotype		CMPO:0000258
CMPO:0000010	cell component size phenotype		CMPO:0000303
CMPO:0000011	cell component shape phenotype		CMPO:0000303
CMPO:0000012	cell component structure phenotype		CMPO:0000303
CMPO:0000013	cell viability phenotype		CMPO:0000258
CMPO:0000014	viable cell phenotype		CMPO:0000013
CMPO:0000015	inviable cell phenotype		CMPO:0000013
CMPO:0000016	cell nucleation phenotype		CMPO:0000258
CMPO:0000017	mononuclear cell phenotype		CMPO:0000016
CMPO:0000018	multinucleated cell phenotype	polynuclear cell	CMPO:0000016
CMPO:0000020	cytoskeletal phenotype		CMPO:0000150
CMPO:0000021	endoplasmic reticulum phenotype		CMPO:0000150
CMPO:0000022	golgi phenotype		CMPO:0000150
CMPO:0000023	mitochondrion phenotype	mitochondrial part phenotype	CMPO:0000150
CMPO:0000024	nuclear phenotype		CMPO:0000150
CMPO:0000026	organelle shape phenotype		CMPO:0000011
CMPO:0000027	nucleus shape phenotype	nuclear shape	CMPO:0000026 CMPO:0000249
CMPO:0000028	cell adhesion phenotype		CMPO:0000007
CMPO:0000029	cell cycle phenotype		CMPO:0000007
CMPO:0000030	cell death phenotype		CMPO:0000007
CMPO:0000032	cell membrane organisation phenotype		CMPO:0000007
CMPO:0000033	cell migration phenotype		CMPO:0000244
CMPO:0000035	cell growth phenotype		CMPO:0000007
CMPO:0000036	chromosome segregation phenotype		CMPO:0000007
CMPO:0000037	metabolic process phenotype		CMPO:0000007
CMPO:0000038	organelle localization phenotype		CMPO:0000356
CMPO:0000039	regulation of metabolic process phenotype		CMPO:0000334
CMPO:0000040	regulation of signal transduction phenotype		CMPO:0000334
CMPO:0000041	transport phenotype		CMPO:0000356
CMPO:0000042	increased cell component number phenotype		CMPO:0000008
CMPO:0000043	decreased cell component number phenotype		CMPO:0000008
CMPO:0000047	apoptotic DNA fragmentation phenotype		CMPO:0000037
CMPO:0000048	apoptotic cell shape phenotype		CMPO:0000005 CMPO:0000012
CMPO:0000049	aggregated cells in population	aggregated cells|cell aggregates|cell islands|clustered cells	CMPO:0000002
CMPO:0000050	altered cell number in population		CMPO:0000002
CMPO:0000051	increased cell numbers		CMPO:0000050
CMPO:0000052	decreased cell numbers	decreased cells|fewer cells|less cells|reduced cell numbers	CMPO:0000050
CMPO:0000053	more cells in S		CMPO:0000051
CMPO:0000054	cell population phenotype by process		CMPO:0000002
CMPO:0000055	more cells in G1		CMPO:0000051
CMPO:0000056	more cells in G2M	increased mitotic index	CMPO:0000051
CMPO:0000057	fewer cells in G1	less cells in G1	CMPO:0000052
CMPO:0000058	fewer cells in G2M	decreased mitotic index|less cells in G2M	CMPO:0000052
CMPO:0000059	fewer cells in S	decreased number of cells in S|less cells in S	CMPO:0000052
CMPO:0000063	decreased number of focal adhesion phenotype	decreased focal adhesion abundance	CMPO:0000043
CMPO:0000064	centrally located focal adhesion phenotype		CMPO:0000065
CMPO:0000065	cell component position phenotype		CMPO:0000259
CMPO:0000066	peripheral focal adhesion phenotype		CMPO:0000065
CMPO:0000067	decreased number of filopodia phenotype	fewer filopodia	CMPO:0000074
CMPO:0000068	decreased number of microtubules phenotype	fewer microtubules	CMPO:0000043
CMPO:0000069	decreased number of dendritic branches phenotyope		CMPO:0000043
CMPO:0000071	cell with projections	cell with protrusions	CMPO:0000005
CMPO:0000072	increased number of cell projections phenotype		CMPO:0000042
CMPO:0000073	more cells with projections		CMPO:0000051
CMPO:0000074	decreased number of cell projections phenotype		CMPO:0000043
CMPO:0000075	fewer cells with projections		CMPO:0000052
CMPO:0000076	increased number of filopodia	more filopodia	CMPO:0000072
CMPO:0000077	elongated cell phenotype		CMPO:0000005 CMPO:0000011
CMPO:0000078	elongated cells in population		CMPO:0000051 CMPO:0000163
CMPO:0000080	increased number of lamellipodia phenotype	lamellipodium phenotype	CMPO:0000072
CMPO:0000081	decreased number of lamellipodia phenotype		CMPO:0000074
CMPO:0000083	more lamellipodia cells		CMPO:0000073
CMPO:0000084	fewer lamellipodia cells		CMPO:0000075
CMPO:0000085	cell ploidy phenotype		CMPO:0000258
CMPO:0000086	polyploid cell phenotype		CMPO:0000085
CMPO:0000087	S phase mitotic phenotype		CMPO:0000090 CMPO:0000194
CMPO:0000088	G1 phase mitotic phenotype		CMPO:0000090 CMPO:0000194
CMPO:0000089	G2/M transition phenotype		CMPO:0000194
CMPO:0000090	cell cycle phase phenotype		CMPO:0000007
CMPO:0000091	more polyploid cells		CMPO:0000051
CMPO:0000092	increased number of focal adhesion phenotype	increased focal adhesion abundance	CMPO:0000042
CMPO:0000093	increased number of nucleoli phenotype		CMPO:0000042
CMPO:0000094	decreased number of nucleoli phenotype		CMPO:0000043
CMPO:0000095	more cells with decreased number of nucleoli		CMPO:0000051
CMPO:0000096	more cells with increased number of nucleoli		CMPO:0000051
CMPO:0000097	increased number of microtubules phenotype	more microtubules	CMPO:0000042
CMPO:0000102	phagosomes phenotype	phagosomes present phenotype	CMPO:0000259
CMPO:0000103	phagosomes absent phenotype		CMPO:0000102 CMPO:0000159
CMPO:0000104	actin filament phenotype		CMPO:0000020
CMPO:0000105	increased number of actin filament phenotype	actin fiber cells|more actin|more total actin	CMPO:0000042 CMPO:0000104
CMPO:0000106	decreased number of actin filament phenotype	less actin|less total actin	CMPO:0000043 CMPO:0000104
CMPO:0000107	more actin filament cells		CMPO:0000051
CMPO:0000108	fewer actin filament cells	decreased number of actin filament cells	CMPO:0000052
CMPO:0000109	centered cytoskeleton phenotype		CMPO:0000020 CMPO:0000065
CMPO:0000110	centered nucleus phenotype		CMPO:0000024 CMPO:0000065
CMPO:0000111	dispersed nucleus phenotype		CMPO:0000024 CMPO:0000065
CMPO:0000112	apoptopic nucleus phenotype		CMPO:0000012 CMPO:0000249
CMPO:0000113	deformed nucleus		CMPO:0000249
CMPO:0000114	peripheral nucleus phenotype		CMPO:0000024 CMPO:0000065
CMPO:0000115	peripheral cytoskeleton phenotype		CMPO:0000020 CMPO:0000065
CMPO:0000116	abnormal cell shape phenotype		CMPO:0000005 CMPO:0000011
CMPO:0000117	bilobed nucleus phenotype		CMPO:0000027
CMPO:0000118	round cell phenotype	circular cell|low eccentricity cell|spherical cell	CMPO:0000005 CMPO:0000011
CMPO:0000119	elongated focal adhesion		CMPO:0000011
CMPO:0000120	elongated nucleus		CMPO:0000027
CMPO:0000121	arrow shaped cell phenotype	triangular shaped cell	CMPO:0000005 CMPO:0000011
CMPO:0000122	triangular shaped cell phenotype		CMPO:0000005 CMPO:0000011
CMPO:0000123	round nucleus phenotype	circular nucleus|round nucleus	CMPO:0000027
CMPO:0000125	nuclear body phenotype		CMPO:0000024
CMPO:0000126	increased nuclear body size phenotype		CMPO:0000125 CMPO:0000186 CMPO:0000249
CMPO:0000127	decreased nuclear body size phenotype		CMPO:0000125 CMPO:0000187 CMPO:0000249
CMPO:0000128	increased cell size phenotype	big cell|increased cell area|large cell	CMPO:0000005 CMPO:0000186
CMPO:0000129	decreased cell size phenotype	small cell	CMPO:0000005 CMPO:0000187
CMPO:0000130	decreased golgi volume phenotype		CMPO:0000187
CMPO:0000131	increased golgi volume phenotype		CMPO:0000186
CMPO:0000132	decreased cilium length phenotype		CMPO:0000187 CMPO:0000252
CMPO:0000133	increased cilium length phenotype		CMPO:0000186 CMPO:0000252
CMPO:0000134	decreased size of focal adhesion phenotype		CMPO:0000187
CMPO:0000135	increased size of focal adhesion phenotype		CMPO:0000186
CMPO:0000136	decreased focal adhesion area phenotype	small focal adhesion	CMPO:0000134
CMPO:0000137	increased focal adhesion area phenotype	large focal adhesion	CMPO:0000135
CMPO:0000138	decreased focal adhesion length phenotype	short focal adhesion	CMPO:0000134
CMPO:0000139	increased focal adhesion length phenotype		CMPO:0000135
CMPO:0000140	increased nucleus size phenotype	large nuclei|large nucleus	CMPO:0000186 CMPO:0000249
CMPO:0000141	decreased nucleus size phenotype	small nucleus	CMPO:0000187 CMPO:0000249
CMPO:0000143	increased nuclei size in G1 phenotype		CMPO:0000140
CMPO:0000144	decreased nuclei size in G1 phenotype	small nuclei in G1	CMPO:0000088 CMPO:0000141
CMPO:0000145	increased thickness of dendritic branches phenotype		CMPO:0000186
CMPO:0000146	decreased thickness of dendritic branches		CMPO:0000187
CMPO:0000147	disorganized microtubules phenotype	microtubule disorganised	CMPO:0000012 CMPO:0000373
CMPO:0000148	podosome phenotype		CMPO:0000020
CMPO:0000149	radial cytoskeleton phenotype		CMPO:0000020 CMPO:0000065
CMPO:0000150	organelle phenotype		CMPO:0000259
CMPO:0000151	fragmented endoplasmic reticulum phenotype	broken endoplasmic reticulum	CMPO:0000012
CMPO:0000152	fragmented golgi phenotype	broken golgi|broken golgi phenotype	CMPO:0000012
CMPO:0000153	fragmented mitochondria phenotype	broken mitochondria	CMPO:0000012
CMPO:0000154	bright nuclei phenotype		CMPO:0000024
CMPO:0000155	fragmented nucleus phenotype	broken nucleus	CMPO:0000012 CMPO:0000249
CMPO:0000156	graped micronucleus phenotype		CMPO:0000357
CMPO:0000157	abnormal nucleus shape phenotype	abnormal nuclear shape|strange nuclear shape	CMPO:0000027
CMPO:0000158	decreased nuclei size in G2/M phenotype		CMPO:0000089 CMPO:0000141
CMPO:0000159	absence of cellular component phenotype		CMPO:0000008
CMPO:0000160	cell population viability phenotype		CMPO:0000002
CMPO:0000161	increased cell viability in population		CMPO:0000160
CMPO:0000162	decreased cell viability in population		CMPO:0000160
CMPO:0000163	cell population phenotype by morphology		CMPO:0000002
CMPO:0000164	absence of cytokinesis phenotype		CMPO:0000165 CMPO:0000315
CMPO:0000165	cytokinesis phenotype		CMPO:0000029 CMPO:0000054 CMPO:0000166
CMPO:0000166	cell division phenotype		CMPO:0000007
CMPO:0000168	increased rate of cell division phenotype	faster cell division	CMPO:0000166
CMPO:0000169	decreased rate of cell division phenotype	slower cell division	CMPO:0000166
CMPO:0000170	telomerase activity phenotype		CMPO:0000007
CMPO:0000171	decreased telomerase activity phenotype		CMPO:0000170
CMPO:0000172	increased telomerase activity phenotype		CMPO:0000170
CMPO:0000173	G0/1 arrested phenotype		CMPO:0000029 CMPO:0000195
CMPO:0000174	polarized endoplasmic reticulum phenotype	polarized endoplasmic reticulum	CMPO:0000065
CMPO:0000175	molecular component phenotype		CMPO:0000003
CMPO:0000176	cell DNA phenotype		CMPO:0000175
CMPO:0000177	misshapen DNA		CMPO:0000176
CMPO:0000180	site of double-strand break phenotype		CMPO:0000150
CMPO:0000181	decreased number of site of double-strand break phenotype		CMPO:0000043
CMPO:0000182	increased number of site of double-strand break phenotype		CMPO:0000042
CMPO:0000185	cell-matrix adhesion phenotype		CMPO:0000028
CMPO:0000186	increased cell component size phenotype		CMPO:0000010
CMPO:0000187	decreased cell component size phenotype		CMPO:0000010
CMPO:0000188	cell spreading phenotype	substrate adhesion-dependent cell spreading phenotype	CMPO:0000028 CMPO:0000054 CMPO:0000189
CMPO:0000189	cellular development phenotype		CMPO:0000007
CMPO:0000190	decreased number of axons phenotype		CMPO:0000074
CMPO:0000191	increased number of axons phenotype		CMPO:0000072
CMPO:0000194	mitotic process phenotype		CMPO:0000029
CMPO:0000195	arrested process phenotype		CMPO:0000007
CMPO:0000196	M phase arrested phenotype	m phase arrest|mitosis incomplete process phenotype|mitotic arrest	CMPO:0000265 CMPO:0000304
CMPO:0000202	mitosis delayed phenotype	Mitotic delay	CMPO:0000194 CMPO:0000306
CMPO:0000203	G2 arrested phenotype		CMPO:0000207 CMPO:0000304
CMPO:0000204	S phase arrested phenotype		CMPO:0000087 CMPO:0000304
CMPO:0000205	increased duration of exit from mitosis phenotype	prolonged mitotic exit	CMPO:0000314
CMPO:0000206	decreased duration of exit from mitosis phenotype		CMPO:0000314
CMPO:0000207	G2 phase mitotic phenotype		CMPO:0000090 CMPO:0000194
CMPO:0000208	mitotic metaphase phenotype		CMPO:0000090 CMPO:0000194
CMPO:0000210	more mitotic metaphase cells		CMPO:0000051
CMPO:0000211	fewer mitotic metaphase cells		CMPO:0000052
CMPO:0000212	abnormal cell cycle phenotype	altered level of protein in cell nucleus	CMPO:0000029
CMPO:0000213	binuclear cell phenotype	nuclei stay close together	CMPO:0000018
CMPO:0000214	increased duration of mitotic chromosome condensation phenotype	longer mitotic chromosome condensation	CMPO:0000218
CMPO:0000215	decreased duration of mitotic chromosome condensation phenotype		CMPO:0000218
CMPO:0000216	absence of mitotic chromosome decondensation phenotype		CMPO:0000194 CMPO:0000315
CMPO:0000217	absence of mitotic process phenotype		CMPO:0000315
CMPO:0000218	mitotic chromosome condensation phenotype		CMPO:0000194
CMPO:0000219	mitotic chromosome decondensation phenotype		CMPO:0000054 CMPO:0000194
CMPO:0000220	cell apoptosis phenotype		CMPO:0000030
CMPO:0000221	more apoptosis in population		CMPO:0000051
CMPO:0000222	less apoptosis in population		CMPO:0000052
CMPO:0000223	increased axon thickness phenotype		CMPO:0000186 CMPO:0000280
CMPO:0000224	decreased axon thickness phenotype		CMPO:0000187 CMPO:0000280
CMPO:0000227	increased axon length phenotype		CMPO:0000186 CMPO:0000280
CMPO:0000228	decreased axon length phenotype		CMPO:0000187 CMPO:0000280
CMPO:0000229	plasma membrane fusion occurance phenotype		CMPO:0000032
CMPO:0000232	increased rate of cell migration process phenotype		CMPO:0000033
CMPO:0000233	decreased rate of cell migration process phenotype		CMPO:0000033
CMPO:0000234	cell movement phenotype		CMPO:0000258
CMPO:0000235	increased cell movement phenotype		CMPO:0000234
CMPO:0000236	increased cell movement speed	cell moves faster|increased cell migration speed	CMPO:0000235
CMPO:0000237	increased cell movement distance	cells cover a longer distance|increased cell migration distance	CMPO:0000235
CMPO:0000238	decreased cell movement phenotype		CMPO:0000234
CMPO:0000239	decreased cell movement distance	cells cover a shorter distance	CMPO:0000238
CMPO:0000240	decreased cell movement speed	cell moves slower	CMPO:0000238
CMPO:0000241	proliferating cells	high cell number in population|increased proliferation	CMPO:0000051
CMPO:0000243	actin-mediated cell contraction phenotype		CMPO:0000244
CMPO:0000244	cell component movement phenotype		CMPO:0000007
CMPO:0000245	cell secretion phenotype		CMPO:0000041
CMPO:0000246	increased rate of protein secretion		CMPO:0000245
CMPO:0000247	decreased rate of protein secretion		CMPO:0000245
CMPO:0000249	nuclear morphology phenotype		CMPO:0000024 CMPO:0000303
CMPO:0000250	golgi morphology phenotype		CMPO:0000150 CMPO:0000303
CMPO:0000251	cilium phenotype		CMPO:0000280
CMPO:0000252	cilium morphology phenotype		CMPO:0000251 CMPO:0000303
CMPO:0000258	single cell phenotype		CMPO:0000259
CMPO:0000259	cellular component phenotype		CMPO:0000003
CMPO:0000261	geometric cell phenotype		CMPO:0000005
CMPO:0000262	apoptotic DNA		CMPO:0000176
CMPO:0000263	more cells in M phase	increased number of mitotic cells|increased occurrence of mitosis	CMPO:0000051
CMPO:0000264	fewer cells in M phase	decreased number of cell in mitosis|decreased number of mitotic cells|decreased occurrence of mitosis|less cells in M phase	CMPO:0000052
CMPO:0000265	M phase mitotic phenotype		CMPO:0000090 CMPO:0000194
CMPO:0000266	asymmetric lamellipodia phenotype	asymmetric lamellae	CMPO:0000279 CMPO:0000454
CMPO:0000267	star shaped cell phenotype		CMPO:0000005 CMPO:0000011
CMPO:0000268	spiny shaped cell phenotype		CMPO:0000005 CMPO:0000011
CMPO:0000269	increased variability of cell size in population	variable cell size	CMPO:0000163
CMPO:0000270	increased variability of cell shape in population	variable cell shape	CMPO:0000163
CMPO:0000271	cortical actin cytoskeleton phenotype	peripheral actin phenotype	CMPO:0000020
CMPO:0000272	increased cortical actin cytoskeleton mass phenotype	increased peripheral actin	CMPO:0000271
CMPO:0000273	decreased cortical actin cytoskeleton mass phenotype	decreased peripheral actin	CMPO:0000271
CMPO:0000274	disorganised cortical actin cytoskeleton phenotype	disorganised peripheral actin phenotype	CMPO:0000012 CMPO:0000271
CMPO:0000276	increased lamellipodia width phenotype	increased width of lamellae	CMPO:0000186 CMPO:0000279
CMPO:0000277	decreased lamellipodia width phenotype	decreased width of lamellae	CMPO:0000187 CMPO:0000279
CMPO:0000278	fan-shaped lamellipodia phenotype		CMPO:0000011 CMPO:0000279
CMPO:0000279	lamellipodium phenotype		CMPO:0000280
CMPO:0000280	cell projection phenotype		CMPO:0000259
CMPO:0000281	filopodium phenotype		CMPO:0000280
CMPO:0000282	layered cells in population		CMPO:0000163
CMPO:0000283	actin cytoskeleton phenotype		CMPO:0000020
CMPO:0000284	increased actin cytoskeleton mass phenotype		CMPO:0000283
CMPO:0000285	decreased actin cytoskeleton mass phenotype		CMPO:0000283
CMPO:0000286	aggregated microtubules phenotype	microtubule clumps	CMPO:0000020 CMPO:0000065
CMPO:0000287	microtubules nuclear bracket phenotype		CMPO:0000020 CMPO:0000065
CMPO:0000288	microtubules nuclear ring phenotype	microtubule nuclear ring	CMPO:0000020 CMPO:0000065
CMPO:0000289	increased amount of stress fibers phenotype	more actin stress fibers	CMPO:0000042
CMPO:0000290	punctate actin foci phenotype	puncta actin filament phenotype	CMPO:0000065 CMPO:0000104
CMPO:0000291	increased amount of punctate actin foci phenotype	increased actin puncta|more actin puncta	CMPO:0000105
CMPO:0000292	cell population layer phenotype		CMPO:0000002
CMPO:0000293	loss of cell monolayer	lost cell monolayer	CMPO:0000292
CMPO:0000294	increased actin localised to the nucleus	increased nuclear actin	CMPO:0000104 CMPO:0000356
CMPO:0000296	increased actin localised to the cytoplasm	increased cytoplasmic actin	CMPO:0000104 CMPO:0000356
CMPO:0000297	increased amount of stress fibers located in the cell cortex phenotype		CMPO:0000289
CMPO:0000298	increased amount of transverse stress fibers	more transverse actin stress fibers	CMPO:0000289
CMPO:0000299	increased amount of zig-zag stress fibers	more zig-zag actin stress fibers	CMPO:0000289
CMPO:0000300	more multinucleate cells		CMPO:0000051
CMPO:0000301	no cells phenotype		CMPO:0000002
CMPO:0000302	actin nuclear ring phenotype	nuclear actin ring	CMPO:0000065 CMPO:0000104
CMPO:0000303	cell component morphology phenotype		CMPO:0000259
CMPO:0000304	cell cycle arrested phenotype		CMPO:0000029 CMPO:0000090 CMPO:0000195
CMPO:0000305	metaphase arrested phenotype	metaphase arrest	CMPO:0000208 CMPO:0000304
CMPO:0000306	delayed process phenotype		CMPO:0000007 CMPO:0000054
CMPO:0000307	metaphase delayed phenotype	metaphase delay	CMPO:0000208 CMPO:0000306
CMPO:0000309	impaired cell migration	abnormal cell migration	CMPO:0000033
CMPO:0000312	increased duration of cell migration process phenotype		CMPO:0000033
CMPO:0000313	decreased duration of cell migration process phenotype		CMPO:0000033
CMPO:0000314	exit from mitosis phenotype		CMPO:0000194
CMPO:0000315	absence of cell process phenotype	cell physiology phenotype	CMPO:0000007 CMPO:0000054
CMPO:0000316	abnormal cell growth phenotype		CMPO:0000035
CMPO:0000317	cell growth arrested phenotype		CMPO:0000035 CMPO:0000195
CMPO:0000318	mild decrease in rate of protein secretion		CMPO:0000247
CMPO:0000319	strong decrease in rate of protein secretion		CMPO:0000247
CMPO:0000320	increased cell spreading phenotype		CMPO:0000188
CMPO:0000321	mild increase of cell spreading phenotype		CMPO:0000320
CMPO:0000322	strong increase of cell spreading phenotype		CMPO:0000320
CMPO:0000323	decreased cell spreading phenotype		CMPO:0000188
CMPO:0000324	absence of cell spreading phenotype	no spreading cells	CMPO:0000188 CMPO:0000315
CMPO:0000325	spread cell morphology phenotype	spreading cell shape	CMPO:0000005
CMPO:0000326	abnormal chromosome segregation phenotype		CMPO:0000036
CMPO:0000327	mitotic prophase phenotype		CMPO:0000090 CMPO:0000194
CMPO:0000328	increased duration of mitotic prophase phenotype		CMPO:0000327
CMPO:0000329	decreased duration of mitotic prophase phenotype		CMPO:0000327
CMPO:0000330	decreased frequency of negative regulation of NF-kappaB transcription factor activity phenotype		CMPO:0000039
CMPO:0000331	increased frequency of negative regulation of NF-kappaB transcription factor activity phenotype		CMPO:0000039
CMPO:0000332	cytoplasmic sequestering of NF-kappaB phenotype		CMPO:0000040 CMPO:0000356 CMPO:0000435
CMPO:0000333	abnormal release of cytoplasmic sequestered NF-kappaB phenotype		CMPO:0000040 CMPO:0000436
CMPO:0000334	regulation of process phenotype		CMPO:0000007
CMPO:0000335	bright nuclear body phenotype		CMPO:0000125
CMPO:0000337	round focal adhesion		CMPO:0000011
CMPO:0000338	mitosis arrested	mitotic arrest	CMPO:0000194 CMPO:0000195
CMPO:0000340	increased cell size in population	large cells	CMPO:0000051 CMPO:0000163
CMPO:0000341	pyknotic nuclear phenotype	pyknotic nucleus	CMPO:0000024
CMPO:0000343	prometaphase arrested phenotype	prometaphase arrest	CMPO:0000194 CMPO:0000304
CMPO:0000344	prometaphase delayed phenotype	prometaphase delay	CMPO:0000090 CMPO:0000194 CMPO:0000306
CMPO:0000345	increased variability of nuclear shape in population	variable cell shape	CMPO:0000163
CMPO:0000346	decreased rate of intracellular protein transport phenotype		CMPO:0000041
CMPO:0000347	absence of mitotic metaphase process phenotype		CMPO:0000194 CMPO:0000315
CMPO:0000348	mitotic metaphase plate congression phenotype		CMPO:0000038 CMPO:0000194
CMPO:0000349	increased substrate-dependent cell migration, cell extension phenotype	increased protrusive activity	CMPO:0000033
CMPO:0000350	increased substrate-dependent cell migration phenotype	increased directional cell migration	CMPO:0000033
CMPO:0000351	increased microtubule-based processes phenotype	microtubule processes	CMPO:0000007
CMPO:0000353	increased monopolar cell elongation phenotype	increased polar cell elongation	CMPO:0000035 CMPO:0000189
CMPO:0000354	decreased monopolar cell elongation phenotype	decreased polar cell elongation	CMPO:0000035 CMPO:0000189
CMPO:0000355	mild actin-mediated cell contraction phenotype		CMPO:0000243
CMPO:0000356	cell component localization phenotype	cell component localization	CMPO:0000007
CMPO:0000357	polylobed nuclear phenotype	acinus nuclear phenotype	CMPO:0000027
CMPO:0000358	increased rate of DNA amplification		CMPO:0000037
CMPO:0000359	increased amount of DNA		CMPO:0000042 CMPO:0000176
CMPO:0000360	centriole replication phenotype	centriole duplication phenotype	CMPO:0000029
CMPO:0000361	increased centriole replication phenotype	centriole amplification phenotype	CMPO:0000351 CMPO:0000360
CMPO:0000362	decreased centriole replication phenotype	centriole underduplication phenotype	CMPO:0000360
CMPO:0000363	protein localization to cellular component phenotype		CMPO:0000356
CMPO:0000364	s-shaped cell phenotype	kinked cell|kinky cell|sigmoid cell|z-shaped cell	CMPO:0000005 CMPO:0000011
CMPO:0000365	curved cell phenotype		CMPO:0000005 CMPO:0000011
CMPO:0000366	pear-shaped cell phenotype	skittle-shaped cell	CMPO:0000077 CMPO:0000118
CMPO:0000367	stubby cell phenotype		CMPO:0000005 CMPO:0000011
CMPO:0000368	microtubule cytoskeleton morphology phenotype		CMPO:0000020 CMPO:0000303
CMPO:0000369	microtubule cytoskeleton morphology during mitotic interphase		CMPO:0000368 CMPO:0000385
CMPO:0000370	elongated cytoplasmic microtubules phenotype	elongated cytoplasmic microtubules|long cytoplasmic microtubules	CMPO:0000011 CMPO:0000373
CMPO:0000371	shortened cytoplasmic microtubules phenotype	shortened cytoplasmic microtubules	CMPO:0000011 CMPO:0000373
CMPO:0000372	increased number of microtubule bundle phenotype	extra microtubule bundles|increased level of MT bundles|increased microtubule bundling|more microtubule bundles	CMPO:0000042
CMPO:0000373	microtubule morphology phenotype		CMPO:0000020 CMPO:0000303
CMPO:0000374	microtubule morphology during interphase phenotype		CMPO:0000373 CMPO:0000385
CMPO:0000375	more cells with interphase microtubule phenotype		CMPO:0000051
CMPO:0000376	microtubule spindle morphology phenotype		CMPO:0000373
CMPO:0000377	microtubule spindle morphology during metaphase phenotype		CMPO:0000090 CMPO:0000376
CMPO:0000378	more cells with metaphase microtubule spindles phenotype	SP increased	CMPO:0000051
CMPO:0000379	linear microtubule morphology phenotype		CMPO:0000376
CMPO:0000380	cell component organisation phenotype		CMPO:0000005 CMPO:0000012
CMPO:0000381	microtubule organisation phenotype		CMPO:0000380
CMPO:0000382	microtubule array phenotype		CMPO:0000381
CMPO:0000383	more cells with interphase microtubule arrays phenotype	IP increased	CMPO:0000163 CMPO:0000375
CMPO:0000384	interphase phenotype		CMPO:0000090
CMPO:0000385	mitotic interphase phenotype		CMPO:0000194 CMPO:0000384
CMPO:0000386	anaphase phenotype		CMPO:0000090
CMPO:0000387	fewer cells with metaphase microtubule spindles phenotype	SP reduced	CMPO:0000052
CMPO:0000388	fewer cells with interphase microtubule arrays phenotype	IP reduced	CMPO:0000052 CMPO:0000163
CMPO:0000390	protein localized in golgi phenotype	protein localised in Golgi|protein localised in Golgi apparatus|protein localized to Golgi|protein localized to Golgi apparatus	CMPO:0000363
CMPO:0000391	protein localized in bud neck phenotype	protein localised in bud neck|protein localized in cellular bud neck|protein localized to bud neck	CMPO:0000356
CMPO:0000392	protein localized in cell periphery phenotype	protein localised in cell periphery|protein localized to cell periphery	CMPO:0000356
CMPO:0000393	protein localized in cytosol phenotype	protein localised in cytosol|protein localized to cytosol	CMPO:0000356
CMPO:0000394	protein localized in endoplasmic reticulum phenotype	protein localised in endoplasmic reticulum|protein localized to endoplasmic reticulum	CMPO:0000363
CMPO:0000395	protein localized in mitochondrion phenotype	protein localised in mitochondria|protein localised in mitochondrion|protein localized to mitochonria|protein localized to mitochonrion	CMPO:0000363
CMPO:0000396	protein localized in nuclear periphery phenotype	protein localised in nuclear periphery|protein localized to nuclear periphery	CMPO:0000398
CMPO:0000397	protein localized in nucleolus phenotype	protein localised in nucleolus|protein localized to nucleolus	CMPO:0000398
CMPO:0000398	protein localized in nucleus phenotype	protein localised in nucleus|protein localized to nucleus	CMPO:0000363
CMPO:0000399	protein localized in peroxisome phenotype	protein localised in peroxisome|protein localized to peroxisome	CMPO:0000363
CMPO:0000400	protein localized in punctate foci phenotype	protein localised in punctate foci|protein localized to punctate foci	CMPO:0000356
CMPO:0000401	protein localized in vacuole phenotype	protein localised in vacuole|protein localized to vacuole	CMPO:0000363
CMPO:0000402	protein localized in vacuolar membrane phenotype	protein localised in vacuolar membrane|protein localized to vacuolar membrane	CMPO:0000032 CMPO:0000401
CMPO:0000403	protein localized to nuclear body	protein localised in nuclear body	CMPO:0000445
CMPO:0000404	protein localized in Cajal body phenotype	protein localised in Cajal body phenotype	CMPO:0000403
CMPO:0000405	protein localized in nuclear speckle phenotype	protein localised in nuclear speckle phenotype	CMPO:0000403
CMPO:0000406	protein localized in paraspeckle phenotype	protein localised in paraspeckle phenotype	CMPO:0000403
CMPO:0000407	protein localized in PML body phenotype	protein localised in PML body phenotype|protein localised in Promyelocytic Leukemia nuclear body phenotype|protein localized in Promyelocytic Leukemia nuclear body phenotype	CMPO:0000403
CMPO:0000408	protein localized in polycomb body phenotype	protein localised in PcG body phenotype|protein localized in PcG body phenotype	CMPO:0000403
CMPO:0000409	protein localized in Sam68 nuclear body phenotype	protein localised in Sam68 nuclear body phenotype	CMPO:0000403
CMPO:0000410	fewer cells with G1 phase microtubule arrays phenotype	fewer cells with post-anaphase microtubule arrays|PAA decreased	CMPO:0000057 CMPO:0000163
CMPO:0000411	fewer cells with S phase microtubule arrays phenotype	fewer cells with post-mitotic interphase microtubule arrays|IP2 decreased	CMPO:0000059 CMPO:0000163
CMPO:0000412	more cells with G1 phase microtubule arrays phenotype	more cells with post-anaphase microtubule arrays|PAA increased	CMPO:0000055 CMPO:0000163
CMPO:0000413	more cells with S phase microtubule arrays phenotype	IP2 increased|more cells with post-mitotic interphase microtubule arrays	CMPO:0000053 CMPO:0000163
CMPO:0000414	cell response to stress phenotype		CMPO:0000007
CMPO:0000415	cell response to DNA damage phenotype	DNA damage	CMPO:0000414
CMPO:0000416	fewer aggregated cells in population phenotype	defective cell-cell aggregation	CMPO:0000052
CMPO:0000417	lack of protein in cell component localization phenotype	protein absent from localisation to cellular component	CMPO:0000356
CMPO:0000419	response to stimulus phenotype		CMPO:0000007
CMPO:0000420	response to chemical phenotype		CMPO:0000419
CMPO:0000421	cellular response to chemical stimulus phenotype		CMPO:0000420
CMPO:0000422	telophase phenotype		CMPO:0000090
CMPO:0000423	mitotic telophase phenotype		CMPO:0000194 CMPO:0000422
CMPO:0000424	telophase arrested phenotype		CMPO:0000304 CMPO:0000423
CMPO:0000425	protein localized in centrosome phenotype	protein localisation in centrosome|protein localised in centrosome|protein localised to centrosome|protein localization in centrosome	CMPO:0000363
CMPO:0000426	protein localized in nuclear pore phenotype	protein localisation in nuclear pore|protein localised in nuclear pore|protein localised to nuclear pore|protein localization in nuclear pore	CMPO:0000032 CMPO:0000443
CMPO:0000427	kinetochore phenotype		CMPO:0000150
CMPO:0000428	fan-shaped cell phenotype		CMPO:0000005 CMPO:0000011
CMPO:0000429	cell polypeptide phenotype	cell protein phenotype	CMPO:0000175
CMPO:0000430	altered level of substance in cell		CMPO:0000258
CMPO:0000431	altered level of polypetide in cell		CMPO:0000429 CMPO:0000430
CMPO:0000432	altered level of polypetide in cell nucleus	altered level of protein in cell nucleus	CMPO:0000024 CMPO:0000431
CMPO:0000433	increased level of polypetide in cell nucleus	increased level of protein in cell nucleus	CMPO:0000432
CMPO:0000434	decreased level of polypetide in cell nucleus	decreased level of protein in cell nucleus	CMPO:0000432
CMPO:0000435	negative regulation of protein import into nucleus phenotype		CMPO:0000334
CMPO:0000436	positive regulation of protein import into nucleus phenotype		CMPO:0000334
CMPO:0000437	abnormal mitotic cell cycle phase phenotype		CMPO:0000090 CMPO:0000194
CMPO:0000438	abnormal microtubule cytoskeleton morphology during mitotic interphase		CMPO:0000369
CMPO:0000439	absence of protein localized in bud neck phenotype		CMPO:0000315 CMPO:0000356
CMPO:0000440	protein localized in actin filament phenotype	protein localised in actin filament phenotype	CMPO:0000363
CMPO:0000441	protein localized in intermediate filament phenotype	protein localised in intermediate filament phenotype	CMPO:0000363
CMPO:0000442	protein localized in microtubule phenotype	protein localised in microtubule phenotype	CMPO:0000363
CMPO:0000443	protein localized in nuclear membrane phenotype	protein localised in nuclear envelope phenotype|protein localised in nuclear membrane phenotype	CMPO:0000398
CMPO:0000444	protein localized in nucleoli fibrillar center phenotype	protein localised in nucleoli fibrillar center phenotype	CMPO:0000397
CMPO:0000445	protein localized in nucleoplasm phenotype	protein localised in nucleoplasm phenotype	CMPO:0000398
CMPO:0000446	protein localized in plasma membrane phenotype	protein localised in plasma membrane phenotype	CMPO:0000032 CMPO:0000356
CMPO:0000447	protein localized in vesicle phenotype	protein localised in vesicle phenotype	CMPO:0000363
CMPO:0000448	cell killing phenotype		CMPO:0000007
CMPO:0000449	T cell mediated killing against a tumor cell phenotype	'T cell mediated cytotoxicity directed against tumor cell target phenotype	CMPO:0000419 CMPO:0000448
CMPO:0000450	more aggregated cells in population phenotype		CMPO:0000051
CMPO:0000451	increased nuclear area phenotype		CMPO:0000140
CMPO:0000452	decreased nuclear area phenotype		CMPO:0000141
CMPO:0000453	decreased cell size in population	small cells	CMPO:0000051 CMPO:0000163
CMPO:0000454	asymmetric cellular component phenotype	asymmetric component	CMPO:0000065
CMPO:0000455	decreased level of polypetide in the cell	decreased level of protein in the cell	CMPO:0000259 CMPO:0000429
CMPO:0000456	increased level of polypetide in the cell	increased level of protein in the cell	CMPO:0000259 CMPO:0000429
CMPO:0000457	decreased nucleus to cell area ratio		CMPO:0000163
CMPO:0000458	increased nucleus to cell area ratio		CMPO:0000163
FBbi:00000001	sample preparation method		FBbi_root_00000000
FBbi:00000002	chemically fixed tissue		FBbi:00001012
FBbi:00000013	cryofixed tissue		FBbi:00001012
FBbi:00000014	unfixed tissue		FBbi:00001012
FBbi:00000015	embedded tissue		FBbi:00000001
FBbi:00000016	tissue in plastic embedment		FBbi:00000015
FBbi:00000025	living tissue		FBbi:00000014
FBbi:00000026	sectioned tissue		FBbi:00000001
FBbi:00000027	cryostat-sectioned tissue		FBbi:00000026
FBbi:00000031	visualization method		FBbi_root_00000000
FBbi:00000052	Hoechst 33342		FBbi:00000421
FBbi:00000056	4',6-diamidino-2-phenylindole (DAPI)		FBbi:00000422
FBbi:00000079	genetically encoded tag		FBbi:00000410
FBbi:00000082	EGFP		FBbi:00000437
FBbi:00000084	EYFP		FBbi:00000439
FBbi:00000100	phalloidin		FBbi:00000459
FBbi:00000156	primary antibody plus labeled secondary antibody		FBbi:00000401
FBbi:00000222	imaging method		FBbi_root_00000000
FBbi:00000241	microscopy		FBbi:00000265
FBbi:00000243	bright-field microscopy		FBbi:00000345
FBbi:00000244	dark-field microscopy		FBbi:00000345
FBbi:00000245	differential interference contrast microscopy		FBbi:00000345
FBbi:00000246	fluorescence microscopy		FBbi:00000345
FBbi:00000247	phase contrast microscopy		FBbi:00000345
FBbi:00000248	polarization microscopy		FBbi:00000345
FBbi:00000249	time lapse microscopy		FBbi:00000345
FBbi:00000251	confocal microscopy		FBbi:00000246 FBbi:00000345
FBbi:00000252	single-spot confocal microscopy		FBbi:00000251
FBbi:00000253	spinning disk confocal microscopy		FBbi:00000251
FBbi:00000254	two-photon laser scanning microscopy		FBbi:00000255
FBbi:00000255	multi-photon microscopy		FBbi:00000246 FBbi:00000345
FBbi:00000256	electron microscopy		FBbi:00000343
FBbi:00000257	scanning electron microscopy (SEM)		FBbi:00000256
FBbi:00000258	transmission electron microscopy (TEM)		FBbi:00000256
FBbi:00000259	atomic force microscopy		FBbi:00000344
FBbi:00000265	recorded image		FBbi:00000222
FBbi:00000268	illumination method		FBbi_root_00000000
FBbi:00000269	detection method		FBbi_root_00000000
FBbi:00000271	contrast-enhancing method		FBbi_root_00000000
FBbi:00000285	oblique illumination		FBbi:00000268
FBbi:00000294	charge coupled device (CCD)		FBbi:00000395
FBbi:00000301	electron multiplying CCD (EMCCD)		FBbi:00000395
FBbi:00000304	complementary metal oxide semiconductor (CMOS)		FBbi:00000395
FBbi:00000306	wide-field detection		FBbi:00000269
FBbi:00000321	resolution-enhancing method		FBbi_root_00000000
FBbi:00000323	computational method		FBbi:00000271
FBbi:00000332	structured illumination microscopy (SIM)		FBbi:00000321
FBbi:00000333	point-localization method		FBbi:00000321
FBbi:00000334	stimulated emission depletion (STED)		FBbi:00000321
FBbi:00000335	PALM (photoactivation localization microscopy)		FBbi:00000333
FBbi:00000336	STORM (stochastic optical reconstruction microscopy)		FBbi:00000333
FBbi:00000343	microscopy with lenses		FBbi:00000241
FBbi:00000344	scanning probe microscopy		FBbi:00000241
FBbi:00000345	light microscopy		FBbi:00000343
FBbi:00000354	linear method		FBbi:00000323
FBbi:00000357	3D-deconvolution		FBbi:00000354
FBbi:00000361	maximum likelihood deconvolution		FBbi:00000357
FBbi:00000362	blind deconvolution		FBbi:00000357
FBbi:00000364	light-sheet illumination		FBbi:00000285
FBbi:00000365	FLIP		FBbi:00000246
FBbi:00000366	FRAP		FBbi:00000365 FBbi:00000246
FBbi:00000367	FRET		FBbi:00000246
FBbi:00000368	FLIM		FBbi:00000246
FBbi:00000369	SPIM		FBbi:00000246
FBbi:00000373	back-scattered_electron imaging		FBbi:00000257
FBbi:00000380	scanning-transmission electron microscopy		FBbi:00000256
FBbi:00000392	slit-scan confocal microscopy		FBbi:00000251
FBbi:00000395	area detector		FBbi:00000269
FBbi:00000397	visualization by chemical attribute		FBbi:00000031
FBbi:00000401	antibody		FBbi:00000410
FBbi:00000403	small-molecule probe		FBbi:00000397
FBbi:00000405	fluorescent protein tag		FBbi:00000079
FBbi:00000406	probes for nucleic acid		FBbi:00000403
FBbi:00000408	probe for protein		FBbi:00000403
FBbi:00000410	macromolecular probe		FBbi:00000397
FBbi:00000420	fluorescent protein derived from Aequorea victoria		FBbi:00000405
FBbi:00000421	membrane-permeant probe		FBbi:00000406
FBbi:00000422	membrane impermeant probe		FBbi:00000406
FBbi:00000433	fluorescent protein derived from Anthozoa		FBbi:00000405
FBbi:00000437	Green fluorescent protein from Aequorea		FBbi:00000420
FBbi:00000439	Yellow fluorescent protein from Aequorea		FBbi:00000420
FBbi:00000459	affinity for specific proteins		FBbi:00000408
FBbi:00000483	Red fluorescent proteins from Anthozoa		FBbi:00000433
FBbi:00000525	mCherryFP		FBbi:00000483
FBbi:00000585	serial block face SEM (SBFSEM)		FBbi:00000373
FBbi:00000617	evanescent wave microscopy		FBbi:00000246
FBbi:00000622	high-voltage electron microscopy (HVEM)		FBbi:00000258
FBbi:00001000	radiography		FBbi:00000265
FBbi:00001001	X-ray radiography	X-radiography	FBbi:00001000 FBbi:00000265
FBbi:00001002	X-ray computed tomography	CAT scan|CT scan|X-ray CT	FBbi:00001003 FBbi:00001005
FBbi:00001003	X-ray tomography		FBbi:00001001 FBbi:00001004
FBbi:00001004	tomography		FBbi:00000265
FBbi:00001005	computed tomography		FBbi:00001004
FBbi:00001012	fixation method		FBbi:00000001
FBbi_root_00000000	method involved in biological imaging
GO:0000278	mitotic cell cycle		GO:0007049
GO:0000323	lytic vacuole		GO:0005773
GO:0005575	cellular_component	cell or subcellular entity|cellular component
GO:0005634	nucleus	cell nucleus	GO:0043231
GO:0005694	chromosome		GO:0043232
GO:0005737	cytoplasm		GO:0110165
GO:0005739	mitochondrion	mitochondria	GO:0043231
GO:0005764	lysosome		GO:0000323
GO:0005773	vacuole		GO:0043231
GO:0005794	Golgi apparatus	Golgi complex	GO:0043231
GO:0005886	plasma membrane	cell membrane|cellular membrane|cytoplasmic membrane|plasmalemma	GO:0016020
GO:0006810	transport		GO:0051234
GO:0006897	endocytosis	endocytic import into cell|vesicle endocytosis	GO:0016192 GO:0098657
GO:0006909	phagocytosis		GO:0006897
GO:0006915	apoptotic process	apoptotic cell death|apoptotic programmed cell death|programmed cell death by apoptosis	GO:0012501
GO:0006935	chemotaxis	taxis in response to chemical stimulus	GO:0042330
GO:0007049	cell cycle	cell-division cycle	GO:0009987
GO:0007275	multicellular organism development		GO:0032501 GO:0048856
GO:0007369	gastrulation		GO:0048598
GO:0008150	biological_process	biological process|physiological process
GO:0008219	cell death		GO:0009987
GO:0009653	anatomical structure morphogenesis	anatomical structure organization|morphogenesis	GO:0032502
GO:0009790	embryo development	embryogenesis|embryonal development	GO:0007275
GO:0009987	cellular process	cell physiology|cellular physiological process	GO:0008150
GO:0012501	programmed cell death		GO:0008219
GO:0016020	membrane		GO:0110165
GO:0016192	vesicle-mediated transport	vesicle transport|vesicular transport	GO:0006810 GO:0009987
GO:0016477	cell migration		GO:0048870
GO:0030054	cell junction		GO:0110165
GO:0030154	cell differentiation		GO:0048869
GO:0030312	external encapsulating structure		GO:0110165
GO:0031012	extracellular matrix	proteinaceous extracellular matrix	GO:0030312
GO:0031982	vesicle		GO:0043227
GO:0032501	multicellular organismal process	organismal physiological process	GO:0008150
GO:0032502	developmental process		GO:0008150
GO:0040011	locomotion		GO:0008150
GO:0042330	taxis	directed movement in response to stimulus	GO:0040011
GO:0043226	organelle		GO:0110165
GO:0043227	membrane-bounded organelle	membrane-enclosed organelle	GO:0043226
GO:0043228	membraneless organelle	membrane-less organelle|non-membrane-bounded organelle|non-membrane-enclosed organelle	GO:0043226
GO:0043229	intracellular organelle		GO:0043226
GO:0043231	intracellular membrane-bounded organelle	intracellular membrane-enclosed organelle	GO:0043227 GO:0043229
GO:0043232	intracellular membraneless organelle	intracellular non-membrane-bounded organelle|intracellular non-membrane-enclosed organelle	GO:0043228 GO:0043229
GO:0045202	synapse	synaptic junction	GO:0030054
GO:0048598	embryonic morphogenesis	embryonic anatomical structure morphogenesis	GO:0009653
GO:0048856	anatomical structure development	development of an anatomical structure	GO:0032502
GO:0048869	cellular developmental process		GO:0009987 GO:0032502
GO:0048870	cell motility	cell locomotion|movement of a cell	GO:0009987
GO:0051179	localization	establishment and maintenance of localization|establishment and maintenance of position|localisation	GO:0008150
GO:0051234	establishment of localization	establishment of localisation	GO:0051179
GO:0051301	cell division		GO:0009987
GO:0098657	import into cell		GO:0006810
GO:0110165	cellular anatomical structure	cellular anatomical entity	GO:0005575 UBERON:0000061
NCBITaxon:1	root
NCBITaxon:10066	Muridae		NCBITaxon:337687
NCBITaxon:10088	Mus <genus>	mice|mouse|Mus	NCBITaxon:39107
NCBITaxon:10090	Mus musculus	house mouse|mouse|マウス	NCBITaxon:862507
NCBITaxon:10114	Rattus	rat|rats	NCBITaxon:39107
NCBITaxon:10116	Rattus norvegicus	brown rat|Norway rat|rat|rats|ラット	NCBITaxon:10114
NCBITaxon:1131492	Aspergillaceae		NCBITaxon:5042
NCBITaxon:114656	Funariidae		NCBITaxon:3214
NCBITaxon:117570	Teleostomi		NCBITaxon:7776
NCBITaxon:117571	Euteleostomi	bony vertebrates	NCBITaxon:117570
NCBITaxon:119089	Chromadorea		NCBITaxon:6231
NCBITaxon:1206794	Ecdysozoa		NCBITaxon:33317
NCBITaxon:1224	Pseudomonadota	proteobacteria|purple photosynthetic bacteria and relatives	NCBITaxon:3379134
NCBITaxon:123365	Neoteleostei		NCBITaxon:1489388
NCBITaxon:123366	Eurypterygia		NCBITaxon:123365
NCBITaxon:123367	Ctenosquamata		NCBITaxon:123366
NCBITaxon:123368	Acanthomorphata		NCBITaxon:123367
NCBITaxon:123369	Euacanthomorphacea		NCBITaxon:123368
NCBITaxon:1236	Gammaproteobacteria	g-proteobacteria	NCBITaxon:1224
NCBITaxon:1239	Bacillota	clostridial firmicutes|firmicutes|low G+C Gram-positive bacteria|low GC Gram+	NCBITaxon:1783272
NCBITaxon:1304792	Tenebrionidae incertae sedis		NCBITaxon:7065
NCBITaxon:131221	Streptophytina	charophyte/embryophyte group	NCBITaxon:35493
NCBITaxon:131567	cellular organisms		NCBITaxon:1
NCBITaxon:1329799	Archelosauria		NCBITaxon:32561
NCBITaxon:133551	Eleutherozoa		NCBITaxon:7586
NCBITaxon:1338369	Dipnotetrapodomorpha		NCBITaxon:8287
NCBITaxon:1385	Caryophanales		NCBITaxon:91061
NCBITaxon:1386	Bacillus <firmicutes>	Bacillus|Bacillus rRNA group 1	NCBITaxon:186817
NCBITaxon:1423	Bacillus subtilis	枯草菌	NCBITaxon:653685
NCBITaxon:142796	Eumycetozoa		NCBITaxon:2605435
NCBITaxon:1437010	Boreoeutheria		NCBITaxon:9347
NCBITaxon:1437183	Mesangiospermae		NCBITaxon:3398
NCBITaxon:1437197	Petrosaviidae		NCBITaxon:4447
NCBITaxon:1437201	Pentapetalae		NCBITaxon:91827
NCBITaxon:147367	Oryzoideae		NCBITaxon:359160
NCBITaxon:147369	Panicoideae		NCBITaxon:147370
NCBITaxon:147370	PACMAD clade		NCBITaxon:4479
NCBITaxon:147380	Oryzeae		NCBITaxon:147367
NCBITaxon:147429	Andropogoneae		NCBITaxon:1648033
NCBITaxon:147537	Saccharomycotina	budding yeasts & allies|true yeasts	NCBITaxon:716545
NCBITaxon:147538	Pezizomycotina	filamentous ascomycetes	NCBITaxon:716545
NCBITaxon:147545	Eurotiomycetes		NCBITaxon:716546
NCBITaxon:147550	Sordariomycetes		NCBITaxon:715989
NCBITaxon:147554	Schizosaccharomycetes		NCBITaxon:451866
NCBITaxon:1489341	Osteoglossocephalai		NCBITaxon:32443
NCBITaxon:1489388	Euteleosteomorpha		NCBITaxon:186625
NCBITaxon:1489872	Percomorphaceae		NCBITaxon:123369
NCBITaxon:1489908	Ovalentaria		NCBITaxon:1489872
NCBITaxon:1489913	Atherinomorphae		NCBITaxon:1489908
NCBITaxon:1549675	Galloanserae	ducks, geese, chickens, fowl, quail, currasows and allies	NCBITaxon:8825
NCBITaxon:162425	Aspergillus nidulans		NCBITaxon:2720870
NCBITaxon:1639119	Plasmodiidae		NCBITaxon:5819
NCBITaxon:1648021	Oryzinae		NCBITaxon:147380
NCBITaxon:1648029	Tripsacinae		NCBITaxon:147429
NCBITaxon:1648033	Andropogonodae		NCBITaxon:147369
NCBITaxon:1760	Actinomycetes	high G+C Gram-positive bacteria	NCBITaxon:201174
NCBITaxon:1762	Mycobacteriaceae		NCBITaxon:85007
NCBITaxon:1763	Mycobacterium		NCBITaxon:1762
NCBITaxon:1773	Mycobacterium tuberculosis		NCBITaxon:77643
NCBITaxon:1783272	Bacillati	Terrabacteria group	NCBITaxon:2
NCBITaxon:186623	Actinopteri		NCBITaxon:7898
NCBITaxon:186625	Clupeocephala		NCBITaxon:1489341
NCBITaxon:186626	Otophysi		NCBITaxon:32519
NCBITaxon:186627	Cypriniphysae		NCBITaxon:186626
NCBITaxon:186634	Otomorpha		NCBITaxon:186625
NCBITaxon:186817	Bacillaceae		NCBITaxon:1385
NCBITaxon:1963758	Myomorpha	mice and others	NCBITaxon:9989
NCBITaxon:197562	Pancrustacea	crustaceans and hexapods	NCBITaxon:197563
NCBITaxon:197563	Mandibulata	mandibulates	NCBITaxon:6656
NCBITaxon:2	Bacteria	bacteria|eubacteria	NCBITaxon:131567
NCBITaxon:201174	Actinomycetota	actinobacteria	NCBITaxon:1783272
NCBITaxon:2058185	Dictyosteliaceae		NCBITaxon:2058949
NCBITaxon:2058949	Dictyosteliales		NCBITaxon:33083
NCBITaxon:207598	Homininae		NCBITaxon:9604
NCBITaxon:222544	Sordariomycetidae		NCBITaxon:147550
NCBITaxon:2301094	Diplogasteroidea		NCBITaxon:50827
NCBITaxon:2301116	Rhabditina		NCBITaxon:6236
NCBITaxon:2301119	Rhabditomorpha		NCBITaxon:2301116
NCBITaxon:2605435	Evosea		NCBITaxon:554915
NCBITaxon:2611352	Discoba		NCBITaxon:2759
NCBITaxon:2692248	core chlorophytes		NCBITaxon:3041
NCBITaxon:2698737	Sar	SAR supergroup	NCBITaxon:2759
NCBITaxon:2704647	Metakinetoplastina		NCBITaxon:5653
NCBITaxon:2704949	Trypanosomatida		NCBITaxon:2704647
NCBITaxon:2720870	Aspergillus subgen. Nidulantes		NCBITaxon:5052
NCBITaxon:2743709	Danionidae		NCBITaxon:30727
NCBITaxon:2743711	Danioninae		NCBITaxon:2743709
NCBITaxon:2759	Eukaryota	eukaryotes	NCBITaxon:131567
NCBITaxon:27592	Bovinae		NCBITaxon:9895
NCBITaxon:2785018	Camarodonta		NCBITaxon:7674
NCBITaxon:2812636	CS clade		NCBITaxon:3166
NCBITaxon:28781	Adrianichthyoidei		NCBITaxon:76071
NCBITaxon:2916678	Serinales	CTG clade|CUG-Ser1 clade	NCBITaxon:3239874
NCBITaxon:30319	Pipoidea		NCBITaxon:8342
NCBITaxon:3041	Chlorophyta	green algae	NCBITaxon:33090
NCBITaxon:3042	Chlamydomonadales		NCBITaxon:2812636
NCBITaxon:3051	Chlamydomonadaceae		NCBITaxon:3042
NCBITaxon:3052	Chlamydomonas		NCBITaxon:3051
NCBITaxon:3055	Chlamydomonas reinhardtii		NCBITaxon:3052
NCBITaxon:30727	Cyprinoidei		NCBITaxon:7952
NCBITaxon:31181	Strongylocentrotidae		NCBITaxon:7675
NCBITaxon:314145	Laurasiatheria		NCBITaxon:1437010
NCBITaxon:314146	Euarchontoglires		NCBITaxon:1437010
NCBITaxon:314147	Glires	Rodents and rabbits	NCBITaxon:314146
NCBITaxon:314293	Simiiformes		NCBITaxon:376913
NCBITaxon:314294	Cercopithecoidea		NCBITaxon:9526
NCBITaxon:314295	Hominoidea	ape|apes	NCBITaxon:9526
NCBITaxon:3166	Chlorophyceae		NCBITaxon:2692248
NCBITaxon:3193	Embryophyta	higher plants|land plants	NCBITaxon:131221
NCBITaxon:3208	Bryophyta	mosses	NCBITaxon:3193
NCBITaxon:3214	Bryopsida		NCBITaxon:404260
NCBITaxon:3215	Funariales		NCBITaxon:114656
NCBITaxon:3216	Funariaceae		NCBITaxon:3215
NCBITaxon:3218	Physcomitrium patens		NCBITaxon:37414
NCBITaxon:32341	Sophophora		NCBITaxon:7215
NCBITaxon:32346	melanogaster group		NCBITaxon:32341
NCBITaxon:32351	melanogaster subgroup		NCBITaxon:32346
NCBITaxon:3239874	Pichiomycetes		NCBITaxon:147537
NCBITaxon:32443	Teleostei	teleost fishes	NCBITaxon:41665
NCBITaxon:32519	Ostariophysi		NCBITaxon:186634
NCBITaxon:32523	Tetrapoda	tetrapods	NCBITaxon:1338369
NCBITaxon:32524	Amniota	amniotes	NCBITaxon:32523
NCBITaxon:32525	Theria <mammals>	Theria	NCBITaxon:40674
NCBITaxon:32561	Sauria	diapsids	NCBITaxon:8457
NCBITaxon:33083	Dictyostelia	cellular slime molds|dictyostelid cellular slime molds	NCBITaxon:142796
NCBITaxon:33090	Viridiplantae	Chlorophyta/Embryophyta group|chlorophyte/embryophyte group|green plants|plants	NCBITaxon:2759
NCBITaxon:33154	Opisthokonta		NCBITaxon:2759
NCBITaxon:33208	Metazoa	animals|metazoans|multicellular animals	NCBITaxon:33154
NCBITaxon:33213	Bilateria		NCBITaxon:6072
NCBITaxon:33317	Protostomia		NCBITaxon:33213
NCBITaxon:33340	Neoptera		NCBITaxon:7496
NCBITaxon:33392	Endopterygota		NCBITaxon:3701061
NCBITaxon:33511	Deuterostomia	deuterostomes	NCBITaxon:33213
NCBITaxon:33554	Carnivora	carnivores	NCBITaxon:314145
NCBITaxon:33630	Alveolata	alveolates	NCBITaxon:2698737
NCBITaxon:33682	Euglenozoa		NCBITaxon:2611352
NCBITaxon:337687	Muroidea		NCBITaxon:1963758
NCBITaxon:3379134	Pseudomonadati		NCBITaxon:2
NCBITaxon:3398	Magnoliopsida	angiosperms|flowering plants	NCBITaxon:58024
NCBITaxon:34346	Schizosaccharomycetales		NCBITaxon:147554
NCBITaxon:35493	Streptophyta		NCBITaxon:33090
NCBITaxon:35497	Suina		NCBITaxon:91561
NCBITaxon:35500	Pecora		NCBITaxon:9845
NCBITaxon:359160	BOP clade	BEP clade	NCBITaxon:4479
NCBITaxon:3699	Brassicales		NCBITaxon:91836
NCBITaxon:3700	Brassicaceae	Cruciferae|mustard family	NCBITaxon:3699
NCBITaxon:3701	Arabidopsis		NCBITaxon:980083
NCBITaxon:3701028	Altocrustacea		NCBITaxon:197562
NCBITaxon:3701030	Allotriocarida		NCBITaxon:3701028
NCBITaxon:3701061	Eumetabola		NCBITaxon:33340
NCBITaxon:3701062	Aparaglossata		NCBITaxon:33392
NCBITaxon:3701063	Panorpida		NCBITaxon:3701062
NCBITaxon:3701064	Neuropteroidea		NCBITaxon:3701062
NCBITaxon:3702	Arabidopsis thaliana	mouse-ear cress|thale cress|thale-cress|シロイヌナズナ	NCBITaxon:3701
NCBITaxon:37414	Physcomitrium		NCBITaxon:3216
NCBITaxon:376913	Haplorrhini		NCBITaxon:9443
NCBITaxon:379584	Caniformia		NCBITaxon:33554
NCBITaxon:38820	Poales		NCBITaxon:4734
NCBITaxon:39107	Murinae		NCBITaxon:10066
NCBITaxon:39700	Trypanozoon		NCBITaxon:5690
NCBITaxon:39947	Oryza sativa Japonica Group	Japanese rice|Japonica rice	NCBITaxon:4530
NCBITaxon:404260	Bryophytina		NCBITaxon:3208
NCBITaxon:40674	Mammalia	mammals	NCBITaxon:32524
NCBITaxon:4069	Solanales		NCBITaxon:91888
NCBITaxon:4070	Solanaceae	nightshade family	NCBITaxon:4069
NCBITaxon:4085	Nicotiana		NCBITaxon:424562
NCBITaxon:4097	Nicotiana tabacum	American tobacco|common tobacco|tobacco	NCBITaxon:4085
NCBITaxon:41084	Polyphaga <beetles>	Polyphaga	NCBITaxon:7041
NCBITaxon:41088	Cucujiformia		NCBITaxon:41084
NCBITaxon:41665	Neopterygii		NCBITaxon:186623
NCBITaxon:41666	Batrachia		NCBITaxon:8292
NCBITaxon:418107	Laverania		NCBITaxon:5820
NCBITaxon:422676	Aconoidasida		NCBITaxon:5794
NCBITaxon:424554	Nicotianoideae		NCBITaxon:4070
NCBITaxon:424562	Nicotianeae		NCBITaxon:424554
NCBITaxon:436486	Dinosauria	dinosaurs	NCBITaxon:8492
NCBITaxon:436489	Saurischia		NCBITaxon:436486
NCBITaxon:436491	Theropoda		NCBITaxon:436489
NCBITaxon:436492	Coelurosauria		NCBITaxon:436491
NCBITaxon:43733	Muscomorpha		NCBITaxon:7203
NCBITaxon:43738	Schizophora		NCBITaxon:480117
NCBITaxon:43741	Acalyptratae		NCBITaxon:43738
NCBITaxon:43746	Ephydroidea		NCBITaxon:43741
NCBITaxon:43845	Drosophilinae		NCBITaxon:7214
NCBITaxon:4447	Liliopsida	monocots|monocotyledons	NCBITaxon:1437183
NCBITaxon:44689	Dictyostelium discoideum	細胞性粘菌	NCBITaxon:5782
NCBITaxon:4479	Poaceae	grass family	NCBITaxon:38820
NCBITaxon:451864	Dikarya		NCBITaxon:4751
NCBITaxon:451866	Taphrinomycotina		NCBITaxon:4890
NCBITaxon:451871	Eurotiomycetidae		NCBITaxon:147545
NCBITaxon:4527	Oryza		NCBITaxon:1648021
NCBITaxon:4530	Oryza sativa	Asian cultivated rice|red rice|rice	NCBITaxon:4527
NCBITaxon:45349	Edwardsiidae		NCBITaxon:6103
NCBITaxon:45350	Nematostella		NCBITaxon:45349
NCBITaxon:45351	Nematostella vectensis	starlet sea anemone	NCBITaxon:45350
NCBITaxon:4575	Zea		NCBITaxon:1648029
NCBITaxon:4577	Zea mays	maize	NCBITaxon:4575
NCBITaxon:46877	Drosophilini		NCBITaxon:43845
NCBITaxon:4734	commelinids		NCBITaxon:1437197
NCBITaxon:4751	Fungi		NCBITaxon:33154
NCBITaxon:47757	Adrianichthyidae		NCBITaxon:28781
NCBITaxon:480117	Cyclorrhapha		NCBITaxon:480118
NCBITaxon:480118	Eremoneura		NCBITaxon:43733
NCBITaxon:4890	Ascomycota	ascomycete fungi|sac fungi	NCBITaxon:451864
NCBITaxon:4891	Saccharomycetes		NCBITaxon:147537
NCBITaxon:4892	Saccharomycetales		NCBITaxon:4891
NCBITaxon:4893	Saccharomycetaceae		NCBITaxon:4892
NCBITaxon:4894	Schizosaccharomycetaceae	fission yeasts	NCBITaxon:34346
NCBITaxon:4895	Schizosaccharomyces		NCBITaxon:4894
NCBITaxon:4896	Schizosaccharomyces pombe	fission yeast|分裂酵母	NCBITaxon:4895
NCBITaxon:4930	Saccharomyces		NCBITaxon:4893
NCBITaxon:4932	Saccharomyces cerevisiae	baker's yeast|brewer's yeast|Saccharomyces boulardii|Saccharomyces cerevisiae 'var. diastaticus'|出芽酵母	NCBITaxon:4930
NCBITaxon:5042	Eurotiales	green and blue molds	NCBITaxon:451871
NCBITaxon:5052	Aspergillus		NCBITaxon:1131492
NCBITaxon:50557	Insecta	insects|true insects	NCBITaxon:6960
NCBITaxon:50827	Diplogasteromorpha		NCBITaxon:2301116
NCBITaxon:5139	Sordariales		NCBITaxon:222544
NCBITaxon:5140	Neurospora		NCBITaxon:5148
NCBITaxon:5141	Neurospora crassa		NCBITaxon:5140
NCBITaxon:5148	Sordariaceae		NCBITaxon:5139
NCBITaxon:54124	Neodiplogasteridae		NCBITaxon:2301094
NCBITaxon:54125	Pristionchus		NCBITaxon:54124
NCBITaxon:54126	Pristionchus pacificus		NCBITaxon:54125
NCBITaxon:543	Enterobacteriaceae	enterobacteria	NCBITaxon:91347
NCBITaxon:5475	Candida		NCBITaxon:766764
NCBITaxon:5476	Candida albicans		NCBITaxon:5475
NCBITaxon:554915	Amoebozoa	amoebozoans	NCBITaxon:2759
NCBITaxon:55879	Rhabditoidea		NCBITaxon:2301119
NCBITaxon:55885	Peloderinae		NCBITaxon:6243
NCBITaxon:561	Escherichia		NCBITaxon:543
NCBITaxon:562	Escherichia coli	E. coli|Escherichia/Shigella coli|大腸菌	NCBITaxon:561
NCBITaxon:5653	Kinetoplastea	kinetoplastids|kinetoplasts	NCBITaxon:33682
NCBITaxon:5654	Trypanosomatidae		NCBITaxon:2704949
NCBITaxon:5690	Trypanosoma		NCBITaxon:5654
NCBITaxon:5691	Trypanosoma brucei		NCBITaxon:39700
NCBITaxon:5782	Dictyostelium		NCBITaxon:2058185
NCBITaxon:5794	Apicomplexa	apicomplexans	NCBITaxon:33630
NCBITaxon:58023	Tracheophyta	vascular plants	NCBITaxon:3193
NCBITaxon:58024	Spermatophyta	seed plants	NCBITaxon:78536
NCBITaxon:5819	Haemosporida	haemosporidians	NCBITaxon:422676
NCBITaxon:5820	Plasmodium <genus>	Plasmodium|Plasmodium (Plasmodium)	NCBITaxon:1639119
NCBITaxon:5833	Plasmodium falciparum	malaria parasite P. falciparum	NCBITaxon:418107
NCBITaxon:6072	Eumetazoa		NCBITaxon:33208
NCBITaxon:6073	Cnidaria	cnidarians|coelenterates	NCBITaxon:6072
NCBITaxon:6101	Anthozoa	anthozoans	NCBITaxon:6073
NCBITaxon:6102	Hexacorallia		NCBITaxon:6101
NCBITaxon:6103	Actiniaria	actinians|sea anemones	NCBITaxon:6102
NCBITaxon:6231	Nematoda	nematode|nematodes|roundworm|roundworms	NCBITaxon:1206794
NCBITaxon:6236	Rhabditida		NCBITaxon:119089
NCBITaxon:6237	Caenorhabditis		NCBITaxon:55885
NCBITaxon:6239	Caenorhabditis elegans	線虫	NCBITaxon:6237
NCBITaxon:6243	Rhabditidae		NCBITaxon:55879
NCBITaxon:653685	Bacillus subtilis group		NCBITaxon:1386
NCBITaxon:6656	Arthropoda	arthropods	NCBITaxon:88770
NCBITaxon:6960	Hexapoda	hexapods	NCBITaxon:3701030
NCBITaxon:7041	Coleoptera	beetles	NCBITaxon:3701064
NCBITaxon:7065	Tenebrionidae	darkling beetles|darkling ground beetles|long-jointed beetles	NCBITaxon:71527
NCBITaxon:7069	Tribolium <beetles>	Tribolium	NCBITaxon:1304792
NCBITaxon:7070	Tribolium castaneum	red flour beetle|rust-red flour beetle	NCBITaxon:7069
NCBITaxon:71240	eudicotyledons	eudicots	NCBITaxon:1437183
NCBITaxon:71274	asterids	Asteridae	NCBITaxon:1437201
NCBITaxon:71275	rosids		NCBITaxon:1437201
NCBITaxon:7147	Diptera	flies	NCBITaxon:3701063
NCBITaxon:71527	Tenebrionoidea		NCBITaxon:41088
NCBITaxon:715989	sordariomyceta		NCBITaxon:716546
NCBITaxon:716545	saccharomyceta		NCBITaxon:4890
NCBITaxon:716546	leotiomyceta		NCBITaxon:147538
NCBITaxon:7203	Brachycera		NCBITaxon:7147
NCBITaxon:7214	Drosophilidae	pomace flies	NCBITaxon:43746
NCBITaxon:7215	Drosophila <flies,genus>	Drosophila|fruit flies|fruit fly	NCBITaxon:46877
NCBITaxon:7227	Drosophila melanogaster	fruit fly|キイロショウジョウバエ	NCBITaxon:32351
NCBITaxon:7496	Pterygota <insects>	Pterygota|winged insects	NCBITaxon:85512
NCBITaxon:7586	Echinodermata	echinoderms	NCBITaxon:33511
NCBITaxon:76071	Beloniformes	medakas, needlefish and others	NCBITaxon:1489913
NCBITaxon:7624	Echinozoa		NCBITaxon:133551
NCBITaxon:7625	Echinoidea	sea urchin|sea urchins	NCBITaxon:7624
NCBITaxon:7638	Euechinoidea		NCBITaxon:7625
NCBITaxon:7664	Strongylocentrotus		NCBITaxon:31181
NCBITaxon:766764	Debaryomycetaceae		NCBITaxon:2916678
NCBITaxon:7668	Strongylocentrotus purpuratus	purple sea urchin|purple urchin	NCBITaxon:7664
NCBITaxon:7674	Echinacea <sea urchins>	Echinacea	NCBITaxon:7638
NCBITaxon:7675	Echinidea		NCBITaxon:2785018
NCBITaxon:7711	Chordata	chordates	NCBITaxon:33511
NCBITaxon:7712	Tunicata	tunicates	NCBITaxon:7711
NCBITaxon:7713	Ascidiacea	sea squirts	NCBITaxon:7712
NCBITaxon:7716	Phlebobranchia		NCBITaxon:7713
NCBITaxon:7717	Cionidae		NCBITaxon:7716
NCBITaxon:7718	Ciona		NCBITaxon:7717
NCBITaxon:7719	Ciona intestinalis	sea vase|vase tunicate|yellow sea squirt	NCBITaxon:7718
NCBITaxon:7742	Vertebrata <vertebrates>	Vertebrata|vertebrates	NCBITaxon:89593
NCBITaxon:77643	Mycobacterium tuberculosis complex	Mycobacterium complex	NCBITaxon:1763
NCBITaxon:7776	Gnathostomata <vertebrates>	Gnathostomata|jawed vertebrates	NCBITaxon:7742
NCBITaxon:78536	Euphyllophyta	euphyllophytes	NCBITaxon:58023
NCBITaxon:7898	Actinopterygii	fish|fishes|ray-finned fishes	NCBITaxon:117571
NCBITaxon:7952	Cypriniformes	carps and others	NCBITaxon:186627
NCBITaxon:7954	Danio		NCBITaxon:2743711
NCBITaxon:7955	Danio rerio	leopard danio|zebra danio|zebra fish|zebrafish|ゼブラフィッシュ	NCBITaxon:7954
NCBITaxon:8088	Oryziinae	medakas|ricefishes	NCBITaxon:47757
NCBITaxon:8089	Oryzias		NCBITaxon:8088
NCBITaxon:8090	Oryzias latipes	Japanese medaka|Japanese rice fish|medaka|メダカ	NCBITaxon:8089
NCBITaxon:8287	Sarcopterygii		NCBITaxon:117571
NCBITaxon:8292	Amphibia	amphibians	NCBITaxon:32523
NCBITaxon:83333	Escherichia coli K-12	Escherichia coli K12	NCBITaxon:562
NCBITaxon:8342	Anura	anurans|frogs|frogs & toads	NCBITaxon:41666
NCBITaxon:8352	Pipidae	pipid frogs|tongueless frogs	NCBITaxon:30319
NCBITaxon:8353	Xenopus <genus>	Xenopus	NCBITaxon:8360
NCBITaxon:8360	Xenopodinae		NCBITaxon:8352
NCBITaxon:8363	Silurana		NCBITaxon:8353
NCBITaxon:8364	Xenopus tropicalis	tropical clawed frog|western clawed frog	NCBITaxon:8363
NCBITaxon:8457	Sauropsida	sauropsids	NCBITaxon:32524
NCBITaxon:8492	Archosauria		NCBITaxon:1329799
NCBITaxon:85007	Mycobacteriales		NCBITaxon:1760
NCBITaxon:85512	Dicondylia		NCBITaxon:50557
NCBITaxon:862507	Mus <subgenus>	Mus	NCBITaxon:10088
NCBITaxon:8782	Aves	birds	NCBITaxon:436492
NCBITaxon:8825	Neognathae		NCBITaxon:8782
NCBITaxon:88770	Panarthropoda		NCBITaxon:1206794
NCBITaxon:89593	Craniata <chordates>	Craniata	NCBITaxon:7711
NCBITaxon:8976	Galliformes	landfowls	NCBITaxon:1549675
NCBITaxon:9005	Phasianidae	turkeys	NCBITaxon:8976
NCBITaxon:9030	Gallus		NCBITaxon:9072
NCBITaxon:9031	Gallus gallus	bantam|chicken|chickens|Gallus domesticus|ニワトリ	NCBITaxon:9030
NCBITaxon:9072	Phasianinae		NCBITaxon:9005
NCBITaxon:91061	Bacilli		NCBITaxon:1239
NCBITaxon:91347	Enterobacterales		NCBITaxon:1236
NCBITaxon:91561	Artiodactyla	even-toed ungulates & whales	NCBITaxon:314145
NCBITaxon:91827	Gunneridae	core eudicots|core eudicotyledons	NCBITaxon:71240
NCBITaxon:91836	malvids		NCBITaxon:71275
NCBITaxon:91888	lamiids		NCBITaxon:71274
NCBITaxon:9347	Eutheria	eutherian mammals|placental mammals|placentals	NCBITaxon:32525
NCBITaxon:9443	Primates	primate|primates	NCBITaxon:314146
NCBITaxon:9526	Catarrhini		NCBITaxon:314293
NCBITaxon:9527	Cercopithecidae	monkey|monkeys|Old World monkeys	NCBITaxon:314294
NCBITaxon:9528	Cercopithecinae		NCBITaxon:9527
NCBITaxon:9539	Macaca	macaque|macaques	NCBITaxon:9528
NCBITaxon:9544	Macaca mulatta	rhesus macaque|rhesus macaques|Rhesus monkey|rhesus monkeys	NCBITaxon:9539
NCBITaxon:9604	Hominidae	great apes	NCBITaxon:314295
NCBITaxon:9605	Homo	humans	NCBITaxon:207598
NCBITaxon:9606	Homo sapiens	human|ヒト	NCBITaxon:9605
NCBITaxon:9608	Canidae	dog, coyote, wolf, fox	NCBITaxon:379584
NCBITaxon:9611	Canis		NCBITaxon:9608
NCBITaxon:9612	Canis lupus	gray wolf|wolf	NCBITaxon:9611
NCBITaxon:9615	Canis lupus familiaris	dog|dogs	NCBITaxon:9612
NCBITaxon:980083	Camelineae		NCBITaxon:3700
NCBITaxon:9821	Suidae	boars|pigs	NCBITaxon:35497
NCBITaxon:9822	Sus		NCBITaxon:9821
NCBITaxon:9823	Sus scrofa	pig|pigs|swine|wild boar	NCBITaxon:9822
NCBITaxon:9845	Ruminantia		NCBITaxon:91561
NCBITaxon:9895	Bovidae		NCBITaxon:35500
NCBITaxon:9903	Bos	cattle	NCBITaxon:27592
NCBITaxon:9913	Bos taurus	bovine|cow|dairy cow|domestic cattle|domestic cow|ox	NCBITaxon:9903
NCBITaxon:9989	Rodentia	rodent|rodents	NCBITaxon:314147
PATO:0000001	quality
PATO:0000008	speed		PATO:0001906
PATO:0000039	direction		PATO:0001018
PATO:0000047	biological sex		PATO:0001995
PATO:0000049	intensity		PATO:0000068
PATO:0000051	morphology		PATO:0001241
PATO:0000052	shape	relational shape quality	PATO:0000051
PATO:0000068	qualitative		PATO:0000001
PATO:0000069	deviation (from_normal)		PATO:0000068
PATO:0000117	size		PATO:0000051
PATO:0000122	length		PATO:0001708
PATO:0000133	orientation	angular placement	PATO:0000140
PATO:0000140	position	location|placement|relational spatial quality	PATO:0001018
PATO:0000146	temperature		PATO:0001018
PATO:0000161	rate		PATO:0002062
PATO:0000383	female		PATO:0001894
PATO:0000384	male		PATO:0001894
PATO:0000460	abnormal		PATO:0000069
PATO:0000461	normal		PATO:0000068
PATO:0000918	volume		PATO:0001710
PATO:0001018	physical quality	relational physical quality	PATO:0001241
PATO:0001028	acceleration		PATO:0001906
PATO:0001236	process quality	quality of a process|quality of occurrent|quality of process|relational quality of occurrent	PATO:0000001
PATO:0001241	physical object quality	monadic quality of a continuant|multiply inhering quality of a physical entity|quality of a continuant|quality of a single physical entity|quality of an object|quality of continuant	PATO:0000001
PATO:0001309	duration	period	PATO:0002062
PATO:0001323	area		PATO:0001709
PATO:0001334	diameter		PATO:0001708
PATO:0001340	hermaphrodite	hermaphroditic|intersex	PATO:0001894
PATO:0001708	1-D extent	1-D size	PATO:0000117
PATO:0001709	2-D extent	2-D size	PATO:0000117
PATO:0001710	3-D extent	3D size	PATO:0000117
PATO:0001894	phenotypic sex		PATO:0000047
PATO:0001906	movement quality		PATO:0001018
PATO:0001995	organismal quality		PATO:0001241
PATO:0002062	physical quality of a process		PATO:0001236
PATO:0002242	velocity		PATO:0001906
PATO:0002326	angle		PATO:0000133
UBERON:0000001	gross anatomical part		UBERON:0000465
UBERON:0000025	tube	anatomical tube	UBERON:0004111
UBERON:0000061	anatomical structure	biological structure|connected biological structure	UBERON:0000465
UBERON:0000062	organ		UBERON:0010000
UBERON:0000178	blood	portion of blood|vertebrate blood	UBERON:0000061 UBERON:0000179
UBERON:0000179	haemolymphatic fluid		UBERON:0006314
UBERON:0000463	organism substance	body fluid or substance|body substance|portion of body substance|portion of organism substance	UBERON:0000001
UBERON:0000465	material anatomical entity		UBERON:0001062
UBERON:0000468	multicellular organism	multi-cellular organism	UBERON:0010000
UBERON:0000479	tissue	portion of tissue|tissue portion	UBERON:0010000
UBERON:0000483	epithelium	epithelial tissue|portion of epithelium	UBERON:0000479
UBERON:0000922	embryo	embryonic organism	UBERON:0000468
UBERON:0000948	heart	chambered heart|vertebrate heart	UBERON:0004120 UBERON:0005181 UBERON:0007100 UBERON:0010314
UBERON:0001017	central nervous system	CNS|systema nervosum centrale	UBERON:0004121 UBERON:0011216
UBERON:0001049	neural tube		UBERON:0003914 UBERON:0005291 UBERON:0010371 UBERON:0016879
UBERON:0001062	anatomical entity
UBERON:0002050	embryonic structure	developing embryonic structure|embryonic anatomical structure	UBERON:0005423
UBERON:0002342	neural crest	NC	UBERON:0004121 UBERON:0010316
UBERON:0002371	bone marrow	medulla ossea|medulla ossium	UBERON:0000479
UBERON:0002385	muscle tissue	muscular tissue|portion of muscle tissue|textus muscularis	UBERON:0000479 UBERON:0004120
UBERON:0003103	compound organ		UBERON:0000062
UBERON:0003914	epithelial tube	epithelial or endothelial tube	UBERON:0000025 UBERON:0000483
UBERON:0004111	anatomical conduit		UBERON:0010000
UBERON:0004120	mesoderm-derived structure	mesodermal derivative	UBERON:0000061
UBERON:0004121	ectoderm-derived structure	ectodermal deriviative	UBERON:0000061
UBERON:0005177	trunk region element	trunk organ	UBERON:0000062
UBERON:0005181	thoracic segment organ		UBERON:0005177
UBERON:0005291	embryonic tissue	portion of embryonic tissue	UBERON:0000479
UBERON:0005423	developing anatomical structure		UBERON:0000001
UBERON:0006314	bodily fluid	body fluid	UBERON:0000463
UBERON:0006598	presumptive structure	future structure|presumptive structures	UBERON:0002050
UBERON:0007100	primary circulatory organ		UBERON:0015228
UBERON:0010000	multicellular anatomical structure	multicellular structure	UBERON:0000061
UBERON:0010314	structure with developmental contribution from neural crest		UBERON:0000061
UBERON:0010316	germ layer / neural crest		UBERON:0002050 UBERON:0005291
UBERON:0010371	ecto-epithelium	ectoderm-derived epithelium	UBERON:0000483 UBERON:0004121
UBERON:0011216	organ system subdivision		UBERON:0010000
UBERON:0015228	circulatory organ	cardiac pump|heart or heart like organ	UBERON:0003103
UBERON:0016879	future central nervous system	future CNS|presumptive central nervous system	UBERON:0006598`;

/** Vocabularies that are shipped, by the prefix of their ids. */
export const shippedVocabularies = ['NCBITaxon', 'FBbi', 'CL', 'UBERON', 'GO', 'PATO', 'CMPO'] as const;

/** The shipped terms. */
export function shippedTerms(): OntologyTerm[] {
  return shipped.split('\n').map((line) => {
    const [id = '', label = '', synonyms = '', parents = ''] = line.split('\t');
    return {
      id,
      label,
      synonyms: synonyms === '' ? [] : synonyms.split('|'),
      parents: parents === '' ? [] : parents.split(' '),
      isObsolete: false,
    };
  });
}
