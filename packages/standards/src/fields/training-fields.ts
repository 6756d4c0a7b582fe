import { truthCoverages } from '@micrarium/model';
import type { FurtherField } from './further-fields.ts';

type Row = readonly [
  id: string,
  type: FurtherField['type'],
  en: string,
  ja: string,
  helpEn: string,
  helpJa: string,
  example: string,
];

/** Kinds of annotation, the closed list of MIFA (Zulueta-Coarasa et al. 2023, schema of the BioImage Archive). */
export const annotationTypes = [
  'class_labels',
  'bounding_boxes',
  'counts',
  'derived_annotations',
  'geometrical_annotations',
  'graphs',
  'point_annotations',
  'segmentation_mask',
  'tracks',
  'weak_annotations',
  'other',
] as const;

/** What a model is taught with a training set. */
export const trainingTasks = [
  'instance segmentation',
  'semantic segmentation',
  'object detection',
  'tracking',
  'classification',
  'denoising',
  'other',
] as const;

/** Parts of a fixed split. */
export const splitParts = ['train', 'validation', 'test'] as const;

/** A part of a fixed split. */
export type SplitPart = (typeof splitParts)[number];

/** Families of measures that results are scored by. */
export const challengeMetrics = [
  'cell tracking',
  'particle tracking',
  'instance segmentation',
  'localisation',
  'classification',
] as const;

/** A family of measures that results are scored by. */
export type ChallengeMetric = (typeof challengeMetrics)[number];

const rows: readonly Row[] = [
  [
    'trainingTask',
    'text',
    'Training material for',
    '学習用途',
    'Declares the data set training material: what a model can be taught with it.',
    'このデータセットを機械学習用の教材として宣言します。何を学習させるか。',
    'instance segmentation',
  ],
  [
    'annotationType',
    'text',
    'Type of annotation',
    'アノテーションの種類',
    'What the annotation is, by the list of MIFA.',
    'MIFA の一覧によるアノテーションの種類。',
    'segmentation_mask',
  ],
  [
    'annotators',
    'text-list',
    'Annotators',
    'アノテーター',
    'Who drew the annotation: names, or how many of what expertise.',
    'アノテーションを付けた人(氏名、または人数と専門)。',
    'two cell biologists, independently',
  ],
  [
    'annotationMethod',
    'long-text',
    'Method of annotation',
    'アノテーションの方法',
    'How the annotation was made and checked: program, criteria, agreement.',
    '作成と確認の方法(プログラム、基準、一致度)。',
    'Drawn by hand in napari; disagreements settled by a third person.',
  ],
  [
    'sampleId',
    'text',
    'Sample',
    '試料の識別子',
    'Which embryo, animal, well or donor it is of. Data sets of one sample belong into one part of the split.',
    'どの胚、個体、ウェル、ドナーのものか。同じ試料のデータセットは同じ分割に入れてください。',
    'embryo 3',
  ],
  [
    'split',
    'text',
    'Part of the split',
    'データ分割',
    'The part of a fixed split the data set belongs to. Results of a challenge are scored on the test part.',
    '固定された分割のうちどの部分か。チャレンジの結果は test で採点されます。',
    'train',
  ],
  [
    'challengeMetric',
    'text',
    'Ground truth, scored as',
    '正解データの採点方法',
    'Declares the quantitative data ground truth: results of others are scored by this family of measures.',
    'この定量データを正解として宣言します。他の人の結果はこの指標群で採点されます。',
    'cell tracking',
  ],
  [
    'challengeGate',
    'text',
    'Gate of the score',
    '採点の距離しきい値',
    'For particles and localisations: how far apart two points may lie and still be the same, in the unit of the positions.',
    '粒子と局在化の場合：同一とみなす 2 点間の最大距離(座標の単位)。',
    '5',
  ],
  [
    'challengeCoverage',
    'text',
    'Ground truth covers',
    '正解データの範囲',
    'All objects of the film, only some of them, or all objects of some frames only. What lies outside of it is not held against a result.',
    '画像の全オブジェクトか、一部のオブジェクトだけか、一部のフレームの全オブジェクトか。範囲外で検出されたものは減点されません。',
    'some objects',
  ],
];

/** Fields that declare a data set training material or ground truth. All optional. */
export const trainingFields: readonly FurtherField[] = rows.map(([id, type, en, ja, helpEn, helpJa, example]) => ({
  id,
  level: 'dataset',
  group: 'data',
  type,
  ssbdName: '',
  label: { en, ja },
  help: { en: helpEn, ja: helpJa },
  example,
}));

/** Closed lists of those fields. */
export const trainingChoices: Readonly<Record<string, readonly string[]>> = {
  trainingTask: trainingTasks,
  annotationType: annotationTypes,
  split: splitParts,
  challengeMetric: challengeMetrics,
  challengeCoverage: truthCoverages,
};
