export type CorpusRow = {
  readonly name: string;
  readonly text: string;
  /** The keys that are not fields of nats-server. */
  readonly uses?: readonly string[];
  readonly files?: Readonly<Record<string, string>>;
};

const x = (name: string, text: string): CorpusRow => ({ name, text, uses: ['x'] });
const real = (name: string, text: string): CorpusRow => ({ name, text });

/** The configurations that every release accepts, with the same result. */
export const good: readonly CorpusRow[] = [
  real('a comment', '# nothing\n// more\nport: 4222'),
  real('separators', 'port: 4222\nhttp_port = 8222\nserver_name nats-0\n'),
  real('ends of entries', 'port: 4222, http_port: 8222; debug: true\ntrace: no // off\n'),
  real('carriage returns', 'port: 4222\r\n# x\r\ndebug: on\r\n'),
  real('braces around everything', '{\n  port: 4222\n  debug: true\n}\n'),
  real('JSON', '{"port": 4222, "cluster": {"name": "c", "port": 6222, "routes": ["nats://a:1", "nats://b:2"]}}\n'),
  real('key case', 'Port: 4222\nDEBUG: True\n'),
  real(
    'users with permissions',
    'authorization {\n  P = { publish: ["a.>", "b"], subscribe: ">" }\n  users = [\n    {user: a, password: b, permissions: $P}\n    {user: c, password: $2a$11$W2zko751KUvVy59mUTWmpOdWjpEm5qhcCZRd05GjI/sSOT.xtiHyG}\n  ]\n}\n',
  ),
  real(
    'default permissions and responses',
    'authorization {\n  default_permissions { publish: { allow: ["x"], deny: ["y.>"] } }\n  users: [ {user: a, pass: b, permissions: {allow_responses: {max: 5, expires: "1m"}}} ]\n}\n',
  ),
  real('a token', 'authorization { token: "s3cr3t", timeout: 1.5 }\n'),
  real('nkeys', 'authorization: { users: [ { nkey: UDXU4RCSJNZOIQHZNWXHXORDPRTGNJAHAHFRGZNEEJCPQTT2M7NLCNF4 } ] }\n'),
  real(
    'accounts with exports and imports',
    'accounts: {\n  A: { users: [ {user: a, password: a} ], exports: [ {stream: "pub.>"}, {service: "q", response_type: stream} ] }\n  B: { users: [ {user: b, password: b} ], imports: [ {stream: {account: A, subject: "pub.>"}, prefix: "a"}, {service: {account: A, subject: "q"}} ] }\n}\nno_auth_user: b\n',
  ),
  real(
    'a system account',
    'accounts { "$SYS" { users: [ {user: admin, password: "p w"} ] } }\nsystem_account: "$SYS"\n',
  ),
  real(
    'account limits and mappings',
    'accounts { A { jetstream: { max_mem: 1GB, max_file: 10Gi, max_streams: 10 }, mappings: { foo: bar, "a.*": [ {destination: "b.$1", weight: 50%}, {destination: "c.$1", weight: 50%} ] } } }\njetstream { store_dir: "/tmp/none", max_mem: 2G }\n',
  ),
  real(
    'jetstream',
    'jetstream: { store_dir: "/tmp/none", max_memory_store: 1GB, max_file_store: 10GB, domain: hub }\n',
  ),
  real(
    'websocket',
    'websocket {\n  port: 8080\n  no_tls: true\n  same_origin: false\n  allowed_origins: [ "https://example.com" ]\n  compression: yes\n}\n',
  ),
  real('mqtt', 'server_name: s\nmqtt { port: 1883, ack_wait: "30s", max_ack_pending: 100 }\njetstream: enabled\n'),
  real(
    'leaf nodes',
    'leafnodes {\n  port: 7422\n  authorization { user: l, password: p }\n  remotes = [ { url: "nats-leaf://u:p@hub:7422", account: "$G", deny_imports: ["x"] } ]\n}\n',
  ),
  real(
    'a gateway',
    'gateway {\n  name: east\n  listen: "0.0.0.0:7222"\n  gateways: [\n    { name: west, urls: ["nats://a:7222", "nats://b:7222"] }\n  ]\n}\n',
  ),
  real(
    'cluster with a pool and pinned accounts',
    'cluster {\n  name: c, listen: 0.0.0.0:6222\n  pool_size: 5\n  accounts: ["A", "B"]\n  compression: { mode: s2_auto, rtt_thresholds: [10ms, 50ms, 100ms] }\n}\naccounts [A, B]\n',
  ),
  real(
    'limits',
    'max_connections: 64K\nmax_payload: 8MB\nmax_control_line: 4KiB\nmax_pending: 64mb\nwrite_deadline: "10s"\nping_interval: "2m"\nmax_subscriptions: 100\n',
  ),
  real('tags', 'server_tags: ["cloud:aws", az:1]\n'),
  real('a memory resolver', 'resolver: MEMORY\nresolver_preload: {}\n'),
  real(
    'lame duck and logging',
    'lame_duck_duration: 30s\nlame_duck_grace_period: 10s\nlog_file: "/tmp/none.log"\nlogfile_size_limit: 1GB\nlogtime: false\n',
  ),
  {
    name: 'include',
    text: 'include ./auth.conf\nport: 4222\n',
    files: {
      'auth.conf': 'authorization { include "users/list.conf" }\n',
      'users/list.conf': 'users: [ {user: a, password: b} ]\n',
    },
  },
  {
    name: 'include of variables',
    text: "include 'v.conf'\nauthorization { users: $users }\n",
    files: { 'v.conf': 'P: "b"\nusers: [ {user: a, password: $P} ]\n' },
  },
  real(
    'a variable in its block and around',
    'TOP: "t"\nauthorization { IN: "i", users: [ {user: $TOP, password: $IN} ] }\n',
  ),
  x('escapes', 'x: ["\\t\\n\\r\\"\\\\\\x41\\xc3\\xa4", \\x74rue, a\\"b\n]'),
  x('single quotes', `x: ['a\\n"', 'b#c' ]`),
  x('a single quote after a word', "x: [true', $y'\nabc'\n]"),
  x('text over lines', 'x: "a\nb"'),
  x('a block of text', 'x (\n a ) b\n )\n)\n'),
  x('an empty block of text', 'x: (\n)\n'),
  x('empty values', 'x: ["", "" ]'),
  x('booleans', 'x: [TRUE, yes, On, false, No, oFF\n]'),
  x('words that are nearly booleans', 'x: [truely, "true", onn, n\n]'),
  x('integers', 'x: [0, -1, 007, 9223372036854775807, -9223372036854775808 ]'),
  x('sizes', 'x: [1k, 1K, 1kb, 1Ki, 1KiB, 1m, 1mb, 1g, 1Gi, 1t, 1TB, 1p, 1PiB, 1e, 1EiB, -2k\n]'),
  x('sizes before brackets are text', 'x: [1k]'),
  x('floats', 'x: [1.0, -0.0, 22.25, 0.000001, 123456789.125\n]'),
  x('small and large floats', 'x: [0.0000001, 1234567890123456789012345.0\n]'),
  x('dates', 'x: [2026-01-31T12:00:00Z, 0001-01-01T00:00:00Z\n]'),
  x('addresses', 'x: [127.0.0.1:4222, 1.2.3, -1.2.3.4, 1.2..:-5\n]'),
  x('words that begin with digits', 'x: [1a, 30s, 1kx, 50%, 1\\n, 1"b\n]'),
  x('brackets and separators in words', 'x: [a=b, c:d, e{f, g(h, i"j, k#l, nats://a//b\n]'),
  x('HTML and line separators', 'x: "<a href=\'b\'>&\u2028\u2029"'),
  x('characters of every plane', 'x: { "ä": "€", "😀": "\u{10ffff}", "\ufffd": 1, "\ue000": 2 }'),
  x(
    'keys of all kinds',
    `x: { "a b": 1, 'c"d': 2, "": 3, $v: 4, a.b: 5, "x:y": 6, "\n": 7, "#": 8, __proto__: 9, 12: 10, <: 11 }`,
  ),
  x('values on later lines', 'x {\n a:\n\n  1\n b\n  2\n c = \n {\n d: [\n\n 1\n ]\n}\n}'),
  x('comments everywhere', 'x: { # a\n // b\n a: 1 # c\n b: [ # d\n 1 // e\n # f\n 2 ] // g\n} # h'),
  x('trailing commas', 'x: { a: [1, 2, ], b: 3, }'),
  x('nested lists', 'x: [[1 ], [[2\n]], [] ]'),
  x('blocks without separator', 'x { y { z { a 1 } } }'),
  x('other spaces', '\u00a0x\u2003: 1'),
  x('a key twice', 'x: 1\nx: 2'),
  x('bcrypt without quotes', 'x: $2a$10$abc/def.'),
  { name: 'variables of variables', text: 'a: {b: [1 ]}\nx: {c: $a, d: $a}\ny: [$x, $a\n]', uses: ['x', 'y'] },
  {
    name: 'variable names with special characters',
    text: 'my-var: 1\na.b: 2\nü: 3\nx: [$my-var, $a.b, $ü\n]',
    uses: ['x'],
  },
  { name: 'a variable that is set again later', text: 'a: 1\nx: $a\na: 2', uses: ['a', 'x'] },
  { name: 'braces in braces', text: '{\n{ x: 1 }\n}', uses: ['x'] },
  { name: 'two groups', text: '{ x: 1 }\n{ y: 2 }', uses: ['x', 'y'] },
];

