import type { InstrumentDescription } from '@micrarium/model';

type Objective = NonNullable<InstrumentDescription['objective']>;

/**
 * What is known of the lenses behind the numbers of DeltaVision microscopes: number, numerical aperture, immersion,
 * working distance in millimeters, correction, magnification where the number does not tell it; `-` is not known.
 * Facts of the documentation of Bio-Formats, which has them from the maker.
 */
const knownLenses =
  '2001 1.15 Water; 10000 1.3 Oil - Apo; 10001 1.3 Oil; 10002 1.4 Oil 0.1 PlanApo; 10003 1.35 Oil 0.1 PlanApo; ' +
  '10004 1.3 Oil; 10005 1.35 Oil 0.1 PlanApo; 10006 1.4 Oil 0.1 PlanApo; 10007 1.4 Oil 0.13; ' +
  '10100 0.3 Air - Achromat; 10101 0.4 Air - Apo; 10102 0.3 Air; 10103 0.13 Air - - 4; 10104 0.4 Air; ' +
  '10105 0.4 Air 3.1; 10106 0.16 Air 13 PlanApo 4; 10107 0.4 Air 3.1 PlanApo; 10108 0.25 Air 9.8; ' +
  '10109 0.3 Air - PlanFluor; 10110 0.13 Air - - 4; 10111 0.08 Air - - 2; 10112 0.13 Air - - 4; ' +
  '10113 0.04 Air 5.1 PlanApo 1.25; 10114 0.08 Air 6 PlanApo 2; 10200 0.4 Air 3; 10201 0.65 Air 1.03 Apo; ' +
  '10202 0.4 Air; 10203 0.8 Oil - PlanApo; 10204 0.7 Air; 10205 0.75 Air 0.55 Apo; 10206 0.5 Air 0.55; ' +
  '10207 0.4 Air 3 Achromat; 10208 0.5 Air 0.55; 10209 0.4 Air 6.9; 10210 0.4 Air 6.9; 10400 0.55 Air 2.04; ' +
  '10401 0.85 Air 0.25; 10402 1.3 Oil 0.12; 10403 1.35 Oil 0.1; 10404 0.85 Air 0.2 PlanApo; ' +
  '10405 0.95 Air 0.14 PlanApo; 10406 1 Oil - PlanApo; 10407 0.75 Air - PlanFluor; 10408 0.6 Air 2.15; ' +
  '10409 0.6 Air 2.15; 10410 1.15 Water; 10411 0.75 Air - PlanFluor; 10412 1.34 Oil 0.1 Apo; ' +
  '10600 1.4 Oil 0.3; 10601 1.4 Oil; 10602 1.4 Oil 0.1 PlanApo; 10603 1.2 Water 0.25; 10604 1.2 Water 0.25; ' +
  '10605 0.7 Air 1.1; 10606 0.7 Air 1.1; 10607 1.4 Oil - PlanApo; 10608 1.25 Oil; 10609 1.4 Oil 0.15 PlanApo; ' +
  '10610 1.4 Oil 0.15 PlanApo; 10611 1.2 Water 0.25 PlanApo; 10612 1.42 Oil 0.15 PlanApo; ' +
  '12000 1.4 Oil 0.1 PlanApo; 12001 1.3 Oil 0.14; 12002 1.3 Oil 0.14 UV; 12003 1.4 Oil 0.13 PlanApo; ' +
  '12004 1.3 Oil 0.2; 12101 0.1 Air - PlanApo 2; 12102 0.2 Air - PlanApo 4; 12103 0.2 Air 15.7 PlanApo 4; ' +
  '12104 0.45 Air 4 PlanApo; 12105 0.3 Air 16 PlanFluor; 12106 0.5 Air 1.2 SuperFluor; 12107 0.25 Air 10.5; ' +
  '12108 0.25 Air 6.1 Achromat; 12201 0.75 Air - PlanFluor; 12203 0.45 Air 8.1 PlanFluor; 12204 0.45 Air 4.5; ' +
  '12205 0.5 Air 2.1 PlanFluor; 12401 1.3 Oil 0.16; 12402 1.3 Oil 0.22; 12403 0.75 Air; 12404 1.3 Oil 0.22; ' +
  '12405 0.95 Air - PlanApo; 12406 1 Oil 0.16; 12600 1.4 Oil 0.17; 12601 1.4 Oil 0.21 PlanApo; ' +
  '12602 1.2 Water 0.22 PlanApo; 14001 1.4 Oil 0.1 PlanApo; 14002 1.3 Oil 0.1; 14003 1.4 Oil - PlanApo; ' +
  '14004 1.3 Oil - PlanApo; 14005 1.4 Oil; 14006 1.3 Oil; 14101 0.3 Air - PlanNeofluar; 14102 0.25 Air; ' +
  '14103 0.25 Air; 14104 0.45 Air - PlanApo; 14105 0.16 Air - PlanApo 5; 14201 0.5 Air - PlanNeofluar; ' +
  '14202 0.6 Air - PlanApo; 14203 0.75 Air - PlanApo; 14204 0.75 Air - Fluar; 14301 0.8 - 0.8 PlanNeofluar 25; ' +
  '14302 0.8 - 0.8 PlanNeofluar 25; 14303 0.8 Air - PlanNeofluar 25; 14401 1.3 Oil 0.14 Fluar; ' +
  '14402 1 Oil - PlanApo; 14403 1.2 Water - Apo; 14404 0.75 Air - PlanNeofluar; ' +
  '14405 1.3 Oil 0.15 PlanNeofluar; 14406 0.6 Air; 14407 1.3 - - PlanNeofluar; 14601 1.4 Oil 0.09 PlanApo 63; ' +
  '14602 1.4 Oil 0.09 PlanApo 63; 14603 0.9 Water - - 63; 14604 1.2 Water 0.09 - 63; ' +
  '18101 0.2 Air 3.33 PlanApo 4; 18102 0.2 Air 2.883 PlanApo 2.46; 18103 0.2 Air 2.883 PlanApo 4; ' +
  '18104 0.45 Air 2.883 PlanApo 6.15; 18105 0.45 Air 2.883 PlanApo; 18106 0.1 Air 24 - 1; 18201 0.55 Air 13; ' +
  '18202 0.5 Air 13; 18204 0.45 Air 4.5; 18205 0.5 Air 2.1';

