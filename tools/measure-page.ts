import { compatibleDefinitions, type MeasureDefinition, measureDefinitions } from '@micrarium/model';

const about = `# Measures

Every number of motion that Micrarium shows is one of these definitions, named by its id; unit, number of samples, gap policy and version travel with it. What has no value is left out, never 0 or 1.

- A *path* is an unbranched chain of detections (a link). Motility is measured per path, never over the branches of a track as if it were one. Asked for (\`pathsOf(set, { along: 'root-to-leaf' })\`, \`--along root-to-leaf\`), a path is the whole line from a root to each last descendant; such lines share their beginnings and end at merges.
- *s_i* is the step from detection i to the next, *dt_i* its duration, *k_i* the frames it spans, *r_i* a position, *L* path length, *D* net displacement, *T* duration.
- A step over more than one frame is a gap: \`keep\` takes it as one long step, \`drop\` leaves it out of the statistics of steps. Never unless asked for (\`--gaps interpolate\`, \`interpolateGaps\`), \`interpolate\` puts positions on the straight line through it; the numbers then say how many.
- Three dimensions are used where z is there and varies. Lengths and times carry the units of the file; where it says none, the result says so.
- Speed falls and straightness rises as the time between frames grows: compare only data of one interval.

**Intervals.** Means, curves that are means over paths (mean squared displacement, autocorrelations, directionality ratio, speed over time, overlap) and the fits to them have a 95 % interval over whole paths: \`interval\` beside the value, \`summary.intervals\` says how (400 bootstrap draws of paths with seed 1 up to 5,000 paths; of more the spread over paths, by the linearised ratio). A value of one path has none. In means over pairs of objects (velocity correlation, angles and separation of neighbours) a pair weighs as both of its paths do. Lengths of mean vectors are no means over paths: the order of each frame, and its mean over frames, has the spread over paths of the unit velocities along their mean direction, and begins at 0 where the Rayleigh test at 5 % does not tell the directions from none; the mean vector of all steps has it over the sums of the paths, along itself for its length and across itself for its direction. \`definitions\` names what each curve shows. Numbers of lineages are drawn by what they are counted over: rates over cells, medians over divisions or cells, correlations over pairs (200 draws where the rest has the spread).

Every set of tracks that is taken in is measured: \`/measures/ACCESSION/VERSION/ITEM\` shows the numbers with their intervals and the plots, \`GET /api/v1/studies/ACCESSION/versions/VERSION/items/ITEM/measures\` gives them as JSON, and \`content/motion-0/paths.parquet\` of the item is the table of all paths, a column for each measure, with units, definitions and versions in the metadata of the file. Beside it lie \`steps.parquet\` (every step with the objects it begins and ends at, speed, heading and turn) and \`lives.parquet\` (every cell from division to division: mother, generation, what begins and ends it, cycle length, angle and speed of its division), of sets of up to 5 million objects; what TrackMate would say of whole tracks is given out when asked for. When a definition changes, the measures are computed anew.

The page begins with the objects over time and how far the tracks are to be trusted: both are asked for at once with the page and painted before the tables. What has no value says why, also in the place of a plot. The other plots are drawn one after the other, those in sight first (\`drawing-turns.ts\`).

Below the paths stand the numbers of the whole set and of its lineages, each with what it was counted over, the standard error of fits and what was chosen (lags, radius, margin); a number without a value says why. Pairs of objects are sought within three times the distance that as many objects strewn at random would have to their nearest neighbour, in up to 20 frames. Each plot has its table, CSV and SVG, the columns named by definition and version; a click on a dot, bar, path or cell of the lineage tree shows its object cut out of the film (or its place in space), a rectangle drawn or written as numbers a gallery of many. Measures that need a choice of yours are functions: \`slidingMeasure\`, \`migrationIndices\`, \`distancesTo\`, \`anglesTo\`, \`radialVelocities\`, \`driftOf\` (with smoothing), \`withoutReference\`, \`signedTurningAngles\`, \`turningRates\`, \`fitNoisyFurth\`, \`divisionRates\`, and \`sisterAsymmetries\` and its neighbours of any feature of cells.

## Across studies

\`/explore\` sets all open sets of tracks beside each other: one or two measures, each dot a set (the mean over its paths with its 95 % interval), coloured by any field, filtered by organism, cell type, condition, method, dimensions, software, licence and year; table and CSV beneath, everything in the address. \`GET /api/v1/explore?measure=mean_speed&measure=straightness&organism=…\` is the same for programs.

- Lengths are in micrometers and times in seconds wherever they are physical. Pixels, frames, months, years and unknown units stay what they are, and sets of different units never stand in one plot.
- *Save and cite* keeps a comparison; thinned out, its numbers stand in the statement with how each set was thinned out and the versions of that and of the measures, and its page measures again.
- *Can these be compared?* names what differs between the shown sets (time between frames, dimensions, tracking software, gap policy, units, version of the definition) and shows only those that agree, when asked. Where the time between frames differs, *Thin out to this* measures the faster films on every n-th frame, in the browser, and names what each set lost and which cannot come to that step.
- Sets that are being measured, or are too large for it, stay in the list and say so. Studies under embargo or withdrawn are not there.

## Computing them

\`npx micrarium measure tracks.xml\` computes them; in a program, \`measurePaths\`, \`lagSums\`, \`directionalAutocorrelation\`, \`lineagesOf\` and their neighbours of \`@micrarium/model\` do, in browser and Node. The published examples of celltrackR, trackpy and TrackMate are met to every printed digit (\`tests/files/measures.test.ts\`).
`;

const compatible = `## As TrackMate and trackpy define them

To hold the numbers of a program against ours, the page of measures has the choice *As defined by* (\`?as=trackmate\`, \`?as=trackpy\` in its address), and \`npx micrarium measure tracks.xml --mode trackmate\` (or \`trackpy\`) the same; in a program, \`compatibleMeasures\`. Page and command compute them from positions and edges when they are asked for; they are not stored, and not what sets are compared by.

- **trackmate**: the features of whole tracks as TrackMate 8 writes them into its files: over all edges, branches and gaps included. What four files of versions 2.8 to 8 store of their tracks is met to every digit, but for the change of direction in one of 7.0.5, which wrote pi for many edges that go nearly straight on.
- **trackpy**: \`emsd\` up to 100 frames, and \`diagonal_size\` of each particle; its particles are our paths. Paths with gaps weigh as in its newest version: lags without a pair nothing, the others as much more.
`;

const head = '| id | what | unit | gaps | no value when | source | version |\n|---|---|---|---|---|---|---|';

function tableOf(definitions: readonly MeasureDefinition[]): string {
  const lines = definitions.map(({ id, title, formula, unit, gapPolicy, undefinedWhen, source, version }) =>
    [
      `\`${id}\``,
      `${title}: ${formula}`,
      unit === 'none' ? '' : unit,
      gapPolicy ?? '',
      undefinedWhen ?? '',
      source,
      String(version),
    ].join(' | '),
  );
  return `${head}\n${lines.map((line) => `| ${line} |`).join('\n')}\n`;
}

/** The page `docs/measures.md`, from the catalogue. */
export function measurePage(): string {
  const sections = ['path', 'step', 'population', 'lineage'].map((level) => {
    const rows = [...measureDefinitions.values()].filter((one) => one.level === level);
    return `## Of a ${level}\n\n${tableOf(rows)}`;
  });
  return [about, ...sections, compatible, tableOf([...compatibleDefinitions.values()])].join('\n');
}
