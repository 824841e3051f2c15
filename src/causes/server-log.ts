import { type CauseCode, shorten } from './facts.ts';

/** The reason why a server exited, from its last output or from the container runtime. */
export type ServerExit = {
  readonly code: CauseCode;
  readonly reason: string;
  readonly says: string;
  readonly hint: string;
  /** Whether the server exits in this way every time, so that one observation is enough. */
  readonly certain: boolean;
  /** The log line that states the reason. */
  readonly line: string;
};

type Rule = {
  readonly pattern: RegExp;
  readonly reason: string;
  readonly code?: CauseCode;
  readonly says: (groups: readonly string[]) => string;
  readonly hint: string;
  readonly certain?: false;
};

const RUN_AGAIN = 'then run the job again.';
const CONFIGURATION = `Correct the input that this part of nats.conf comes from, ${RUN_AGAIN}`;
const CERTIFICATE = `With \`server-tls-secret\` or \`route-tls-secret\`, put a certificate and its private key into that Secret (the job writes all other Secrets itself), ${RUN_AGAIN}`;

/**
 * The rules; the first match is used. nats-server writes configuration errors to stderr as `nats-server:
 * file:line:column: …` (`main.go`, `server/opts.go` `configErr`), and later errors as `[FTL]` lines.
 */
