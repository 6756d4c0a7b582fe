export { ByteBudget, type PaidEntry } from './bytes/byte-budget.ts';
export * from './bytes/byte-source.ts';
export * from './bytes/file-tree.ts';
export { LoadCache } from './bytes/load-cache.ts';
export { pageBytes, PageMemory, pageMemory, type PlayedLoop } from './bytes/page-memory.ts';
export * from './bytes/sha256.ts';
export { Hdf5Attribute } from './containers/hdf5/attributes.ts';
export type { Box } from './containers/hdf5/boxes.ts';
export { Hdf5Dataset } from './containers/hdf5/dataset.ts';
export { type Hdf5CompoundMember, type Hdf5Type, typeName } from './containers/hdf5/datatype.ts';
export { Hdf5Fault, type Hdf5FaultReason, hdf5Issue, issueOfFault } from './containers/hdf5/fault.ts';
export type { Hdf5Link } from './containers/hdf5/links.ts';
export { Hdf5Node, OpenHdf5, openHdf5 } from './containers/hdf5/open-hdf5.ts';
export { type Hdf5Value, isNumeric, numbersOf } from './containers/hdf5/values.ts';
export { filesOfTar, TarError, type TarFile, tarOf } from './containers/tar/tar.ts';
export * from './containers/zip/crc32.ts';
export { leftZipEntries } from './containers/zip/left-entries.ts';
export * from './containers/zip/open-zip.ts';
export * from './containers/zip/write-zip.ts';
export * from './containers/workbook.ts';
export * from './containers/workbook-in-memory.ts';
export * from './containers/xlsx/workbook-to-write.ts';
export { writeWorkbook } from './containers/xlsx/write-workbook.ts';
export { workbookIssue } from './containers/xlsx/workbook-issues.ts';
export * from './describe-report.ts';
export { completedFrom, needsConverter } from './images/converter/needs-converter.ts';
export * from './images/image-reader.ts';
export { drawObjectLabels, type DrawnLabels, type LabelValues, type ObjectsToDraw } from './images/drawn-labels.ts';
export { keepChunks } from './images/ome-zarr/chunk-cache.ts';
export { type ChunkCodec, type ChunkDecoder, decodeChunk, setChunkDecoder } from './images/ome-zarr/chunk-decoder.ts';
export { setZstd, zstd, type ZstdCodec } from './images/ome-zarr/zstd.ts';
export { memorySink } from './images/ome-zarr/memory-sink.ts';
export {
  type CheckedVersion,
  checkOmeAttributes,
  checkOmeDocument,
  checkOmeZarr,
} from './images/ome-zarr/check-ome-zarr.ts';
export { omeZarrIssue } from './images/ome-zarr/ome-zarr-issues.ts';
export { omeZarrReader, zarrRootOf } from './images/ome-zarr/ome-zarr-reader.ts';
export { type OmeZarrOptions, omeZarrWriter, omeZarrWriterFor } from './images/ome-zarr/ome-zarr-writer.ts';
export { type RemoteFault, RemoteZarrError } from './images/ome-zarr/remote-store.ts';
export { openRemoteZarr, type RemoteChoice, type RemoteWish, type RemoteZarr } from './images/ome-zarr/remote-zarr.ts';
export { type TreeStore, treeStore } from './images/ome-zarr/tree-store.ts';
export { type PackedFile, type PackedZarr, packZarr, treeDigest } from './images/ome-zarr/pack-zarr.ts';
export { openArray } from './images/ome-zarr/zarr-level.ts';
export { encodePng } from './images/png/encode.ts';
export { channelColors } from './images/pyramid/channel-colors.ts';
export { type DisplayWindow, displayWindows } from './images/pyramid/display-window.ts';
export { planPyramid } from './images/pyramid/pyramid-plan.ts';
export { type Preview, preview } from './images/pyramid/preview.ts';
export { type Thumbnail, thumbnail } from './images/pyramid/thumbnail.ts';
export * from './inside/inside-file.ts';
export { insideNames, lookInside } from './inside/look-inside.ts';
export { nativeWithoutExport } from './recognition/beside.ts';
export * from './inspect.ts';
export * from './recognition/descriptor.ts';
export * from './recognition/find-items.ts';
export * from './recognition/format-id.ts';
export * from './recognition/item.ts';
export * from './recognition/recognise.ts';
export * from './recognition/recognition-issues.ts';
export * from './recognition/registry.ts';
export * from './register/format-register.ts';
export * from './register/format-statement.ts';
export { seenInRepositories, unseenFormats } from './recognition/unseen-formats.ts';
export * from './simulation/cells.ts';
export * from './simulation/corpus.ts';
export * from './simulation/film.ts';
export * from './simulation/trackmate-file.ts';
export * from './tracks/collect.ts';
export * from './tracks/track-reader.ts';
export { ZipEntryDamaged } from './containers/zip/zip-entry.ts';
export { isStudySheet } from './tables/study-sheet.ts';
export { tableIssue } from './tables/delimited/issues.ts';
export { type DelimitedHead, delimitedReader, readDelimitedHead } from './tables/delimited/read-delimited.ts';
export { type GuessedMapping, guessMapping, shapeKey } from './tables/delimited/mapping.ts';
export {
  type MappingFile,
  type ParsedMappings,
  type RememberedMapping,
  columnsOfMappings,
  mappingFile,
  parseMappings,
} from './tables/delimited/mapping-file.ts';
export { type KeyValues, type KnownKeys, imageKey, unknownKeys } from './tables/features/check-keys.ts';
export {
  type TableSchema,
  type TableSchemaField,
  parseDictionary,
  tableSchema,
} from './tables/features/data-dictionary.ts';
export { featureIssue } from './tables/features/feature-issues.ts';
export { type AviFilm, type OpenedAvi, openAvi } from './images/film/avi.ts';
export { type FilmFrame, type PackedFrame, packedFrame, unpackFrame } from './images/film/avi-frame.ts';
export { filmIssue } from './images/film/film-issues.ts';
export { keyOfColumn, wellName } from './tables/features/key-columns.ts';
export {
  type FeatureTableOptions,
  type WrittenFeatureTables,
  writeFeatureTables,
} from './tables/features/write-feature-tables.ts';
export { zipIssue } from './containers/zip/zip-issues.ts';
export { imageFinding, imageFindings } from './images/findings.ts';
export { Bzip2Error, bunzip2 } from './images/bzip2.ts';
export { type Inflate, InflateError, inflateByStream, setInflate } from './images/inflate.ts';
export { type OmeDocument, type OmeImage, omeXmlIssue, parseOmeXml } from './images/ome-xml/parse.ts';
export { type DescribedOmeImage, describeOmeImage } from './images/ome-xml/to-model.ts';
export { tiffReader } from './images/tiff/reader.ts';
export { findPrivateDetails, findPrivateInFile } from './metadata/private-details.ts';
export { type Erased, type Patch, strippedPieces, type Stripping } from './metadata/strip/patches.ts';
export { mayBeStripped, stripPrivate } from './metadata/strip/strip-private.ts';
export { tiffIssue } from './images/tiff/tiff-issues.ts';
export { imarisIssue } from './tracks/imaris-scene/issues.ts';
export {
  type LabelFilm,
  type OutlineImage,
  openLabelFilm,
  outlineFolder,
  outlineImages,
} from './tracks/ctc/label-film.ts';
export { cmsoIssue } from './tracks/cmso/issues.ts';
export { cmsoReader } from './tracks/cmso/read-cmso.ts';
export { type CmsoWriterOptions, createCmsoWriter } from './tracks/cmso/write-cmso.ts';
export { imagejTiffWriter, omeTiffWriter, tiffLossIssue } from './images/tiff/write.ts';
export { writeImageJHyperstack } from './images/tiff/write-imagej.ts';
export { type ImageToWrite, writeOmeTiff } from './images/tiff/write-ome.ts';
export { bd5Format } from './objects/bd5/descriptor.ts';
export { bd5Issue } from './objects/bd5/issues.ts';
export { bd5Reader } from './objects/bd5/read-bd5.ts';
export { maskIssue } from './objects/masks/mask-issues.ts';
export { type MaskChoices, maskReader } from './objects/masks/mask-reader.ts';
export { type MaskObject, type MaskReading, maskKind, maskObjects, NotAMask } from './objects/masks/mask-frames.ts';
export { type NearestLink, linkNearest } from './objects/masks/nearest-links.ts';
export { polygonMoments, traceBorderCentres, traceOutline } from './objects/masks/outline.ts';
export { bdmlFormat } from './objects/bdml/descriptor.ts';
export { bdmlIssue } from './objects/bdml/issues.ts';
export { bdmlReader } from './objects/bdml/read-bdml.ts';
export { bdmlWriterFor } from './objects/bdml/write-bdml.ts';
export { headerOfSet, trackSetReader } from './tracks/from-sets.ts';
export { parquetIssue } from './tracks/parquet/issues.ts';
export {
  openParquet,
  type ParquetChunk,
  ParquetFormatError,
  type ParquetGroup,
  type ParquetTable,
} from './tracks/parquet/open-table.ts';
export { isStoredByTime, mostOrderedRows, writeByTime } from './tracks/parquet/by-time.ts';
export { metadataKey, storedFeatures, type TableDescription, tableFiles } from './tracks/parquet/stored-tables.ts';
export { groupRows, objectGroupRows, ParquetTableWriter, type StoredColumn } from './tracks/parquet/table-writer.ts';
export { writeTrackTables, type WriteTablesOptions, type WrittenTables } from './tracks/parquet/write-tables.ts';
export { type TrackExtent, trackExtent, TrackIndex, TrackIndexer } from './tracks/track-index.ts';
export { trackmateIssue } from './tracks/trackmate/issues.ts';
export { pictureIssue } from './images/png/picture-issues.ts';
export { type CsvOptions, edgesCsv, objectsCsv } from './tracks/csv/objects-csv.ts';
export { csvIssue, csvWriter } from './tracks/csv/writer.ts';
export { bd5Writer, bd5WriterFor } from './objects/bd5/write-bd5.ts';
export { type SeriesAxis, type SeriesPattern, guessSeries } from './images/series/guess-series.ts';
export { seriesIssue } from './images/series/series-issues.ts';
export { findingsOfSet, withFindings } from './tracks/findings.ts';
export { trackFinding } from './tracks/findings-issues.ts';
export { type Loss, type LossKind, differences } from './tracks/loss/differences.ts';
export { lossInWords, lossIssue, lossReport } from './tracks/loss/report.ts';
export { departures, missingFrom } from './tracks/loss/read-back.ts';
export { type Surviving, type SurvivingColumns } from './tracks/loss/surviving.ts';
export { type Candidate, type RecognitionGrade, gradeOf, takenCandidate } from './recognition/grade.ts';
export { type DepositContext, depositFindings, nameFindings } from './images/deposit-rules/deposit-rules.ts';
export { depositRule } from './images/deposit-rules/issues.ts';
export { type JpegOptions, type JpegPicture, decodeJpeg, JpegUnreadable } from './images/jpeg/decode.ts';
export { type OmeTiffOptions } from './images/tiff/write-ome.ts';
export { type Bd5FrameCount, bd5FrameCounts } from './objects/bd5/frame-counts.ts';
export { lintBd5 } from './objects/bd5/lint-bd5.ts';
export { lintBdml } from './objects/bdml/lint-bdml.ts';
export type { FormatChecker } from './recognition/checker.ts';
export type { Gathered, Gathering } from './tracks/track-reader.ts';
export { planForDeposit } from './images/names/deposit-names.ts';
export * from './images/names/folder-levels.ts';
export * from './images/names/name-pattern.ts';
export * from './images/names/naming-rules.ts';
export { objectTableWriter } from './tracks/csv/object-table-writer.ts';
