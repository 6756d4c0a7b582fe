// Loaded into a server before anything else: its clock goes by hours wrong, as that of a machine with an empty battery does.
const hours = Number(process.env['MICRARIUM_TRIAL_CLOCK_HOURS'] ?? 0);
if (hours !== 0) {
  const RealDate = Date;
  const now = () => RealDate.now() + hours * 3_600_000;
  const Shifted = class extends RealDate {
    constructor(value: number | string | Date = now()) {
      super(value);
    }
    static override now(): number {
      return now();
    }
  };
  // Dates with parts (year, month, …) are passed through, which the class above has no type for.
  globalThis.Date = new Proxy(Shifted, {
    construct: (target, values: unknown[]) => Reflect.construct(values.length > 1 ? RealDate : target, values) as Date,
  }) as unknown as DateConstructor;
}
