// Finds a smaller plan that still fails: leaves out faults, noise, devices, and time, one after another.

import type { Plan } from './plan.js';
import { NO_NOISE } from './plan.js';

/** Worlds tried while shrinking; each takes some tens of milliseconds. */
const TRIES_MAX = 120;

export function shrink(plan: Plan, fails: (plan: Plan) => boolean): Plan {
  let tries = 0;
  let least = plan;
  const accept = (smaller: Plan): boolean => {
    tries += 1;
    if (tries > TRIES_MAX || !fails(smaller)) return false;
    least = smaller;
    return true;
  };
  for (let isSmaller = true; isSmaller && tries < TRIES_MAX;) {
    isSmaller = simpler(least).some(accept);
  }
  return least;
}

/** Plans with one thing less, the largest steps first. */
function simpler(plan: Plan): Plan[] {
  const { faults, noise } = plan;
  const half = Math.ceil(faults.length / 2);
  const halves = faults.length < 4 ? [] : [faults.slice(0, half), faults.slice(half)];
  const withoutOne = faults.map((_, index) => faults.filter((__, other) => other !== index));
  const plans: Plan[] = [...halves, ...withoutOne].map((fewer) => ({ ...plan, faults: fewer }));
  const isNoisy = noise.loss + noise.duplication + noise.reorderMs > 0;
  if (isNoisy) plans.push({ ...plan, noise: NO_NOISE });
  if (noise.loss > 0) plans.push({ ...plan, noise: { ...noise, loss: 0 } });
  if (noise.duplication > 0) plans.push({ ...plan, noise: { ...noise, duplication: 0 } });
  if (noise.reorderMs > 0) plans.push({ ...plan, noise: { ...noise, reorderMs: 0 } });
  if (plan.liars > 0) plans.push({ ...plan, liars: 0 });
  if (plan.skewMs > 0) plans.push({ ...plan, skewMs: 0 });
  if (plan.serverNodes > 1) plans.push({ ...plan, serverNodes: 1 });
  if (plan.linkless > 0) plans.push({ ...plan, linkless: 0 });
  if (plan.amending > 0) plans.push({ ...plan, amending: 0 });
  // Without a server two have nobody to introduce them again; that is no failure.
  if (plan.devices > (plan.server === 'gone' ? 4 : 2)) plans.push({ ...plan, devices: plan.devices - 1 });
  if (plan.mesh === 'auto' && plan.server === 'there') plans.push({ ...plan, mesh: 'off' });
  return plans;
}
