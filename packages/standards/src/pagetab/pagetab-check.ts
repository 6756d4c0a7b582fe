import { defineIssues, type Issue } from '@micrarium/model';
import { isDoiField, isEmail, readDoi, readLink, readOrcid, readRor } from '../identifiers/identifiers.ts';
import { findLicence } from '../licences/licences.ts';
import { isCalendarDate, isOrcid } from '../ssbd/check.ts';
import { mendedDoi, mendedEmails } from '../ssbd/offered-fix.ts';
import type { Json } from '../json/json.ts';
import { isRecord } from '../json/json.ts';
import { linkOffer, offered, soleAssociations, titleOffer } from './pagetab-offers.ts';
import {
  allSections,
  isKind,
  type PageTabSection,
  readAttributes,
  readSection,
  valueOf,
  valuesOf,
} from './sections.ts';

/** Issues of a PageTab submission to the BioImage Archive. `where.field` leads to the section. */
export const pageTabIssue = defineIssues({
  'doi-malformed': {
    severity: 'error',
    meaning:
      'A DOI field holds something that is no DOI: the address of an article, a DOI with its beginning lost, a word.',
    hint: 'Write the DOI as 10.1234/abc or as https://doi.org/10.1234/abc.',
  },
  'email-malformed': {
    severity: 'error',
    meaning: 'An e-mail field does not hold one complete address and nothing else.',
    hint: 'Write the address alone: name@example.org.',
  },
  'pubmed-id-malformed': {
    severity: 'error',
    meaning: 'A PubMed identifier is a number; a field for it holds words, such as the state of the paper.',
    hint: 'Leave the field empty until the paper has a number.',
  },
  'publication-unidentified': {
    severity: 'error',
    meaning: 'A publication has neither a title nor a DOI.',
    hint: 'Give the title, or remove the publication until there is one.',
  },
  'association-dangling': {
    severity: 'error',
    meaning: 'A study component names a biosample, specimen or protocol by a title that no section has.',
    hint: 'Choose the section from the list; rename both or neither.',
  },
  'association-missing': {
    severity: 'error',
    meaning: 'A study component does not say what was imaged and how.',
    hint: 'Give the biosample, specimen and image acquisition of the study component.',
  },
  'analysis-unassociated': {
    severity: 'info',
    meaning: 'An image analysis is described that no study component is associated with.',
    hint: 'Associate it with the study component it was applied to, or remove it.',
  },
  'licence-unlisted': {
    severity: 'error',
    meaning: 'The licence is not spelled as the archive lists it.',
    hint: 'Choose CC0 or CC BY 4.0 from the list.',
  },
  'reference-dangling': {
    severity: 'error',
    meaning: 'A reference leads to a section that is not there.',
    hint: 'Add the section, or remove the reference.',
  },
  'link-untyped': {
    severity: 'error',
    meaning: 'A link is a DOI without https:// before it and does not say that it is a DOI, so it leads nowhere.',
    hint: 'Give the link the type “doi”.',
  },
  'link-malformed': {
    severity: 'warning',
    meaning: 'The address of a link is not one: it lacks https:// and is no DOI.',
    hint: 'Write the whole address, or the bare DOI with the type “doi”.',
  },
  'link-type-missing': {
    severity: 'info',
    meaning: 'A link does not say what it leads to; its address tells.',
    hint: 'Give the link the type that is offered.',
    example: 'A link to https://github.com/… without the type “code”.',
  },
  'sections-missing': {
    severity: 'warning',
    meaning:
      'A submission has study components and no section at all that says what was imaged, how it was prepared, or how it was imaged.',
    hint: 'Add the section and associate the study components with it.',
    example: 'A submission of an old template, which did not ask for the image acquisition.',
  },
  'reference-unmarked': {
    severity: 'error',
    meaning:
      'An author’s affiliation is the number of an organisation of the submission and is not marked as a reference to it.',
    hint: 'Mark the value as a reference (“reference”: true; in TSV the name in angle brackets).',
    example: 'Affiliation “o1” beside an organisation with the number o1: the page shows “o1”.',
  },
  'value-split': {
    severity: 'error',
    meaning: 'Several values of one field look like one text that was cut at its commas.',
    hint: 'Put the pieces together again.',
  },
  'section-type-unknown': {
    severity: 'info',
    meaning: 'A section has a type that the archive does not read.',
    hint: 'Use the name of the template.',
  },
  'section-misplaced': {
    severity: 'error',
    meaning: 'A biosample, specimen or protocol stands inside a study component; there it is not read.',
    hint: 'Put it beside the study component, give it a title, and associate the two by it.',
  },
  'section-empty': {
    severity: 'info',
    meaning: 'A section of a submission says nothing: it has no attributes.',
    hint: 'Fill the section or remove it.',
  },
  'submission-field-missing': {
    severity: 'error',
    meaning: 'A submission lacks something the archive requires.',
    hint: 'Fill the field.',
  },
  'orcid-malformed': {
    severity: 'warning',
    meaning: 'An ORCID is not well formed or its check digit is wrong.',
    hint: 'Sixteen digits in fours; copy it from the ORCID page.',
  },
  'ror-malformed': {
    severity: 'warning',
    meaning: 'A ROR identifier is not well formed or its check digits are wrong.',
    hint: 'Copy the address from ror.org.',
  },
});

