import type { ImageDescription, Quantity } from '@micrarium/model';

const secondsOf: Readonly<Record<string, number>> = {
  microsecond: 1e-6,
  millisecond: 1e-3,
  second: 1,
  minute: 60,
  hour: 3600,
  day: 86_400,
};

/** Time of a frame since the first: as recorded for each plane where the file says so, else by the time step. */
export function timeOfFrame(image: Pick<ImageDescription, 'planeTimes' | 'timeStep'>, t: number): Quantity | undefined {
  const recorded = image.planeTimes?.[t];
  if (recorded !== undefined) return { value: recorded, unit: 'second' };
  return image.timeStep && { value: image.timeStep.value * t, unit: image.timeStep.unit };
}

/**
 * A time as a clock writes it: `12.5 s`, `2:05 min`, `1:02:05 h`; in its own unit where that is none of time.
 * @param shortUnit short form of a unit
 */
export function timeStamp(time: Quantity, shortUnit: (unit: string) => string): string {
  const seconds = secondsOf[time.unit];
  const total = time.value * (seconds ?? 1);
  if (seconds === undefined || Math.abs(total) < 60)
    return `${Number((seconds === undefined ? time.value : total).toPrecision(4))} ${seconds === undefined ? shortUnit(time.unit) : 's'}`;
  const sign = total < 0 ? '-' : '';
  const whole = Math.round(Math.abs(total));
  const two = (value: number) => String(value).padStart(2, '0');
  const [hours, minutes, rest] = [Math.floor(whole / 3600), Math.floor(whole / 60) % 60, whole % 60];
  return hours > 0 ? `${sign}${hours}:${two(minutes)}:${two(rest)} h` : `${sign}${minutes}:${two(rest)} min`;
}
