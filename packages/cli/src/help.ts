const overview = `micrarium: look into, check and convert microscopy images and tracking data

Usage: npx micrarium COMMAND …

Commands
  inspect PATH…     say what files are: format, objects, tracks, images, findings
  validate PATH…    say whether files are in order
  look FILE [PATH]  see what lies inside an HDF5 file or a Zarr hierarchy: tree, attributes, values
  names FOLDER      say what names and folders tell, and whether they keep the rules; plan new names
  convert IN OUT    write tracks or images in another format
  metadata FORM …   write a study's metadata in another standard, as methods text or citation
  vocabulary …      install, list or remove vocabularies of terms on a server's data
  measure PATH…     say how tracked objects move: speeds, displacement, directions, divisions
  score REF RESULT  say how well tracks agree with a reference, as the tracking challenges do
  sql STATEMENT     ask all public tables of a server at once
  fair URL          judge a published study as an automated FAIR assessment does: 17 metrics, 26 points
  deposit PATH…     send files to a Micrarium server, and publish them
  serve             run a server on this machine
  fixity [STUDY]    read all stored bytes again and compare digests; mend damage from a second copy
  verify [PATH…]    say whether OCFL objects, storage roots and BagIt bags are in order
  backup FOLDER     bring a backup up to date, while the server runs
  restore FOLDER    make a data folder of a backup
  rebuild           make the catalogue anew from the archived files alone
  audit WORD        verify: check the chain of the audit log; export: write it out
  dois check        compare our DOIs with what the registrar holds; --repair tells it again
  usage recount     count the uses of the last thirty days again
  citations import  take over from a file of citation events where studies were used and published

  npx micrarium COMMAND --help shows each with examples.

First steps
  npx micrarium inspect my-folder
  npx micrarium inspect tracks.xml --json
  npx micrarium convert tracks.xml tracks-cmso --to cmso

Data go to standard output; progress and prose go to standard error.
Exit codes: 0 good; 1 a path is missing, not recognised or has errors; 2 wrong usage; 3 stopped before a loss.`;

const inspect = `micrarium inspect PATH… [--json] [--map FILE] [--mapping COLUMNS]

Says what each file is, from its content. A folder that is one thing (a CMSO package, an OME-Zarr image, a Cell
Tracking Challenge result, ISA-Tab …) is one item; any other folder is walked. Nothing is changed.

Options
  --json              one JSON line per item, for scripts
  --map FILE          columns of delimited and Excel tables, remembered by the shape of their header (mapping.json)
  --mapping COLUMNS   corrects which column of a table means what: JSON, or the name of a JSON file; with --map as well,
                      it is remembered in that file
  --time-limit SECONDS  longest time for one item

Examples
  npx micrarium inspect film.tif tracks.xml
      one sentence per file, then its findings
  npx micrarium inspect experiment/ --json > items.jsonl
      one JSON line for every item below the folder
  npx micrarium inspect cells.csv --mapping '{"x":"Col","y":"Row","frame":"Slice","track":"Cell"}'
      reads a table whose columns were guessed wrongly; --map mapping.json after it remembers them

A line of JSON has: path, files (members of a set), format, formatVersion, recognition (grade: certain, likely or possible;
reason), kind, counts (objects, edges, links, tracks, frames, splits, merges, gaps: always computed from the edges), parts,
images, units, issues.`;

const validate = `micrarium validate PATH… [--json] [--tier archive|database] [--fix OUT] [--map FILE] [--mapping COLUMNS]

Says whether each item is in order: recognised, and without errors. Warnings do not make it invalid. BD5 and BDML are held to
all rules of their formats: tables, columns, types, units, order, and references between objects, links and features. An
OME-Zarr is held to every rule of its version.

Options
  --strict        what the specification of OME-Zarr recommends counts as what it demands
  --attributes    each PATH is a JSON document with the attributes of a group of OME-Zarr, without a store around it
  --no-exit-code  exit code 0 also where something is not valid, for programs that call this one and read its answer
  --tier TIER     what the data are for. archive (unless said): taken as they are; database: what measures and searches
                  compute with (units, times, positions, meanings of columns) weighs more
  --fix OUT       write one BD5 or BDML file again as OUT, mended as far as it says how, and say what was changed; values
                  and ids stay. --json gives "fixed": output, valid, changes, issues (what is left)
  --force         replace OUT if it exists

Examples
  npx micrarium validate dataset/
  npx micrarium validate embryo_bd5.h5 --fix mended_bd5.h5
  npx micrarium validate tracks.csv --tier database
  npx micrarium validate tracks.xml --json
      {"path":"tracks.xml","format":"trackmate","valid":true,"message":"…","issues":[]}
  ome_zarr_conformance.py zarr --exclude-strict -- npx micrarium validate --json --no-exit-code
      as the external tool of the conformance runner of OME-Zarr; "attributes" with --attributes, its strict cases with --strict`;