const RULES: readonly Rule[] = [
  {
    pattern: /X509 certificate\/key pair: tls: private key does not match public key/,
    reason: 'CertificateKeyMismatch',
    code: 'PKI_INVALID',
    says: () => 'certificate and private key do not belong together',
    hint: CERTIFICATE,
  },
  {
    pattern:
      /(failed to find any PEM data in \w+ input|failed to parse root ca certificate|X509 certificate\/key pair: (?:tls|x509|asn1): .*)/,
    reason: 'CertificateUnreadable',
    code: 'PKI_INVALID',
    says: ([text = '']) => `a certificate or key cannot be read: ${text}`,
    hint: CERTIFICATE,
  },
  {
    pattern: /open ([^\s:]+): no such file or directory/,
    reason: 'FileMissing',
    says: ([file = '']) => `${file} does not exist`,
    hint: `Add this file to the Secret or volume that it comes from, ${RUN_AGAIN}`,
  },
  {
    pattern: /open ([^\s:]+): permission denied/,
    reason: 'FileUnreadable',
    says: ([file = '']) => `the server may not read ${file}`,
    hint: `Compare the input \`security-context\` with the policies of the Kubernetes cluster, ${RUN_AGAIN}`,
  },
  {
    pattern: /(?:^|\s)(\/?[\w./-]+:\d+:\d+): (.+)/,
    reason: 'ConfigurationError',
    says: ([place = '', text = '']) => `configuration error at ${place}: ${text}`,
    hint: CONFIGURATION,
  },
  {
    pattern: /Parse error on line (\d+): '?(.+)/,
    reason: 'ConfigurationError',
    says: ([line = '', text = '']) => `configuration error at nats.conf:${line}: ${text.replace(/'$/, '')}`,
    hint: CONFIGURATION,
  },
  {
    pattern: /variable reference for '(\w+)' on line (\d+) can not be found/,
    reason: 'ConfigurationError',
    says: ([variable = '', line = '']) =>
      `configuration error at nats.conf:${line}: the variable ${variable} is not set`,
    hint: CONFIGURATION,
  },
  {
    pattern: /flag provided but not defined: (\S+)/,
    reason: 'FlagUnknown',
    says: ([flag = '']) => `nats-server does not know the flag ${flag}`,
    hint: `Remove the flag from \`overrides\`, or choose a release that knows it, ${RUN_AGAIN}`,
  },
  {
    pattern: /listen tcp[46]? ?(\S*?): bind: address already in use/,
    reason: 'PortInUse',
    says: ([address = '']) => `another process already listens on ${address === '' ? 'its port' : address}`,
    hint: 'Stop the process that uses the port (another container of the pod, or of the node with hostNetwork), then run the job again.',
    certain: false,
  },
  {
    pattern: /exec format error/,
    reason: 'ImagePlatform',
    says: () => 'the program in the image is made for another architecture than the node',
    hint: 'Choose an image made for the architecture of the nodes.',
  },
  {
    pattern: /exec: "([^"]+)": (?:stat \S+: )?(?:no such file or directory|executable file not found.*)/,
    reason: 'ProgramMissing',
    says: ([program = '']) => `the image has no program ${program}`,
    hint: 'Choose an image that contains nats-server in the input `image`.',
  },
  {
    pattern: /exec: "([^"]+)": permission denied|exec (\S+): permission denied/,
    reason: 'ProgramNotExecutable',
    says: ([program = '', other = '']) => `the user of the pod may not execute ${program || other} of the image`,
    hint: 'Choose an image with a program that the user of the pod may execute, or another `security-context`.',
  },
  {
    pattern:
      /\[FTL\] (Can't start JetStream: .{0,500}?(?:insufficient (?:memory|storage) resources|maximum account).{0,500})/,
    reason: 'JetStreamLimits',
    says: ([text = '']) => text,
    hint: `The accounts of \`config\` may use more JetStream memory or storage than the server has. Lower \`max_memory\` and \`max_file\` of the accounts, or raise \`jetstream-memory\` or \`jetstream-storage\`, ${RUN_AGAIN}`,
  },
  {
    pattern: /\[FTL\] (Can't start JetStream: .+)/,
    reason: 'JetStreamFailed',
    says: ([text = '']) => text,
    hint: `Look at the volume of the server: space, permissions and content, ${RUN_AGAIN}`,
    certain: false,
  },
  {
    pattern: /(?:^|\s)nats-server: (.+)/,
    reason: 'ConfigurationError',
    says: ([text = '']) => `configuration error: ${text}`,
    hint: CONFIGURATION,
  },
  {
    pattern: /(?:^|\s)((?:panic|fatal error): .+)/,
    reason: 'ServerPanic',
    says: ([text = '']) => `nats-server crashed: ${text}`,
    hint: 'Choose another release in the input `image`, and report the log to the nats-server project.',
    certain: false,
  },
  {
    pattern: /\[FTL\] (.+)/,
    reason: 'ServerFatal',
    says: ([text = '']) => text,
    hint: `Remove the cause that the server names, ${RUN_AGAIN}`,
    certain: false,
  },
];

/**
 * Finds the reason of an exit. `lines` are the end of the log, or the message of the runtime about a container that did
 * not start.
 */
export function explainServerExit(lines: readonly string[]): ServerExit | undefined {
  for (const { pattern, reason, code = 'ROLLOUT_STALLED', says, hint, certain = true } of RULES) {
    for (const line of lines) {
      const found = pattern.exec(line);
      if (found !== null) {
        const groups = found.slice(1).map((group) => group ?? '');
        return { code, reason, says: says(groups), hint, certain, line: line.trim() };
      }
    }
  }
  return undefined;
}

/** The line that ends the log of a configuration reload (`applyOptions` in `server/reload.go`). */
const RELOADED = /\[INF\] Reloaded server configuration/;
/** The line that begins that log, once for each option. */
const OPTION = /\[INF\] Reloaded: /;

/**
 * The lines about one connection: refused or disconnected clients, and peers that connect again. `- cid:12 -` names a
 * client; other letters name a route, a gateway or a leaf node (`server/client.go`, `setTraceLevel`). These lines are
 * ignored, because the action reports disconnected clients beforehand, and checks the mesh by its routes.
 */
const CONNECTION_LINE = / - [a-z]+id:\d+|Error trying to connect|Error connecting|handshake error|RAFT \[/i;

/**
 * Returns the errors that a server logged since it began to apply its last configuration, without time and process id.
 * The list is empty when the lines contain no reload.
 */
export function findErrorsSinceReload(lines: readonly string[]): readonly string[] {
  const end = lines.findLastIndex((line) => RELOADED.test(line));
  if (end === -1) return [];
  const before = lines.findLastIndex((line, index) => index < end && RELOADED.test(line));
  const own = lines.slice(before + 1);
  const begin = own.findIndex((line) => OPTION.test(line));
  return own.slice(Math.max(0, begin)).flatMap((line) => {
    const begins = line.search(/\[(?:ERR|FTL)\] /);
    const words = line.slice(Math.max(0, begins));
    return begins < 0 || CONNECTION_LINE.test(words) ? [] : [shorten(words)];
  });
}
