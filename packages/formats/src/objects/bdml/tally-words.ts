import type { BdmlIssueCode } from './issues.ts';

const some = (n: number, one: string, many: string) => `${n} ${n === 1 ? one : many}`;

/** Words of the issues that are counted. */
export const tallyWords: Partial<Record<BdmlIssueCode, (count: number) => string>> = {
  'bdml-version-unknown': () => 'the version is neither 0.18 nor 3.0',
  'bdml-without-data': () => 'the document holds no objects and points to none',
  'bdml-refers-elsewhere': () => 'the document names others that hold the objects and are not here',
  'bdml-series-differs': () => 'the parts of the series cannot be read as one',
  'bdml-scale-missing': (n) => `${some(n, 'scale is', 'scales are')} missing or unreadable`,
  'bdml-scale-impossible': () => 'the scales are impossible',
  'bdml-time-scale-zero': () => 'tScale is 0 although there are several times',
  'bdml-depth-dropped': (n) => `${some(n, 'shape has', 'shapes have')} a z other than 0 in planar data`,
  'bdml-sphere-in-plane': (n) => `${some(n, 'kind', 'kinds')} of spheres in planar data, read as circles`,
  'bdml-mixed-entity': (n) => `${some(n, 'kind of object has', 'kinds of object have')} several entities`,
  'bdml-unknown-object': (n) => `${some(n, 'measurement names', 'measurements name')} an object that is not declared`,
  'bdml-unknown-feature': (n) => `${some(n, 'property names', 'properties name')} a feature that is not declared`,
  'bdml-too-many-definitions': (n) => `${some(n, 'declaration is', 'declarations are')} left out`,
  'bdml-declared-twice': (n) => `${some(n, 'declaration repeats', 'declarations repeat')} a name`,
  'bdml-feature-scale': (n) => `${some(n, 'feature has', 'features have')} an unusable scale`,
  'bdml-no-geometry': (n) => `${some(n, 'measurement has', 'measurements have')} no geometry`,
  'bdml-several-measurements': (n) => `${some(n, 'component has', 'components have')} several measurements of a kind`,
  'bdml-value-unreadable': () => 'numbers or ids are missing or unreadable',
  'bdml-face-incomplete': (n) => `${some(n, 'triangle does', 'triangles do')} not have three vertices`,
  'bdml-duplicate-id': (n) => `${some(n, 'component has', 'components have')} an id that another has`,
  'bdml-dangling-link': (n) => `${some(n, 'prevID names', 'prevIDs name')} a component that is not in the document`,
  'bdml-link-between-kinds': (n) => `${some(n, 'prevID joins', 'prevIDs join')} objects of different kinds`,
  'bdml-link-direction': (n) => `${some(n, 'prevID does', 'prevIDs do')} not name an earlier component`,
  'bdml-link-repeated': (n) => `${some(n, 'prevID repeats', 'prevIDs repeat')} another`,
  'bdml-component-empty': (n) => `${some(n, 'component has', 'components have')} no measurement`,
  'bdml-shape-incomplete': (n) => `${some(n, 'shape lacks', 'shapes lack')} a part`,
  'bdml-unit-unknown': (n) => `${some(n, 'unit is', 'units are')} not in the vocabulary`,
  'bdml-header-incomplete': () => 'required parts are missing',
};