const convert = `micrarium convert IN OUT [--to FORMAT] [--force] [--accept-loss] [--json]

Writes the tracks or the images of IN as OUT, completely or not at all. What the target cannot hold is said before
anything is written, and stops the conversion (exit code 3) unless --accept-loss is given.

Options
  --to FORMAT     target format; by default the extension of OUT says it
                  tracks and objects: cmso, geff, parquet and ctc (folders), trackmate, bd5, bdml, napari (table and graph), delimited
                  (one CSV file of objects where OUT ends in .csv or is -, else a folder of CSV tables)
                  images: ome-zarr (a folder, or one file where OUT ends in .ozx or .zip), ome-tiff, imagej-tiff
  --force         replace OUT if it exists
  --accept-loss   write even if the target cannot hold everything
  --bdml-version 0.18|3.0
                  version of BDML to write; that of IN where it is BDML, else 0.18
  --layout full|published
                  records of BD5: in full precision, or of 64 bytes in single precision as in the published files
  --ome-zarr-version 0.4|0.5
                  version of OME-Zarr to write; 0.5 unless said
  --layout bioformats2raw
                  OME-Zarr in the layout of bioformats2raw also for one image: groups 0, 1 …, and OME/METADATA.ome.xml
  --resume        to OME-Zarr: what was written stays when the run is broken off (.NAME.unfinished), and the same command
                  goes on behind the last complete shard; the result has the same bytes
  --bioformats2raw PROGRAM
                  has bioformats2raw read images that we do not decode (VSI, OIR, ZVI, JPEG XR in CZI …); else the
                  program MICRARIUM_BIOFORMATS2RAW names. Its output is checked, then written again as asked
  --objects points|circles|outlines
                  makes objects of a mask, a binary or label image: centres, circles (in stacks spheres) of the same area,
                  or closed outlines; positions in the unit of the image, else pixels
  --link DISTANCE links the objects of following frames by nearest neighbour, not beyond this distance
  --map FILE      columns of delimited and Excel tables, remembered by the shape of their header (mapping.json)
  --mapping COLUMNS
                  corrects which column of a table means what: JSON, or the name of a JSON file
  --json          answer with one JSON line: input, output, format, bytes, sha256, loss, issues

Examples
  npx micrarium convert tracks.xml tracks.parquet
  npx micrarium convert tracks.xml package --to cmso
  npx micrarium convert embryo.bdml0.18.xml embryo_bd5.h5
  npx micrarium convert embryo_bd5.h5 embryo.xml --to bdml --bdml-version 3.0
  npx micrarium convert film.ome.tif film.zarr --ome-zarr-version 0.4
  npx micrarium convert mask.tif nuclei.h5 --to bd5 --objects circles --link 20
  npx micrarium convert tracks.xml - --to delimited | head
      OUT "-" is standard output, for formats of one file; the JSON answer then goes to standard error

For a folder, bytes is the sum of its files and sha256 the digest of the list "DIGEST  PATH" of them, sorted by path.`;

const look = `micrarium look FILE [PATH] [--from ROW] [--rows N] [--json]

Shows what lies inside an HDF5 file (.h5, .ims, .mat 7.3, .nc …) or a Zarr hierarchy (a folder, or one .zip or .ozx): the
members and attributes of a group; shape, type, packing and some rows of an array or table. Only what is shown is read.

Options
  --from ROW   first row of values, from 0
  --rows N     how many rows (20; at most 500)
  --json       one JSON line: file, format, version, details, members, page

Examples
  npx micrarium look film.ims
  npx micrarium look tracks.h5 /data/0/object/0 --rows 5
  npx micrarium look cells.zarr /0 --json | jq .details.attributes`;

