import { describe, expect, test } from '@jest/globals';
import { NATS_SERVER_VERSIONS } from '../../cluster/versions.ts';
import { checkWithServer } from '../../support/configuration-check.ts';
import { takeFreePort } from '../../support/loopback-ports.ts';
import { startNatsServer } from '../../support/nats-server.ts';
import { FIELD_BLOCKS, fieldsInSource, readOptionsSource, recordedFields } from '../../support/nats-server-fields.ts';

const SUPPORTED = NATS_SERVER_VERSIONS.filter((version) => version !== '2.9.25');
const recorded = await recordedFields();

/** Compares releases by age. */
const isRead = (since: string, version: string): boolean => since.localeCompare(version, 'en', { numeric: true }) <= 0;

test.each(SUPPORTED)('the recorded field spellings match the source of nats-server %s', async (version) => {
  const read = fieldsInSource(await readOptionsSource(version));
  for (const block of FIELD_BLOCKS) {
    const expected = [...recorded.fields[block]].filter(([, since]) => isRead(since, version));
    expect([block, ...read[block]]).toEqual([block, ...expected.map(([spellings]) => spellings).toSorted()]);
  }
});

describe('nats-server', () => {
  const blocks = ['top', 'cluster', 'tls', 'authorization'] as const;
  const spellings = blocks.flatMap((block) =>
    [...recorded.fields[block].keys()]
      .filter((group) => group.includes(' '))
      .flatMap((group) => group.split(' '))
      .map((spelling) => [block, spelling] as const),
  );

  test.each([...spellings, ['top', 'of_no_release'] as const])('accepts %s %s as a field', async (block, spelling) => {
    // This value is invalid for every field. The server reports a known field as invalid, and any other one as unknown.
    const line = `${spelling}: { of: { no: "field" } }`;
    const { accepted, output } = await checkWithServer('2.15.2', {
      text: block === 'top' ? line : `${block} { ${line} }`,
    });
    expect([accepted, output.includes(`unknown field "${spelling}"`)]).toEqual([false, spelling === 'of_no_release']);
  });

  test.each(['2.10.29', '2.15.2'] as const)(
    'reads every spelling of a field as the same field on %s',
    async (version) => {
      const [clientPort, monitorPort, clusterPort] = await Promise.all([
        takeFreePort(),
        takeFreePort(),
        takeFreePort(),
      ]);
      const configuration = [
        'net: "127.0.0.1"',
        `P\u004FRT: ${clientPort}`,
        `monitor_port: ${monitorPort}`,
        'max_conn: 77',
        `cluster { name: c, L\u0130STEN: "127.0.0.1:${clusterPort}", cluster_advertise: "127.0.0.1:1" }`,
        'authorization { username: u, pass: p }',
      ].join('\n');
      const server = await startNatsServer({ version, configuration, clientPort, monitorPort, clusterPort });
      try {
        const answer = await fetch(`http://127.0.0.1:${monitorPort}/varz`);
        expect(await answer.json()).toMatchObject({
          host: '127.0.0.1',
          port: clientPort,
          http_port: monitorPort,
          max_connections: 77,
          auth_required: true,
          cluster: { addr: '127.0.0.1', cluster_port: clusterPort },
        });
      } finally {
        await server.stop();
      }
    },
  );
});
