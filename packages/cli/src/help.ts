const overview = `micrarium: look into, check and convert microscopy images and tracking data

Usage: npx micrarium COMMAND …

Commands
  inspect PATH…     say what files are: format, objects, tracks, images, findings
  validate PATH…    say whether files are in order
  convert IN OUT    write tracks or images in another format

  npx micrarium COMMAND --help shows each with examples.

First steps
  npx micrarium inspect my-folder
  npx micrarium inspect tracks.xml --json
  npx micrarium convert tracks.xml tracks-cmso --to cmso

Data go to standard output; progress and prose go to standard error.
Exit codes: 0 good; 1 a path is missing, not recognised or has errors; 2 wrong usage; 3 stopped before a loss.`;

const inspect = `micrarium inspect PATH… [--json] [--mapping COLUMNS]

Says what each file is, from its content. A folder that is one thing (a CMSO package, an OME-Zarr image, a Cell
Tracking Challenge result, ISA-Tab …) is one item; any other folder is walked. Nothing is changed.

Options
  --json              one JSON line per item, for scripts
  --mapping COLUMNS   corrects which column of a delimited table means what: JSON, or the name of a JSON file
  --time-limit SECONDS  longest time for one item

Examples
  npx micrarium inspect film.tif tracks.xml
      one sentence per file, then its findings
  npx micrarium inspect experiment/ --json > items.jsonl
      one JSON line for every item below the folder
  npx micrarium inspect cells.csv --mapping '{"x":"Col","y":"Row","frame":"Slice","track":"Cell"}'
      reads a table whose columns were guessed wrongly

A line of JSON has: path, files (members of a set), format, formatVersion, kind, counts (objects, edges, links, tracks,
frames, splits, merges, gaps: always computed from the edges), parts, images, units, issues.`;

const validate = `micrarium validate PATH… [--json] [--mapping COLUMNS]

Says whether each item is in order: recognised, and without errors. Warnings do not make it invalid.

Examples
  npx micrarium validate dataset/
  npx micrarium validate tracks.xml --json
      {"path":"tracks.xml","format":"trackmate","valid":true,"message":"…","issues":[]}`;

const convert = `micrarium convert IN OUT [--to FORMAT] [--force] [--accept-loss] [--json]

Writes the tracks or the images of IN as OUT, completely or not at all. What the target cannot hold is said before
anything is written, and stops the conversion (exit code 3) unless --accept-loss is given.

Options
  --to FORMAT     target format; by default the extension of OUT says it
                  tracks and objects: cmso (folder), bd5, parquet (folder of tables), delimited (one CSV file of
                  objects where OUT ends in .csv or is -, else a folder of CSV tables)
                  images: ome-zarr (a folder, or one file where OUT ends in .ozx or .zip), ome-tiff, imagej-tiff
  --force         replace OUT if it exists
  --accept-loss   write even if the target cannot hold everything
  --ome-zarr-version 0.4|0.5
                  version of OME-Zarr to write; 0.5 unless said
  --mapping COLUMNS
                  corrects which column of a delimited table means what: JSON, or the name of a JSON file
  --json          answer with one JSON line: input, output, format, bytes, sha256, loss, issues

Examples
  npx micrarium convert tracks.xml tracks.parquet
  npx micrarium convert tracks.xml package --to cmso
  npx micrarium convert film.ome.tif film.zarr --ome-zarr-version 0.4
  npx micrarium convert tracks.xml - --to delimited | head
      OUT "-" is standard output, for formats of one file; the JSON answer then goes to standard error

For a folder, bytes is the sum of its files and sha256 the digest of the list "DIGEST  PATH" of them, sorted by path.`;

const serve = `micrarium serve [--data FOLDER] [--host HOST] [--port PORT]

Starts the repository on this machine and prints its address.`;

/** The help text of a command, or of the whole program. */
export function helpFor(topic: string | undefined): string {
  const topics: Readonly<Record<string, string>> = { inspect, validate, convert, serve };
  return topic !== undefined && Object.hasOwn(topics, topic) ? topics[topic]! : overview;
}