const names = `micrarium names FOLDER [--pattern PATTERN] [--rules FILE] [--plan OUT] [--force] [--json]

Reads what the names of files and the levels of folders say (wells, fields, times, channels; conditions, replicates), lists
members of a series that are missing, and holds all names to rules: characters that are not allowed, spaces, names that
differ only in capitals, length. Without --pattern and --rules both are guessed. Nothing is renamed.

Options
  --pattern PATTERN  how names are made, such as '{well}_{field}_t{t}_c{c}.tif'
  --rules FILE       the template of a laboratory, as the deposit page saves it: levels, pattern and rules
  --plan OUT         writes the names that keep the rules: OUT.csv a table, OUT.sh a script that copies
  --force            replaces the file of --plan
  --json             one JSON line: files, levels, pattern, members, axes, issues, renamed

Examples
  npx micrarium names plate1/
  npx micrarium names plate1/ --pattern '{well}_s{field}_w{c}.tif' --json | jq .issues
  npx micrarium names plate1/ --rules our-lab.json --plan new-names.csv

Exit code 1 where a name breaks a rule or a member is missing; spaces alone are told, and break none.`;

const vocabulary = `micrarium vocabulary add FILE|URL [--name NAME] [--data FOLDER]
micrarium vocabulary list | remove NAME [--data FOLDER]

Installs a vocabulary beside the shipped terms: OBO, OWL (RDF/XML, Turtle, functional syntax), SKOS (Turtle), OBO Graph JSON or a table of terms, also packed (.gz).
The form then offers its terms, and a search for a wider term finds studies of narrower ones. Another file of the same name
replaces the one before. A server may run meanwhile.

Options
  --name NAME    name to install it under; else the one in the file
  --data FOLDER  the data folder of the server, as for serve
  --json         answer as JSON

Examples
  npx micrarium vocabulary add cl.obo.gz
  npx micrarium vocabulary add fbbi.owl --name fbbi
  npx micrarium vocabulary list`;

const metadata = `micrarium metadata FORM FILE… [--out PATH]
micrarium metadata FORM --server URL --study ACCESSION [--version N] | --draft ID

Writes the metadata of a study in another form: from a metadata file of any standard (PageTab, ISA, IDR, RO-Crate, DataCite,
REMBI, MIACME, maDMP, OME-XML, CITATION.cff, CodeMeta, Zenodo, our JSON, filled Excel, OpenDocument or CSV sheets, SSBD's
too), from a published version, or from a draft. What the form cannot hold is said in numbers on standard error.

  metadata list          all forms: standards, citations, texts for a paper
  metadata values FILE   the values of our form as JSON, for micrarium deposit --metadata
  metadata template archive|database OUT.xlsx [FILE…]
                         the Excel template of a tier with lists and help, empty or filled; filled sheets are read as FILE

Options
  --out PATH         write a file, or the folder of a form of several files (ISA-Tab); else standard output
  --force            replace PATH if it exists
  --token-file FILE  token for a draft; else MICRARIUM_TOKEN
  --json             what is not held, and what of the source has no field, as one JSON line on standard error

Examples
  npx micrarium metadata ro-crate submission.pagetab.tsv --out ro-crate-metadata.json
  npx micrarium metadata isa-tab --server https://micrarium.example.org --study MIC-000001 --out isa
  npx micrarium metadata methods study.json
  npx micrarium metadata values idr0026-study.txt > study.json`;

