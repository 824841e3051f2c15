import { describe, expect, test } from '@jest/globals';
import { FIELD_MANAGER } from '../../../../src/cluster/names.ts';
import { EXPIRY_ANNOTATION } from '../../../../src/cluster/preview.ts';
import {
  readPreview,
  readPreviews,
  recordPreview,
  removePreview,
} from '../../../../src/commands/live/preview-record.ts';
import { requirePreviewable } from '../../../../src/commands/previews/term.ts';
import { ActionError } from '../../../../src/errors/action-error.ts';
import type { KubernetesApi } from '../../../../src/kubernetes/api.ts';
import { decodeObject, type KubernetesObject } from '../../../../src/objects/object.ts';
import { liveObject } from '../../support/live-object.ts';
import { liveState } from '../../support/live-state.ts';

const PLACE = { namespace: 'messaging', name: 'nats' } as const;
const { signal } = new AbortController();
const term = (day: number) => ({ expires: new Date(Date.UTC(2026, 2, day)), holder: 'run' });

type Leases = Pick<KubernetesApi, 'get' | 'list' | 'create' | 'replace' | 'remove'>;

/**
 * Makes an API server with Leases only, which distinguishes versions; `made` once answers that another attempt made it.
 */
function leases(
  first: KubernetesObject | undefined,
  made?: KubernetesObject,
): Leases & { readonly stored: () => KubernetesObject | undefined } {
  let stored = first;
  let version = 1;
  const conflict = (reason: string) =>
    new ActionError('APPLY_CONFLICT', reason, { reason, hint: '', details: { problems: [] } });
  const written = (manifest: { readonly metadata: object }): KubernetesObject => {
    version += 1;
    const managedFields = [{ manager: FIELD_MANAGER, operation: 'Update' }];
    stored = decodeObject({
      ...manifest,
      metadata: { ...manifest.metadata, uid: 'u', resourceVersion: `${version}`, managedFields },
    });
    return stored;
  };
  return {
    stored: () => stored,
    get: async () => stored,
    list: async () => ({ objects: stored === undefined ? [] : [stored], resourceVersion: '1' }),
    create: async (manifest) => {
      stored = made ?? stored;
      if (stored !== undefined) throw conflict('AlreadyExists');
      return written(manifest);
    },
    replace: async (manifest) => {
      if (manifest.metadata.resourceVersion !== stored?.metadata.resourceVersion) throw conflict('Conflict');
      return written(manifest);
    },
    remove: async () => {
      stored = undefined;
      return true;
    },
  };
}

/** Records a preview through a client of the API server that has only the used methods. */
const record = async (api: Leases, day: number): Promise<void> => {
  await recordPreview(api, PLACE, await readPreview(api, 'messaging', 'nats', signal), term(day), signal);
};

describe('the Lease of a preview', () => {
  test('is created, found, renewed and removed', async () => {
    const api = leases(undefined);
    expect(await readPreview(api, 'messaging', 'nats', signal)).toEqual({ preview: undefined, isForeign: false });
    await record(api, 1);
    expect(await readPreviews(api, undefined, signal)).toMatchObject([
      { ...PLACE, expires: '2026-03-01T00:00:00.000Z' },
    ]);
    await record(api, 2);
    const [renewed] = await readPreviews(api, 'messaging', signal);
    expect(renewed).toMatchObject({ ...PLACE, expires: '2026-03-02T00:00:00.000Z' });
    if (renewed !== undefined) await removePreview(api, renewed, signal);
    expect(await readPreviews(api, undefined, signal)).toEqual([]);
  });

  test('is renewed if the request to create it got no response', async () => {
    const other = leases(undefined);
    await record(other, 1);
    const api = leases(undefined, other.stored());
    await record(api, 2);
    expect(api.stored()?.metadata.annotations).toEqual({ [EXPIRY_ANNOTATION]: '2026-03-02T00:00:00.000Z' });
  });

  test('is renewed if it changed since it was read', async () => {
    const api = leases(undefined);
    await record(api, 1);
    const old = await readPreview(api, 'messaging', 'nats', signal);
    await record(api, 2);
    await recordPreview(api, PLACE, old, term(3), signal);
    expect(await readPreviews(api, undefined, signal)).toMatchObject([{ expires: '2026-03-03T00:00:00.000Z' }]);
  });

  test.each([
    ['that another tool created', { managedFields: [{ manager: 'kubectl', operation: 'Update' }] }],
    ['without the preview label', {}],
  ])('is not a Lease %s, which is not overwritten', async (_, metadata) => {
    const api = leases(liveObject('Lease', 'nats-preview', metadata));
    expect(await readPreviews(api, undefined, signal)).toEqual([]);
    await expect(record(api, 1)).rejects.toMatchObject({ code: 'CHANGE_FORBIDDEN', reason: 'ForeignObjects' });
  });

  test('is not a Lease whose name differs from that of its NATS cluster', async () => {
    const api = leases(undefined);
    await record(api, 1);
    const stored = api.stored()?.raw ?? {};
    const copy = leases(decodeObject({ ...stored, metadata: { ...Object(stored['metadata']), name: 'copy' } }));
    expect(await readPreviews(copy, undefined, signal)).toEqual([]);
  });
});

describe('ttl', () => {
  const preview = { ...PLACE, uid: 'u', resourceVersion: '1', expires: '' };
  const there = liveState({ objects: new Map([['Secret/nats-config', liveObject('Secret', 'nats-config')]]) });

  test.each([
    ['creates a preview if nothing exists', 60_000, liveState(), undefined],
    ['renews a preview', 60_000, there, preview],
    ['may be left out later', undefined, there, preview],
  ])('%s', (_, ttlMs, live, found) => {
    const refused = () => requirePreviewable({ name: 'nats', ttlMs }, live, { preview: found, isForeign: false });
    expect(refused).not.toThrow();
  });

  test('is refused for a NATS cluster that was deployed without it', () => {
    const record = { preview: undefined, isForeign: false };
    expect(() => requirePreviewable({ name: 'nats', ttlMs: 60_000 }, there, record)).toThrow(
      expect.objectContaining({ code: 'CHANGE_FORBIDDEN', reason: 'NoPreview' }),
    );
  });

  const derived = { ...preview, origin: 'feature/x' };

  test.each([
    ['renews the preview of the same branch', derived, 'feature/x', 60_000],
    ['renews a preview that has no record of its branch', preview, 'feature/x', 60_000],
    ['may be left out for a name, and the preview stays', derived, 'feature-x-217d2bf5', undefined],
  ])('%s', (_, found, given, ttlMs) => {
    const record = { preview: found, isForeign: false };
    expect(() => requirePreviewable({ name: 'nats', ttlMs }, there, record, given)).not.toThrow();
  });

  test('is refused for a branch whose name equals the shortened name of another branch', () => {
    const record = { preview: derived, isForeign: false };
    expect(() => requirePreviewable({ name: 'nats', ttlMs: 60_000 }, there, record, 'feature-x-217d2bf5')).toThrow(
      expect.objectContaining({
        code: 'CHANGE_FORBIDDEN',
        reason: 'OtherPreview',
        message: expect.stringContaining('"feature/x"'),
      }),
    );
  });

  test('is refused if the Lease of the preview is foreign, before anything is written', () => {
    const record = { preview: undefined, isForeign: true };
    expect(() => requirePreviewable({ name: 'nats', ttlMs: 60_000 }, liveState(), record)).toThrow(
      expect.objectContaining({ code: 'CHANGE_FORBIDDEN', reason: 'ForeignObjects' }),
    );
  });
});