/** The configurations that every release refuses, because of their syntax. */
export const bad: readonly CorpusRow[] = [
  real('a value on the next line', 'port:\n4222\n'),
  real('a key alone', 'port\n'),
  real('a separator alone', ': 4222\n'),
  real('two values', 'port: 4222 4223\n'),
  real('text after a quote', 'server_name: "a"b\n'),
  real('an unclosed quote', 'server_name: "a\n'),
  real('an unclosed single quote', "server_name: 'a\n"),
  real('an unclosed quoted key', '"port: 4222\n'),
  real('an unknown escape', 'server_name: "a\\u0041"\n'),
  real('half an escaped byte', 'server_name: "\\x4"\n'),
  real('an unclosed block', 'cluster {\n port: 6222\n'),
  real('an unclosed list', 'server_tags: [a\n'),
  real('unclosed text', 'server_name (\n a\n'),
  real('the wrong bracket', 'cluster { port: 6222 ]\n'),
  real('a bracket in a block', 'cluster { ] }\n'),
  real('a brace in a list', 'server_tags: [a }\n'),
  real('a leading comma', 'server_tags: [, a]\n'),
  real('two commas', 'server_tags: [a,, b]\n'),
  real('a comma after a line break', 'server_tags: [a\n, b]\n'),
  real('a missing value in a block', 'cluster { port: , name: a }\n'),
  real('an integer before a bracket', 'x: [1]\ndebug: $x\n'),
  real('an integer beyond 64 bits', 'port: 9223372036854775808\n'),
  real('a date with an invalid month', 'x: 2026-13-01T00:00:00Z\ndebug: $x\n'),
  real('a date with an invalid day', 'x: 2026-02-29T00:00:00Z\ndebug: $x\n'),
  real('half a date', 'server_name: 2026-01-01\n'),
  real('a name like a date', 'server_name: 12-nats-0\n'),
  real('a number that ends with a point', 'x: 1.\ndebug: $x\n'),
  real('a number that begins with a point', 'x: .5\ndebug: $x\n'),
  real('a minus before a word', 'x: -a\ndebug: $x\n'),
  real('a negative number with a word', 'x: -1a\ndebug: $x\n'),
  real('an undefined variable', 'port: $PORT_OF_NOTHING\n'),
  real('a variable defined later', 'port: $p\np: 4222\n'),
  real('a variable of another block', 'cluster { p: 6222, port: $p }\nport: $p\n'),
  real('an include of a missing file', 'include "nowhere.conf"\n'),
  real('an include without a name', 'include\nport: 4222\n'),
  real('an include of a number', 'include 1.conf\n'),
  { name: 'an include of an invalid file', text: 'include bad.conf\n', files: { 'bad.conf': 'port: [\n' } },
  {
    name: 'an included file that uses a variable of the including file',
    text: 'p: 1\ninclude v.conf\n',
    files: { 'v.conf': 'port: $p\n' },
  },
  real('a slash at the top', '/ x\nport: 4222\n'),
  real('YAML', 'cluster:\n  port: 6222\n'),
];

/**
 * The configurations that only the action refuses: nats-server accepts them, but silently drops a part of the content.
 */
export const strict: readonly CorpusRow[] = [
  x('a stray brace', 'x: 1 }'),
  x('a brace around everything that is never closed', '{ x: 1\n'),
  x('a slash alone', 'x: 1 /'),
  x('a size beyond 64 bits', 'x: 10E'),
  x('bytes that are no UTF-8', 'x: "\\xff"'),
  { name: 'an unknown unit', text: 'y: 1kbb\nport: 4222' },
  { name: 'a key without a value', text: 'cluster { name }\nport: 4222' },
];