const measure = `micrarium measure PATH… [--json | --csv] [--dimensions 2|3] [--gaps keep|drop|interpolate] [--interval TIME]
       [--every N] [--along links|root-to-leaf] [--mode micrarium|trackmate|trackpy]

Measures every path (unbranched chain of detections) of tracking data by published definitions, and sums up: quality of the
tracks first, then lengths, speeds, straightness, mean squared displacement with fits, directions, divisions and cycle lengths.
What has no value is empty, never 0. Any format that inspect reads as tracks.

Options
  --json              one JSON line per set: units, n, definitions, curves and fits with their errors
  --csv               one row per path, every measure with its unit in the header
  --dimensions 2|3    3 where z is there and varies, unless said
  --gaps POLICY       steps over missing frames: keep (one long step), drop (left out), or interpolate (positions on the straight
                      line, said with the numbers); by default lengths keep and speeds drop them
  --along WHAT        a path is a link (links, unless said), or the whole line from a root to each last descendant (root-to-leaf;
                      such lines share their beginnings)
  --interval TIME     time between frames, where the file does not say it, in the file's unit of time
  --every N           measure one frame of N, to compare with films of a longer time step; says what is lost
  --mode MODE         as whom to define: micrarium (unless said); trackmate: its features of whole tracks, branches and gaps
                      included; trackpy: emsd by lag (the table of --csv) and diagonal_size. To compare with their numbers
  --resamples N       draws for the confidence intervals of means (1000; 0 for none)
  --map FILE, --mapping COLUMNS
                      columns of tables, as for inspect

Examples
  npx micrarium measure tracks.xml
  npx micrarium measure tracks.xml --csv > paths.csv
  npx micrarium measure tracks.xml --mode trackmate --csv > features.csv
  npx micrarium measure cells.csv --json | jq .fits.furth`;

const score = `micrarium score REFERENCE RESULT [--json] [--gate DISTANCE] [--ignore-extra] [--annotated WHAT]

Says how well a result agrees with a reference. Two Cell Tracking Challenge folders (label images and track table) are scored
by DET, SEG, TRA, LNK, the biological measures CT, TF, BC and CCA, and the means the benchmarks rank by. SEG takes the outlines
in the folder SEG beside the reference, else the labels of its tracks; a result whose table and label images differ has no score.
Any two other files of tracks are scored by the measures of the particle tracking challenge (alpha, beta, JSC, JSC_theta, RMSE).
Undefined is said with its reason, never 0 or 1.

Options
  --gate DISTANCE  particles: only closer points are the same, in the unit of the file (5)
  --ignore-extra   label images only: objects beside the reference are not held against the result (as for sparse sets)
  --annotated WHAT label images only: what the reference covers: all-objects, some-objects (extra objects do not
                   count, nor do measures that would count them) or some-frames (frames without a reference object are not looked at)
  --json           one JSON line with every score, the counts behind it and the version of the definitions

Examples
  npx micrarium score 01_GT/TRA 01_RES
  npx micrarium score truth.xml tracked.csv --gate 2.5 --json

Definitions: Matula et al. 2015, Ulman et al. 2017, Chenouard et al. 2014.`;

const sql = `micrarium sql STATEMENT --server URL [--json | --csv | --out FILE]

Runs one SELECT over all public tables of a server: studies, datasets, images, features, feature_values, tracks,
links, edges, objects, measures. No account is needed, and nothing can be changed. DESCRIBE VIEW tells the columns of a view.

Options
  --out FILE      all rows as a file: .csv, .ndjson, .parquet or .arrow; --force replaces it
  --json, --csv   all rows on standard output, one JSON object a line, or CSV; else a table of the first 200
  --file FILE     reads the statement from a file

Examples
  npx micrarium sql "SELECT accession, title FROM studies" --server https://micrarium.example.org
  npx micrarium sql "SELECT * FROM measures WHERE length_unit = 'micrometer'" --server http://127.0.0.1:8080 --out measures.parquet
  npx micrarium sql "DESCRIBE objects" --server http://127.0.0.1:8080 --json`;