const makers: Readonly<Record<number, string>> = { 10: 'Olympus', 12: 'Nikon', 14: 'Zeiss', 16: 'Leica' };

/** The lens of a number: by the list, and by what the number itself tells (maker and magnification). */
export function lensOfNumber(number: number): Objective {
  const [, aperture, immersion, distance, correction, stated] = rowOf(number) ?? [];
  const isNumbered = number >= 10_000 && number < 20_000;
  const maker = isNumbered ? makers[Math.floor(number / 2000) * 2] : undefined;
  // The hundreds are tens of the magnification; none is 100.
  const told = isNumbered ? Math.floor((number % 1000) / 100) * 10 || 100 : undefined;
  const magnification = known(stated) ?? told;
  const [na, millimeters] = [known(aperture), known(distance)];
  const words = [
    maker,
    correction === '-' ? undefined : correction,
    magnification === undefined ? na && `NA ${na}` : `${magnification}x${na === undefined ? '' : `/${na}`}`,
    `(lens ${number})`,
  ];
  const named = words.filter(Boolean).join(' ');
  return {
    model: na === undefined && maker === undefined ? `lens ${number}` : named,
    ...(magnification === undefined ? {} : { magnification }),
    ...(na === undefined ? {} : { numericalAperture: na }),
    ...(immersion === undefined || immersion === '-' ? {} : { immersion }),
    ...(correction === undefined || correction === '-' ? {} : { correction }),
    ...(millimeters === undefined ? {} : { workingDistanceMicrometers: Math.round(millimeters * 1000) }),
  };
}

function rowOf(number: number): string[] | undefined {
  const row = knownLenses.split('; ').find((one) => one.startsWith(`${number} `));
  return row?.split(' ');
}

function known(text: string | undefined): number | undefined {
  return text === undefined || text === '-' ? undefined : Number(text);
}
