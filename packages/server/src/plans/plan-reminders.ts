import type { Services } from '../http/kernel.ts';
import { depositedVolumes, type PlanStudy } from './deposited-studies.ts';
import { findPlans, type KeptPlan } from './plan-store.ts';

const day = 86_400_000;
/** Days before the day of release at which one is reminded of it. */
const remindedDays = 30;

/** How a plan stands towards what was reserved for it. */
export interface PlanStanding {
  depositedBytes: number;
  overruns: ('storage' | 'date')[];
  /** Days until the day of release, where something is still to be published. */
  daysLeft?: number;
}

/** @param today YYYY-MM-DD */
export function standingOf(
  { reservation }: Pick<KeptPlan, 'reservation'>,
  studies: readonly Pick<PlanStudy, 'bytes' | 'version'>[],
  today: string,
): PlanStanding {
  const depositedBytes = studies.reduce((sum, { bytes }) => sum + bytes, 0);
  const isOpen = studies.length === 0 || studies.some(({ version }) => version === undefined);
  const overruns: PlanStanding['overruns'] = [];
  if (reservation?.bytes != null && depositedBytes > reservation.bytes) overruns.push('storage');
  const releaseOn = reservation?.releaseOn ?? undefined;
  if (isOpen && releaseOn !== undefined && releaseOn < today) overruns.push('date');
  return {
    depositedBytes,
    overruns,
    ...(isOpen && releaseOn !== undefined
      ? { daysLeft: Math.round((Date.parse(releaseOn) - Date.parse(today)) / day) }
      : {}),
  };
}

const written = (bytes: number) => `${Number((bytes / 1e9).toPrecision(3))} GB`;

/** Tells whose plan it is what a steward reserved for it. */
export async function tellOfReservation(
  { notices }: Services,
  plan: KeptPlan,
  by: { id: string; name: string },
): Promise<void> {
  const { reservation } = plan;
  if (!reservation || plan.ownerId === by.id) return;
  const what = [
    reservation.bytes === null ? undefined : written(reservation.bytes),
    reservation.releaseOn ?? undefined,
  ];
  await notices.tell([plan.ownerId], {
    kind: 'plan-reserved',
    link: `/plans/${plan.id}`,
    detail: { title: plan.title, name: by.name, what: what.filter((one) => one !== undefined).join(', ') },
  });
}

/**
 * Reminds of days of release that come within a month, or have passed, while something is not published; tells of plans
 * with more deposited than reserved. Each once, to whose plan it is; of overruns to who reserved as well.
 */
export async function remindOfPlans(services: Services, now: Date): Promise<void> {
  const { db, notices } = services;
  const reserved = await db
    .selectFrom('plan')
    .select(['id', 'reserved_by'])
    .where('reserved_at', 'is not', null)
    .execute();
  for (const { id, reserved_by: steward } of reserved) {
    const [plan] = await findPlans(db, { id });
    if (!plan?.reservation) continue;
    const { bytes, releaseOn } = plan.reservation;
    const volumes = await depositedVolumes(services, plan);
    const { depositedBytes, overruns, daysLeft } = standingOf(plan, volumes, now.toISOString().slice(0, 10));
    const link = `/plans/${id}`;
    const both = [plan.ownerId, steward ?? undefined];
    if (overruns.includes('storage')) {
      const detail = { title: plan.title, used: written(depositedBytes), reserved: written(bytes ?? 0) };
      await notices.tell(both, { kind: 'plan-over', link, detail, once: `${id} ${bytes}` });
    }
    if (releaseOn === null || daysLeft === undefined || daysLeft > remindedDays) continue;
    await notices.tell(daysLeft < 0 ? both : [plan.ownerId], {
      kind: 'plan-due',
      link,
      detail: { title: plan.title, day: releaseOn },
      once: `${id} ${releaseOn} ${daysLeft < 0 ? 'over' : 'soon'}`,
    });
  }
}