const fair = `micrarium fair URL|DOI|ACCESSION [--server URL] [--json]

Looks at a study on the web as a program that knows nothing of it: its page, the links and metadata of that, its identifiers
and a few of its files (of each not more than a byte). Judges it by the 17 metrics of F-UJI, 26 points, and says of each what
was found, or what to do. Any repository can be judged, not only Micrarium.

Options
  --server URL    the server, where an accession is given
  --resolver URL  where DOIs are resolved (https://doi.org), for test systems of a registrar
  --json          one JSON line: asked, address, earned, possible, metrics (id, earned, possible, tests with why, advice)

Examples
  npx micrarium fair https://micrarium.example.org/studies/MIC-000001
  npx micrarium fair MIC-000001 --server http://127.0.0.1:8080 --json | jq .earned
  npx micrarium fair 10.5281/zenodo.4081213

Exit code 0 with all points, 1 where some are missing or the page cannot be read.`;

const deposit = `micrarium deposit PATH…|--from PLACE --server URL [--study ID|new] [--metadata FILE] [--publish] [--json]

Sends files and folders to a Micrarium server. Folders keep their name and tree. The SHA-256 of every file is computed here
and compared there. Stopped at any point (Ctrl-C, a lost network, a restarted server), the same command goes on where it ended
and sends only what is missing.

Options
  --server URL       the server, such as https://micrarium.example.org
  --study ID|new     an accession (opens or continues the draft of its next version), the id of a draft, or new: another
                     study; unless said, the draft that the same paths went to before, else a new study
  --metadata FILE    JSON: values by field id, {"title":"…","organism":[{"label":"…"}]}, or {"values":…,"origins":…};
                     file formats and data size are filled from the files
  --note TEXT        what changed; a second or later version needs it, and the next two
  --change KINDS     what kind of change: correction, addition, new-processing, withdrawal-of-part; several with commas
  --earlier-results HOW
                     whether results of earlier versions still hold: hold, some-do-not, do-not-hold
  --references FILE  table (commas or tabs; columns path, url, size, sha256) of files that stay where they are: the study
                     names them by https address and digest, and holds none of their bytes
  --checksums FILE   check sums as md5sum and sha256sum write them (MD5, CRC32C, SHA-256): compared here and on the server, MD5 and
                     CRC32C kept with the files in the archive
  --from PLACE       instead of paths: the server brings the files itself. PLACE is https://HOST/FILE (a file, or a text with one
                     address in each line), webdav:https://HOST/FOLDER/ (or the link of a share), s3:https://ENDPOINT/BUCKET/PREFIX,
                     or drop-folder (yours on the server). What it offers is listed; --yes brings it
  --yes              bring what --from offers; files that are there are passed over
  --from-user NAME   name at the share, or access key of the bucket; --from-region REGION of the bucket
  --from-password-file FILE
                     password, or secret key, in a file that nobody else may read; else MICRARIUM_FROM_PASSWORD
  --accept-private   publish originals with the names, paths and addresses found in them (metadata text is withheld)
  --accept-pairs     confirm every proposed pair of film and tracks; otherwise they wait on the page of the draft
  --publish          publish when everything is read; refused with the list of what is missing (exit code 1)
  --token-file FILE  file with the API token, which nobody else may read (chmod 600)
  --json             the answer as JSON on a terminal too

The token comes from MICRARIUM_TOKEN or --token-file, never from an argument, which every process could see. It needs the
scope "deposit"; make it on the account page of the server.

Examples
  MICRARIUM_TOKEN=… npx micrarium deposit experiment/ --server http://127.0.0.1:8080
  npx micrarium deposit film.tif tracks.xml --metadata study.json --accept-pairs --publish \\
    --token-file ~/.micrarium-token --server https://micrarium.example.org
  npx micrarium deposit --from webdav:https://cloud.example.org/s/AbCd1234 --yes --server https://micrarium.example.org

Answers one line of JSON: study (accession), draft, version, files (path, size, sha256, state), state (editing, published),
sent (files sent or brought by this run), missing, url; with --from also listing and import. Exit codes: 0 everything asked was done (links,
devices and files such as .DS_Store are named and left out); 1 a path is missing, a file or folder cannot be read under its name
(nothing is sent then), a file did not arrive, or publishing was refused; 2 wrong usage; 130 stopped by Ctrl-C.`;

