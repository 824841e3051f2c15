import { type Asn1, boolean, sequence, tagged, taggedBytes } from '../../../../src/pki/der.ts';
import type { Draw } from '../../../chaos/random.ts';
import { altNames, type Chain, changed, constraints, distance, dns, pick, subtree } from './chain.ts';
import { latin1, name, withExtension } from './draft.ts';
import { anyAuthority, type Deviation } from './use-deviations.ts';

const email = (text: string): Asn1 => latin1(1, text);
const uri = (text: string): Asn1 => latin1(6, text);
const ip = (hex: string): Asn1 => taggedBytes(7, Buffer.from(hex, 'hex'));
const directory = (text: string): Asn1 => tagged(4, name(text));

const DOMAINS = [
  'messaging.svc',
  '.messaging.svc',
  'svc',
  '.svc',
  '',
  'MESSAGING.svc',
  'nats.messaging.svc',
  '.nats.messaging.svc',
  'nats-0.messaging.svc',
  'a.messaging.svc',
  'other.svc',
  '.other.svc',
  'aging.svc',
  '*.messaging.svc',
  'messaging.svc.',
  'messaging..svc',
  '.',
  'mess aging.svc',
  'example.com',
  '.example.com',
];

const RANGES = [
  '7f000000ff000000', // 127.0.0.0/8
  '7f000001ffffffff', // 127.0.0.1/32
  '7f000001ff000000', // 127.0.0.1/8: bits beyond the mask
  '0a000000ff000000',
  '0a000005ff000000',
  '0000000000000000',
  '7f000000ff00ff00', // a mask with a gap
  `${'00'.repeat(32)}`,
  `${'00'.repeat(15)}01${'ff'.repeat(16)}`,
  `fd${'00'.repeat(15)}ff${'00'.repeat(15)}`,
  '7f0000', // no range at all
];
const MAILBOXES = ['ops@example.com', 'example.com', '.example.com', 'a.b@Example.com', '"x"@example.com', '@', ''];
const HOSTS = ['example.com', '.example.com', 'cluster.local', '', 'messaging.svc', '10.0.0.1'];

/**
 * Returns a domain; half of the time one that permits the names of the leaf certificate, so that some chains are
 * accepted.
 */
const domain = (draw: Draw): Asn1 => dns(draw.chance(0.5) ? pick(draw, DOMAINS.slice(0, 6)) : pick(draw, DOMAINS));
const base = (draw: Draw): Asn1 =>
  draw.oneOf([
    domain,
    domain,
    domain,
    (): Asn1 => ip(pick(draw, RANGES)),
    (): Asn1 => ip(pick(draw, RANGES)),
    (): Asn1 => email(pick(draw, MAILBOXES)),
    (): Asn1 => uri(pick(draw, HOSTS)),
    (): Asn1 => directory('x'),
  ])(draw);

const subtrees = (draw: Draw, count: number): readonly Asn1[] =>
  Array.from({ length: count }, () =>
    subtree(base(draw), ...(draw.chance(0.05) ? [distance(draw.whole(0, 1), draw.whole(0, 1))] : [])),
  );

/** Names that a leaf certificate or a CA may have in addition to its own. */
const SPARE_NAMES: readonly Asn1[] = [
  dns('messaging.svc'),
  dns('*.messaging.svc'),
  dns('a.b.messaging.svc'),
  dns('NATS.Messaging.SVC'),
  dns('localhost'),
  dns('.messaging.svc'),
  dns('messaging.svc.'),
  dns('a..svc'),
  dns('under_score.messaging.svc'),
  dns(''),
  dns('b\u00fc.svc'),
  ip('7f000001'),
  ip('0a000003'),
  ip(`${'00'.repeat(15)}01`),
  ip('00000000000000000000ffff7f000001'),
  ip('7f0000'),
  email('ops@example.com'),
  email('ops@sub.example.com'),
  email('a.b@EXAMPLE.com'),
  email('"o p"@example.com'),
  email('nobody'),
  uri('spiffe://cluster.local/ns/messaging'),
  uri('https://example.com:8443/a?b#c'),
  uri('https://EXAMPLE.com'),
  uri('https://user@example.com/'),
  uri('https://10.0.0.1/'),
  uri('https://[::1]/'),
  uri('https://a..b/'),
  uri('https://example.com:x/'),
  uri('urn:nats:0'),
  uri('/relative'),
  uri(':'),
  uri('https://%zz/'),
  uri('a b'),
  directory('y'),
  tagged(0, sequence()),
  latin1(8, '\x2a\x03'),
];

const withSpareNames = (draw: Draw, chain: Chain, index: number): Chain => {
  const spare = Array.from({ length: draw.whole(0, 2) }, () => pick(draw, SPARE_NAMES));
  const own = index === 0 ? chain.names.map(dns) : [];
  const names = [...own, ...spare];
  return names.length === own.length
    ? chain
    : changed(chain, index, (draft) =>
        withExtension(draft, altNames(names, draw.chance(0.2) ? boolean(true) : undefined)),
      );
};

const dnsConstraints: Deviation = (draw, chain) => {
  const [permitted, excluded] = [draw.whole(0, 2), draw.whole(0, 1)];
  const of = (count: number): readonly Asn1[] => Array.from({ length: count }, () => subtree(domain(draw)));
  const critical = draw.chance(0.8) ? boolean(true) : undefined;
  const bound = changed(chain, anyAuthority(draw, chain), (draft) =>
    withExtension(draft, constraints(of(permitted), of(excluded), critical)),
  );
  return withSpareNames(draw, bound, 0);
};

const mixedConstraints: Deviation = (draw, chain) => {
  const critical = draw.chance(0.6) ? boolean(true) : undefined;
  const bound = changed(chain, anyAuthority(draw, chain), (draft) =>
    withExtension(draft, constraints(subtrees(draw, draw.whole(0, 2)), subtrees(draw, draw.whole(0, 2)), critical)),
  );
  const named = withSpareNames(draw, bound, 0);
  return draw.chance(0.3) ? withSpareNames(draw, named, anyAuthority(draw, named)) : named;
};

const names: Deviation = (draw, chain) => withSpareNames(draw, chain, draw.chance(0.7) ? 0 : anyAuthority(draw, chain));

export const NAME_DEVIATIONS = {
  'DNS constraints': dnsConstraints,
  'name constraints': mixedConstraints,
  'alternative names': names,
} as const satisfies Readonly<Record<string, Deviation>>;
