import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { clientUrl, listRouteUrls, podHost } from '../../../src/cluster/addresses.ts';
import { clusterSpec } from '../support/cluster-spec.ts';

describe('addresses', () => {
  test('give each server the name of its own Service, without a cluster domain', () => {
    expect(podHost(clusterSpec(), 2)).toBe('nats-2.messaging.svc');
  });

  test('lead applications over TLS to the client Service, without credentials in the URL', () => {
    expect(clientUrl(clusterSpec())).toBe('tls://nats.messaging.svc:4222');
  });

  test('include one route for each server, also to itself', () => {
    expect(listRouteUrls(clusterSpec({ replicas: 2 }), { user: 'r', password: 'p' })).toEqual([
      'tls://r:p@nats-0.messaging.svc:6222',
      'tls://r:p@nats-1.messaging.svc:6222',
    ]);
  });

  test('encode any user and password of a route URL so that it decodes to the same', () => {
    const text = fc.string({ unit: 'grapheme', minLength: 1 }).filter((candidate) => candidate.isWellFormed());
    fc.assert(
      fc.property(text, text, (user, password) => {
        const [url = ''] = listRouteUrls(clusterSpec({ replicas: 1 }), { user, password });
        const parsed = new URL(url);
        expect([decodeURIComponent(parsed.username), decodeURIComponent(parsed.password)]).toEqual([user, password]);
        expect(parsed.host).toBe('nats-0.messaging.svc:6222');
      }),
    );
  });
});
