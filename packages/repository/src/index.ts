export { bagIssue } from './bagit/bag-issues.ts';
export { checkBag, type CheckedBag } from './bagit/check-bag.ts';
export { identifiersFile, type KeptIdentifiers } from './kept-identifiers.ts';
export { bagHoldsUpTo, type BagRequest, exportBag, type PackedBag } from './bagit/export-bag.ts';
export * from './ports/archive-store.ts';
export * from './ports/blob-store.ts';
export * from './ports/derived-store.ts';
export * from './ports/image-converter.ts';
export * from './ports/job-queue.ts';
export * from './ports/study-store.ts';
export * from './ports/upload-area.ts';
export * from './access-declaration.ts';
export * from './open-parts.ts';
export * from './safe-renderings.ts';
export * from './permissions.ts';
export * from './deposit.ts';
export * from './verify-files.ts';
export * from './take-files.ts';
export { type Digested, digestsOfFile, digestsOfOpenFile, digestsOfStream, type OnBytes } from './digests/digests.ts';
export { linkOf } from './digests/small-file.ts';
export * from './side-by-side.ts';
export * from './drafts.ts';
export * from './forms.ts';
export { type ImageEntry, imageIndex, type ImageQuery } from './image-index.ts';
export * from './ingest.ts';
export { ingestIssue } from './ingest-issues.ts';
export * from './decide-privacy.ts';
export * from './strip-item.ts';
export * from './item-privacy.ts';
export * from './media-types.ts';
export { everyByte } from './byte-stream.ts';
export { digestInTurns, parseJsonInTurns } from './parse-in-turns.ts';
export { jsonPieces } from './json-pieces.ts';
export * from './pages-of-rows.ts';
export * from './other-digests.ts';
export { digestOfBytes, type RunningDigest, startDigest } from './digests/running-digest.ts';
export * from './paths.ts';
export { everyDraftItem, everyItem, isPlainItem, keptItems } from './plain-items.ts';
export * from './publish-guards.ts';
export * from './add-references.ts';
export * from './references.ts';
export * from './recognise.ts';
export * from './refusals.ts';
export * from './job-handlers.ts';
export * from './preview.ts';
export * from './preview-store.ts';
export * from './publish.ts';
export * from './rebuild.ts';
export * from './search-document.ts';
export * from './search-facets.ts';
export * from './life-of-a-study.ts';
export * from './review.ts';
export * from './review-checklist.ts';
export * from './study-states.ts';
export * from './version-changes.ts';
export * from './versions.ts';
export * from './export.ts';
export * from './export-owned.ts';
export * from './export-cmso.ts';
export { exportForms, type ExportForm, exportIssue, trackForms, type TrackForm } from './export-forms.ts';
export { type FormLosses, type KeptLoss, lossesPath, readExportLosses, type SetLosses } from './export-losses.ts';
export { type Coordinates, coordinatesOf } from './coordinates.ts';
export * from './measures.ts';
export { mostMeasuredObjects, motionFile, readMotion, type StoredMotion } from './motion.ts';
export { livesTable, pathsTable, stepsTable } from './motion-tables.ts';
export * from './objects-page.ts';
export { byTimeTable } from './time-order.ts';
export * from './challenge.ts';
export * from './score-datasets.ts';
export * from './score-results.ts';
export type { ScoredDataset, ScorePorts } from './scored-dataset.ts';
export { type ClassBalance, classBalance } from './class-balance.ts';
export { croissantOf, type CroissantUrls } from './training-croissant.ts';
export * from './training-exports.ts';
export { cocoOfMasks, labelImageOf, maskedImages, type MaskedImage, openMask } from './training-masks.ts';
export {
  exportTrainingZarr,
  trainingFolder,
  trainingFolders,
  TrainingFormsMissing,
  type TrainingPorts,
  type TrainingVersion,
  type TrainingZarrRequest,
} from './training-zarr.ts';
export * from './open-forms.ts';