const serve = `micrarium serve [--data FOLDER] [--host HOST] [--port PORT]

Starts the repository on this machine and prints its address. The first start makes the data folder and a database in it, and
prints a link by which the owner's account is made. Ctrl-C or SIGTERM ends it when running requests have their answers.

Options
  --data FOLDER  where everything is kept (MICRARIUM_DATA; ./data)
  --host HOST    address to listen on (MICRARIUM_HOST; 127.0.0.1, which only this machine reaches)
  --port PORT    port to listen on (MICRARIUM_PORT; 8080 or the next that is free)

Examples
  npx micrarium serve --data /srv/micrarium
  MICRARIUM_URL=https://micrarium.example.org npx micrarium serve --data /srv/micrarium

All other settings are environment variables: docs/running.md lists every one.
Exit codes: 0 stopped when asked to; 1 the start was refused, with the reason; 2 wrong usage.`;

const fixity = `micrarium fixity [STUDY] [--data FOLDER] [--older-than DAYS] [--rate MB] [--json]

Reads every stored byte again (all studies and files of drafts, or one study), compares it with its digests and checks each
object against the rules of OCFL 1.1. With MICRARIUM_COPY, a folder on another disk, the second copy is kept up to date and
read too, and what is damaged in one is mended from the other; damaged bytes are kept in quarantine/. The server may run.

Options
  --older-than DAYS  only what was last read before that, or never
  --rate MB          megabytes read in a second, at most
  --json             one JSON line: whole, units, checked, bytes, damaged, repaired, open (every file not mended)

Example
  npx micrarium fixity MIC-000001 --data /srv/micrarium

Exit codes: 0 all read and whole; 1 something is damaged, or not all was read.`;

const verify = `micrarium verify [PATH…] [--data FOLDER] [--sample N] [--json]

Says whether what lies at each path is in order, and changes nothing: an OCFL object, an OCFL storage root with all its objects
(1.0 and 1.1), or a BagIt bag (RFC 8493, and 0.93 to 0.97), as a folder or in a zip. Every byte is read and held to its digests.
Without a path it is the archive of the data folder; a study is named by its accession. Neither server nor database is needed,
and the server may run.

Options
  --sample N         of a storage root, only N objects drawn by chance
  --json             one JSON line for each: path, kind (ocfl-object, ocfl-root, bag), state (valid, warned, incomplete,
                     invalid), findings (code, path, message, severity)

Codes are those of OCFL 1.1 (E001…, W001…), for bags our own. A bag whose files are to be fetched is incomplete.

Examples
  npx micrarium verify --data /srv/micrarium --sample 100
  npx micrarium verify MIC-000001 --data /srv/micrarium
  npx micrarium verify my-bag.zip object-from-elsewhere/

Exit codes: 0 all in order; 1 warnings, or a bag that is incomplete; 2 errors, or wrong usage.`;

const backup = `micrarium backup FOLDER [--data FOLDER] [--json]

Brings a backup folder up to date: a dump of the database as of one moment, then what the archive and the drafts have that
the folder does not, each file compared with its digest on the way. The server may run. The last seven dumps are kept. The
folder holds accounts and the session secret: keep it as carefully as the server. It is laid out as a data folder, so it can
be MICRARIUM_COPY as well.

Example
  npx micrarium backup /backups/micrarium --data /srv/micrarium

Exit codes: 0 all is in the backup; 1 something could not be copied and is named, or the command was refused.`;

const restore = `micrarium restore FOLDER --data FOLDER [--lost PATH]... [--json]

Makes an empty data folder (and, with DATABASE_URL, an empty database) as it was at the moment of the backup. Every file is
compared with its digest. Uploads that were under way are asked for again. Start the server on it afterwards.

  --lost PATH  what is left of the lost machine: its data folder, its second copy (MICRARIUM_COPY), or a file of
               "micrarium audit export"; may stand several times. What was acknowledged after the backup and is lost is
               listed from it: events of the audit log, and versions that are still there. Nothing is written there.

Example
  npx micrarium restore /backups/micrarium --data /srv/restored --lost /mnt/second-copy

Exit codes: 0 all is restored; 1 something of the backup is damaged and is named, or the command was refused.`;

