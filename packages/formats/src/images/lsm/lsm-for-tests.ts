import { type PageToBuild, buildTiff } from '../tiff/tiff-for-tests.ts';

/** What a generated LSM holds: planes by t, z, c, each row by row. */
export interface LsmToBuild {
  width: number;
  height: number;
  z: number;
  t: number;
  c: number;
  bits: 8 | 16;
  lzw: boolean;
  /** Places of the stage, in meters; the planes of one follow those of another. */
  places?: readonly [number, number, number][];
  pixel(t: number, z: number, c: number, at: number, place: number): number;
}

const u32 = (...values: number[]): number[] =>
  values.flatMap((value) => [...new Uint8Array(Uint32Array.of(value).buffer)]);
const f64 = (...values: number[]): number[] => [...new Uint8Array(Float64Array.from(values).buffer)];
const text = (value: string): number[] => [...Buffer.from(`${value}\0`)];
const record = (code: number, type: number, bytes: number[]): number[] => [...u32(code, type, bytes.length), ...bytes];
const end = record(0xffffffff, 0, []);

/** The tree of scan information: a recording of one track, two lasers, two detectors. */
function scanInformation(): number[] {
  const light = [
    ...record(0x90000000, 0, []),
    ...record(0x90000003, 5, f64(488.00000000000006)),
    ...record(0x90000004, 4, u32(1)),
    ...end,
  ];
  const detector = (dye: string): number[] => [
    ...record(0x70000000, 0, []),
    ...record(0x7000000b, 4, u32(1)),
    ...record(0x7000000c, 2, text('PMT1')),
    ...record(0x70000009, 5, f64(112)),
    ...record(0x70000022, 5, f64(492.21109699999994)),
    ...record(0x70000023, 5, f64(550.5198710000003)),
    ...record(0x70000026, 2, text(dye)),
    ...end,
  ];
  return [
    ...record(0x10000000, 0, []),
    ...record(0x10000001, 2, text('embryo 3')),
    ...record(0x10000004, 2, text('Plan-Apochromat 63x/1.40 Oil DIC M27')),
    ...record(0x10000036, 5, f64(45_000.25)),
    ...record(0x10000047, 2, text('LSMuser2')),
    ...record(0x30000000, 0, []),
    ...record(0x50000000, 0, []),
    ...record(0x50000001, 2, text('Argon 488')),
    ...end,
    ...end,
    ...record(0x20000000, 0, []),
    ...record(0x40000000, 0, []),
    ...record(0x60000000, 0, []),
    ...detector('GFP'),
    ...detector('mCherry'),
    ...end,
    ...record(0x80000000, 0, []),
    ...light,
    ...end,
    ...end,
    ...end,
    ...end,
  ];
}

/** Builds an LSM by the public listings of its structure: a thumbnail behind every plane, samples planar. */
export function buildLsm(lsm: LsmToBuild): Uint8Array {
  const { width, height, z, t, c, bits } = lsm;
  const info = [...u32(0x0400494c, 500, width, height, z, c, t, bits / 8), ...u32(2, 2)];
  info.push(...f64(2e-7, 2e-7, 5e-7), ...f64(0, 0, 0), ...Array<number>(500 - info.length - 48).fill(0));
  const pages: PageToBuild[] = [];
  for (let place = 0; place < (lsm.places?.length ?? 1); place++)
    for (let time = 0; time < t; time++)
      for (let slice = 0; slice < z; slice++) {
        const values = Array.from({ length: width * height * c }, (_, n) =>
          lsm.pixel(time, slice, n % c, Math.floor(n / c), place),
        );
        const extra = pages.length === 0 ? [{ tag: 34412, type: 1, values: info }] : [];
        const compression = lsm.lzw ? (5 as const) : (1 as const);
        pages.push({
          width,
          height,
          samples: c,
          bits,
          planar: true,
          // Zeiss calls several channels RGB, whatever they are.
          photometric: c > 1 ? 2 : 1,
          compression,
          predictor: lsm.lzw ? (2 as const) : (1 as const),
          values,
          extra,
        });
        const reduced = [{ tag: 254, type: 4, values: [1] }];
        pages.push({
          width: 2,
          height: 2,
          samples: 3,
          bits: 8,
          values: Array<number>(12).fill(9),
          photometric: 2,
          extra: reduced,
        });
      }
  const tiff = buildTiff({ pages });
  const at = Buffer.from(tiff).indexOf(Buffer.from(info.slice(0, 8)));
  const names = [...u32(6), ...text('Ch1-1'), ...u32(6), ...text('Ch2-1')];
  const colours = u32(24 + 8 + names.length, 2, 2, 24, 32, 0);
  const blocks = {
    108: [...colours, 0, 255, 0, 0, 255, 0, 0, 0, ...names],
    124: scanInformation(),
    132: [...u32(8 + 8 * t, t), ...f64(...Array.from({ length: t }, (_, n) => 100 + 2.5 * n))],
  };
  const out = [...tiff];
  const patch = (place: number, bytes: number[]): void => bytes.forEach((byte, n) => (out[at + place + n] = byte));
  patch(112, f64(3));
  if (lsm.places) {
    patch(264, u32(lsm.places.length, 0));
    patch(376, u32(out.length));
    out.push(...u32(lsm.places.length), ...lsm.places.flatMap((place) => f64(...place)));
  }
  for (const [place, bytes] of Object.entries(blocks)) {
    patch(Number(place), u32(out.length));
    out.push(...bytes);
  }
  return Uint8Array.from(out);
}