/** Licences as the archive lists them. */
const listedLicences = [
  'CC0',
  'CC BY 4.0',
  'CC BY 3.0',
  'CC BY 2.0',
  'CC BY 1.0',
  'CC BY-SA 2.1 JP',
  'CC BY-NC 4.0',
  'CC BY-NC-SA 4.0',
  'CC BY-SA 4.0',
  'CC BY-ND 4.0',
  'CC BY-NC-ND 4.0',
];

const associated = [
  ['biosample', 'Biosample'],
  ['specimen', 'Specimen'],
  ['image acquisition', 'Image acquisition'],
  ['image analysis', 'Image analysis'],
  ['image correlation', 'Image correlation'],
] as const;

/** Everything a curator of the archive would have to mend in a submission. Rules: section 6.1 and 17 of the standards note. */
export function checkPageTab(document: Json): Issue[] {
  if (!isRecord(document) || !isRecord(document.section))
    return [pageTabIssue('submission-field-missing', 'There is no root section', { where: { field: 'section' } })];
  const study = readSection(document.section, 'section');
  const top = readAttributes(document.attributes);
  const isCurrent = /^BioImages\.v4$/i.test(valueOf(top, 'template') ?? '');
  const sections = allSections(study);
  return [
    ...checkRequired(study, top, isCurrent),
    ...sections.flatMap((section) => [...checkIdentifiers(section), ...checkLinks(section), ...checkSplit(section)]),
    ...checkReferences(sections),
    ...checkAssociations(study, isCurrent),
    ...checkSections(study, sections),
  ];
}

const at = (section: PageTabSection) => ({ where: { field: section.place } });

function checkRequired(study: PageTabSection, top: ReturnType<typeof readAttributes>, isCurrent: boolean): Issue[] {
  const issues: Issue[] = [];
  const lacks = (message: string, section: PageTabSection) =>
    issues.push(pageTabIssue('submission-field-missing', message, at(section)));
  if (!valueOf(study.attributes, 'title') && !valueOf(top, 'title')) lacks('The study has no title', study);
  // Templates of before asked for none.
  if (isCurrent && !valueOf(study.attributes, 'description')) lacks('The study has no description', study);
  const release = valueOf([...top, ...study.attributes], 'releasedate', 'release date');
  if (release !== undefined && !isCalendarDate(release.slice(0, 10)))
    issues.push(
      pageTabIssue('submission-field-missing', `The release date “${release.slice(0, 40)}” is not a date`, at(study)),
    );
  const licence = valueOf(study.attributes, 'license', 'licence');
  if (licence !== undefined && !listedLicences.includes(licence)) {
    const meant = findLicence(licence);
    issues.push(
      pageTabIssue('licence-unlisted', `The licence “${licence.slice(0, 80)}” is not spelled as the archive lists it`, {
        ...at(study),
        ...(meant ? offered(meant.spdx === 'CC0-1.0' ? 'CC0' : meant.name) : {}),
      }),
    );
  }
  if (!isCurrent) return issues;
  if (licence === undefined) lacks('The study has no licence', study);
  if (valuesOf(study.attributes, 'keywords', 'keyword').length === 0) lacks('The study has no keywords', study);
  for (const [kind, ...needed] of requiredInside)
    for (const section of study.sections.filter((one) => isKind(one, kind)))
      for (const [label, ...names] of needed)
        if (!valueOf(section.attributes, ...names) && !section.sections.some((inner) => isKind(inner, ...names)))
          lacks(`${section.type} “${titleOf(section)}” has no ${label}`, section);
  return issues;
}

