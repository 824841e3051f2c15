import { beforeAll, describe, expect, test } from '@jest/globals';
import { checkCa, computeCaDueDate, type WantedCa } from '../../../src/pki/ca-renewal.ts';
import type { Certificate } from '../../../src/pki/certificate.ts';
import { DAY_MS, makeAuthority, NOW } from '../support/issuance.ts';

let authority: Certificate;
beforeAll(async () => {
  authority = (await makeAuthority()).authority.certificate;
});

const later = (days: number): Date => new Date(NOW.getTime() + days * DAY_MS);
/** Returns the CA with a validity from now for this number of days. */
const lasting = (days: number): Certificate => ({ ...authority, notBefore: NOW, notAfter: later(days) });

describe('a CA is due for renewal', () => {
  test.each([
    [
      'before it would shorten the validity of a certificate that it signs',
      { lifetime: 1825, validity: 90, renewBefore: 30 },
      1735,
    ],
    ['as long before its end as certificates are renewed', { lifetime: 1825, validity: 30, renewBefore: 60 }, 1765],
    ['after two thirds of its validity at the earliest', { lifetime: 90, validity: 90, renewBefore: 30 }, 60],
    [
      'after two thirds of its validity if certificates should outlive it',
      { lifetime: 30, validity: 365, renewBefore: 365 },
      20,
    ],
  ])('%s', (_, { lifetime, validity, renewBefore }, day) => {
    const terms = { certificateValidityMs: validity * DAY_MS, renewBeforeMs: renewBefore * DAY_MS };
    expect(computeCaDueDate(lasting(lifetime), terms)).toEqual(later(day));
  });
});

describe('a CA', () => {
  const wanted: WantedCa = {
    keyAlgorithm: 'ecdsa-p256',
    now: later(1),
    certificateValidityMs: 90 * DAY_MS,
    renewBeforeMs: 30 * DAY_MS,
  };
  const verdict = (overrides: Partial<WantedCa>) => checkCa(lasting(365), { ...wanted, ...overrides });

  test('is kept from the first moment of its validity until just before it is due', () => {
    expect(verdict({ now: NOW })).toBeUndefined();
    expect(verdict({})).toBeUndefined();
    expect(verdict({ now: new Date(later(275).getTime() - 1) })).toBeUndefined();
  });

  const rows: readonly (readonly [string, Partial<WantedCa>, string, string])[] = [
    ['before its validity begins', { now: later(-1) }, 'NotYetValid', 'notBefore'],
    ['just before its validity begins', { now: new Date(NOW.getTime() - 1) }, 'NotYetValid', 'notBefore'],
    ['after its validity ended', { now: later(366) }, 'Expired', 'notAfter'],
    ['just after its validity ended', { now: new Date(later(365).getTime() + 1) }, 'Expired', 'notAfter'],
    ['as due, and not as expired, in its last moment', { now: later(365) }, 'Due', 'notAfter'],
    ['at the moment when it is due', { now: later(275) }, 'Due', 'notAfter'],
    ['if another key algorithm is wanted', { keyAlgorithm: 'ed25519' }, 'AlgorithmDiffers', 'keyAlgorithm'],
    [
      'with the reason Due even if its algorithm differs too',
      { now: later(275), keyAlgorithm: 'ed25519' },
      'Due',
      'notAfter',
    ],
  ];
  test.each(rows)('is replaced %s', (_, overrides, reason, field) => {
    expect(verdict(overrides)).toMatchObject({ reason, field });
  });

  test('is replaced if its key has an unsupported algorithm, which is named', () => {
    const certificate = { ...lasting(365), keyAlgorithm: undefined, keyName: 'ecdsa-secp521r1' };
    const violation = checkCa(certificate, wanted);
    expect(violation).toMatchObject({
      reason: 'AlgorithmDiffers',
      message: expect.stringContaining('ecdsa-secp521r1'),
    });
  });
});