const rebuild = `micrarium rebuild [--data FOLDER] [--json]

Makes the catalogue of everything published anew, from the files of the archive alone: versions, files, search, accessions.
The server must be stopped. Accounts and drafts that the database still has are kept; if the database is lost, move its
folder away first: accounts and drafts then come from a backup, published studies from here.

Example
  npx micrarium rebuild --data /srv/micrarium

Exit codes: 0 made; 1 something in the archive cannot be read and is named, or the command was refused.`;

const audit = `micrarium audit verify|export [--data FOLDER] [--json]

verify computes every hash of the audit log again, looks for gaps, and compares with the heads written down day by day in
audit-heads.ndjson beside the database. export writes every event as a line of JSON, oldest first. The server may run.

Examples
  npx micrarium audit verify --data /srv/micrarium
  npx micrarium audit export --data /srv/micrarium > audit.ndjson

Exit codes: 0 whole; 1 broken.`;

const dois = `micrarium dois check [STUDY] [--repair] [--data FOLDER] [--json]

Compares every DOI of the installation, or of one study, with what the registrar holds. The server may run. What the registrar
is still to be told of is not compared.

  doi-missing    the registrar does not know the DOI
  doi-state      it is reserved, registered or findable where it should not be
  doi-url        its record leads elsewhere
  doi-target     its record is right, and the resolver leads elsewhere
  doi-metadata   its record says something else; the parts that differ are named

Options
  --repair           the server tells the registrar again of what differs, within a minute where it runs, else at its start
  --json             one JSON line: good, isWhole, checked, waiting, unanswered, different (doi, differences, isToldAgain)

Example
  npx micrarium dois check --repair --data /srv/micrarium

Settings as for the server: MICRARIUM_DATACITE_URL and what belongs to it. A running server compares every DOI once a day.
Exit codes: 0 all as it should be, or told again; 1 something differs, or the registrar did not answer for all.`;

const usage = `micrarium usage recount [--data FOLDER] [--json]

Counts the uses of published studies again, of all hours of which they are kept (thirty days): after a list of robots was named
(MICRARIUM_ROBOTS counts for what comes after it), or where figures are in doubt. The server may run.

Options
  --json             one JSON line: hours, changed, investigations and requests (before, after)

Example
  npx micrarium usage recount --data /srv/micrarium

Exit codes: 0 counted; 1 refused, with the reason.`;

const citations = `micrarium citations import FILE [--data FOLDER] [--dry-run] [--json]

Takes over from a file what others found of the public studies here: works that cite or use them, and the papers they belong to.
They stand on the page of the study beside what was reported, marked with their source and date; owners and curators may decline
them. Nothing is fetched, the server may run, and a file given twice changes nothing. FILE may be packed with gzip (.gz).

  Event Data of DataCite or Crossref   JSON as their interfaces answer it, or one document in each line
  Scholix                              JSON
  Data Citation Corpus                 CSV or JSON
  a table of your own                  columns paper (DOI) and study (DOI or accession), and if you like version, kind (reuse
                                       or primary; reuse unless said), title, source, date

A study is known by its DOI, those of its versions and data sets, its accession, and the address of its page (MICRARIUM_URL).
IsSupplementTo and its like make a primary paper; cites, references and their like make a reuse. A paper that the study itself
names as its own is left out.

Options
  --dry-run          says what would be taken over, and writes nothing
  --json             one JSON line: good, entries, added, changed, known, repeated, notTaken (how many by reason), citations,
                     unmatched (the first 1000), issues

Example
  npx micrarium citations import 2025-08-15-data-citation-corpus-01-v4.1.csv --data /srv/micrarium --dry-run

Exit codes: 0 read to its end; 1 the file is in no known form, cut, or too large.`;

/** The help text of a command, or of the whole program. */
export function helpFor(topic: string | undefined): string {
  const topics: Readonly<Record<string, string>> = {
    inspect,
    validate,
    look,
    names,
    convert,
    metadata,
    vocabulary,
    measure,
    score,
    sql,
    fair,
    deposit,
    serve,
    fixity,
    verify,
    backup,
    restore,
    rebuild,
    audit,
    dois,
    usage,
    citations,
  };
  return topic !== undefined && Object.hasOwn(topics, topic) ? topics[topic]! : overview;
}