type Needed = readonly [label: string, ...names: string[]];
const title: Needed = ['title', 'title'];
const requiredInside: readonly (readonly [kind: string, ...needed: Needed[]])[] = [
  ['author', ['name', 'name'], ['affiliation', 'affiliation']],
  ['organisation', ['name', 'name']],
  ['biosample', title, ['organism', 'organism'], ['biological entity', 'biological entity']],
  ['specimen', title, ['sample preparation protocol', 'sample preparation protocol']],
  [
    'image acquisition',
    title,
    ['imaging instrument', 'imaging instrument'],
    ['image acquisition parameters', 'image acquisition parameters'],
    ['imaging method', 'imaging method'],
  ],
  ['image analysis', title],
  ['study component', ['name', 'name'], ['description', 'description'], ['file list', 'file list']],
];

const titleOf = (section: PageTabSection) => valueOf(section.attributes, 'title', 'name') ?? section.accno ?? '';

/** States of a paper that people write where its number belongs. */
const statusWords =
  /^(pending|in (revision|press|review|preparation)|under (review|revision)|submitted|accepted|tbd|tba|n\/?a|none|preprint|unpublished)\b/i;

const saysStatus =
  'Leave the field empty and say how far the paper is in an attribute “Status”, until it has a number.';

function checkIdentifiers(section: PageTabSection): Issue[] {
  const issues: Issue[] = [];
  const { attributes } = section;
  for (const doi of valuesOf(attributes, 'doi'))
    if (!isDoiField(doi)) {
      const read = readDoi(doi);
      issues.push(
        pageTabIssue(
          'doi-malformed',
          `${section.type}: “${doi.slice(0, 100)}” is not a DOI as the field takes it${'reason' in read ? `: ${read.reason}` : ''}`,
          { ...at(section), ...(statusWords.test(doi) ? { hint: saysStatus } : offered(mendedDoi(doi))) },
        ),
      );
    }
  for (const email of valuesOf(attributes, 'e-mail', 'email'))
    if (!isEmail(email) || /(.{6,})\1/.test(email))
      issues.push(
        pageTabIssue('email-malformed', `“${email.slice(0, 100)}” is not one complete e-mail address`, {
          ...at(section),
          ...offered(mendedEmails(email)),
        }),
      );
  for (const id of valuesOf(attributes, 'pubmed id', 'pubmedid', 'pmid'))
    if (!/^\d+$/.test(id)) {
      // Beside a good DOI the archive passes over it; the paper is known all the same.
      const isHarmless = valuesOf(attributes, 'doi').some(isDoiField) && !statusWords.test(id);
      issues.push(
        pageTabIssue('pubmed-id-malformed', `“${id.slice(0, 60)}” is not a PubMed number`, {
          ...at(section),
          ...(isHarmless ? { severity: 'info' } : statusWords.test(id) ? { hint: saysStatus } : {}),
        }),
      );
    }
  for (const orcid of valuesOf(attributes, 'orcid'))
    if (!isOrcid(readOrcid(orcid) ?? ''))
      issues.push(pageTabIssue('orcid-malformed', `“${orcid.slice(0, 60)}” is not an ORCID`, at(section)));
  for (const ror of valuesOf(attributes, 'rorid'))
    if (readRor(ror) === undefined)
      issues.push(pageTabIssue('ror-malformed', `“${ror.slice(0, 60)}” is not a ROR identifier`, at(section)));
  if (section.attributes.length === 0 && section.sections.length === 0 && section.links.length === 0)
    issues.push(
      pageTabIssue(
        'section-empty',
        `The section “${section.type}” ${section.accno ?? ''} has no attributes`,
        at(section),
      ),
    );
  if (isKind(section, 'publication') && !valueOf(attributes, 'title') && !valueOf(attributes, 'doi'))
    issues.push(pageTabIssue('publication-unidentified', 'A publication has neither title nor DOI', at(section)));
  if (isKind(section, 'annotation'))
    issues.push(
      pageTabIssue('section-type-unknown', `The section type “${section.type}” is not one the archive reads`, {
        ...at(section),
        hint: 'Name the section “Annotations”.',
      }),
    );
  return issues;
}

function checkLinks(section: PageTabSection): Issue[] {
  return section.links.flatMap(({ url, attributes, place }) => {
    const where = { where: { field: place } };
    const type = valueOf(attributes, 'type');
    if (url === '') return [pageTabIssue('link-malformed', 'A link has no address', where)];
    if (type !== undefined) return [];
    const offer = linkOffer(url);
    // With https:// before it the resolver's address works as it stands.
    if (/^((dx\.)?doi\.org\/|doi:\s*)?10\.\d{4,9}\//i.test(url))
      return [
        pageTabIssue('link-untyped', `The link “${url.slice(0, 100)}” is a DOI without the type “doi”`, {
          ...where,
          ...(url.startsWith('10.') ? {} : { hint: 'Write the bare DOI and give the link the type “doi”.' }),
          ...offer,
        }),
      ];
    if (!/^[a-z][a-z0-9+.-]*:\/\/\S+$/i.test(url))
      return [
        pageTabIssue('link-malformed', `“${url.slice(0, 100)}” is not a whole address`, {
          ...where,
          ...offer,
          // Words are no address that lacks its beginning: the link leads nowhere.
          ...(offer.offer === undefined && /\s/.test(url)
            ? { severity: 'error', hint: 'Write the address it is to lead to, or remove the link.' }
            : {}),
        }),
      ];
    const guessed = readLink(url)?.type;
    return guessed === undefined
      ? []
      : [
          pageTabIssue(
            'link-type-missing',
            `The link “${url.slice(0, 100)}” has no type; its address tells “${guessed}”`,
            {
              ...where,
              ...offer,
            },
          ),
        ];
  });
}

/** Neighbouring values of one name that only together close a bracket they open: one text cut at its commas. */
function checkSplit(section: PageTabSection): Issue[] {
  const byName = new Map<string, string[]>();
  for (const { name, value } of section.attributes) {
    const known = byName.get(name);
    if (known) known.push(value);
    else byName.set(name, [value]);
  }
  return [...byName].flatMap(([name, values]) => {
    const balance = (text: string) => (text.match(/\(/g)?.length ?? 0) - (text.match(/\)/g)?.length ?? 0);
    const opened = values.findIndex((value) => balance(value) > 0);
    const closed = values.findIndex((value, index) => index > opened && balance(value) < 0);
    if (opened < 0 || closed < 0) return [];
    return [
      pageTabIssue(
        'value-split',
        `${closed - opened + 1} values of “${name}” are pieces of one text: a bracket opens in “${values[opened]!.slice(-40)}” and closes in “${values[closed]!.slice(0, 40)}”`,
        { ...at(section), ...offered(values.slice(opened, closed + 1).join(', ')) },
      ),
    ];
  });
}

/** Kinds of sections that a submission of images cannot do without, and what stands in each. */
const neededSections = [
  ['biosample', 'Biosample', 'Title, Organism, Biological entity'],
  ['specimen', 'Specimen', 'Title, Sample preparation'],
  ['image acquisition', 'Image acquisition', 'Title, Imaging method, Imaging instrument, Image acquisition parameters'],
] as const;

/** Whole sections that nobody was asked for; each is offered with the names of what stands in it. */
function checkSections(study: PageTabSection, sections: readonly PageTabSection[]): Issue[] {
  if (!study.sections.some((one) => isKind(one, 'study component'))) return [];
  return neededSections
    .filter(([kind]) => !sections.some((one) => isKind(one, kind)))
    .map(([, type, attributes]) =>
      pageTabIssue('sections-missing', `The submission has no section “${type}”`, {
        ...at(study),
        ...offered(`a section “${type}” with ${attributes}`, true),
      }),
    );
}

function checkReferences(sections: readonly PageTabSection[]): Issue[] {
  const known = new Set(sections.flatMap(({ accno }) => accno ?? []));
  // Several in one value are taken apart by the archive.
  const isThere = (value: string) => known.has(value) || value.split(/\s*,\s*/).every((one) => known.has(one));
  const organisations = new Set(
    sections.flatMap((one) => (isKind(one, 'organisation') && one.accno !== undefined ? one.accno : [])),
  );
  const unmarked = sections.flatMap((section) =>
    section.attributes
      .filter(({ name, isReference, value }) => /^affiliation$/i.test(name) && !isReference && organisations.has(value))
      .map(({ value }) =>
        pageTabIssue(
          'reference-unmarked',
          `${section.type} “${titleOf(section)}” has the affiliation “${value.slice(0, 60)}”, which is not marked as a reference`,
          { ...at(section), offer: value },
        ),
      ),
  );
  const dangling = sections.flatMap((section) =>
    section.attributes
      .filter(({ isReference, value }) => isReference && value !== '' && !isThere(value))
      .map(({ name, value }) =>
        pageTabIssue(
          'reference-dangling',
          `${section.type} “${titleOf(section)}” refers to ${name} “${value.slice(0, 60)}”, which is not there`,
          at(section),
        ),
      ),
  );
  return [...unmarked, ...dangling];
}

/** Dangling titles that a near one is looked for: more than any real submission has. */
const mostOffers = 50;

function checkAssociations(study: PageTabSection, isCurrent: boolean): Issue[] {
  const issues: Issue[] = [];
  const components = study.sections.filter((section) => isKind(section, 'study component'));
  const titles = new Map(
    associated.map(([kind]) => [
      kind as string,
      new Set(
        allSections(study)
          .filter((one) => isKind(one, kind))
          .map((one) => valueOf(one.attributes, 'title') ?? ''),
      ),
    ]),
  );
  const used = new Map<string, Set<string>>(associated.map(([kind]) => [kind, new Set()]));
  for (const component of components) {
    const associations = component.sections.filter((one) => isKind(one, 'associations'));
    for (const one of associations)
      for (const { name, value } of one.attributes) {
        const known = titles.get(name.toLowerCase());
        if (value !== '') used.get(name.toLowerCase())?.add(value);
        if (known && value !== '' && !known.has(value))
          issues.push(
            pageTabIssue(
              'association-dangling',
              `Study component “${titleOf(component)}” names the ${name} “${value.slice(0, 100)}”, which no section has as its title`,
              { ...at(one), ...(issues.length < mostOffers ? titleOffer(value, known) : {}) },
            ),
          );
      }
    if (associations.length > 0)
      for (const inner of component.sections.filter((one) => associated.some(([kind]) => isKind(one, kind))))
        issues.push(
          pageTabIssue(
            'section-misplaced',
            `A section “${inner.type}” stands inside the study component “${titleOf(component)}”`,
            at(inner),
          ),
        );
    const nested = associated.slice(0, 3).filter(([kind]) => component.sections.some((one) => isKind(one, kind)));
    if (associations.length === 0 && (isCurrent || nested.length > 0))
      issues.push(
        pageTabIssue(
          'association-missing',
          `Study component “${titleOf(component)}” has no associations${nested.length > 0 ? '; what was imaged and how is written inside it instead' : ''}`,
          {
            ...at(component),
            ...(nested.length > 0
              ? { hint: 'Put the sections beside the study component, give each a title, and associate them by it.' }
              : soleAssociations(titles)),
          },
        ),
      );
  }
  if (components.some((component) => component.sections.some((one) => isKind(one, 'associations'))))
    for (const section of study.sections.filter((one) => isKind(one, 'image analysis'))) {
      const name = valueOf(section.attributes, 'title');
      if (name !== undefined && !used.get('image analysis')!.has(name))
        issues.push(
          pageTabIssue(
            'analysis-unassociated',
            `No study component is associated with the image analysis “${name.slice(0, 100)}”`,
            at(section),
          ),
        );
    }
  return issues;
}
