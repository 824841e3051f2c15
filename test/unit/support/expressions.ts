import { renderKubeconfig } from '../../cluster/kubeconfig.ts';
import { testOperator } from '../../support/operator.ts';

const KUBECONFIG = renderKubeconfig({
  server: 'https://staging.example.com:6443',
  certificateAuthority: '',
  user: 'deployer',
  token: 'a-token-of-some-length',
});

const operator = testOperator();
const word = (pattern: RegExp): string => pattern.exec(operator.configuration())?.[1] ?? '';

/** The values of the expressions in the documents, as a workflow would put them into the text. */
const VALUES: Readonly<Record<string, string>> = {
  'secrets.KUBECONFIG': Buffer.from(KUBECONFIG).toString('base64'),
  'secrets.PREVIEW_KUBECONFIG': Buffer.from(KUBECONFIG).toString('base64'),
  'secrets.VERIFY_KUBECONFIG': Buffer.from(KUBECONFIG).toString('base64'),
  'vars.STAGING_CLUSTER': 'https://staging.example.com:6443',
  'vars.PREVIEW_CLUSTER': 'https://staging.example.com:6443',
  'vars.CLUSTER': 'https://staging.example.com:6443',
  'secrets.NATS_CLIENT_PASSWORD': 'a-password-of-some-length',
  'secrets.NATS_PASSWORD': 'a-password-of-some-length',
  'secrets.NATS_ROUTE_PASSWORD': 'another-password-of-some-length',
  'secrets.TILL_PASSWORD': 'a-third-password-of-some-length',
  'toJSON(secrets.GATEWAY_CERTIFICATE)': JSON.stringify(
    '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
  ),
  'toJSON(secrets.GATEWAY_KEY)': JSON.stringify('-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n'),
  'toJSON(secrets.GATEWAY_AUTHORITY)': JSON.stringify('-----BEGIN CERTIFICATE-----\nMIIC\n-----END CERTIFICATE-----\n'),
  'secrets.NATS_SYSTEM_CREDENTIALS': operator.systemUser(),
  'vars.NATS_OPERATOR_JWT': word(/^operator: (.*)/m),
  'vars.NATS_SYSTEM_ACCOUNT': operator.systemAccount,
  'vars.NATS_SYSTEM_ACCOUNT_JWT': word(/^ {2}A.*: (.*)/m),
  'vars.NATS_SHOP_ACCOUNT': word(/^ {2}A.*\n {2}(A.*):/m),
  'vars.NATS_SHOP_ACCOUNT_JWT': word(/^ {2}A.*\n {2}A.*: (.*)/m),
  'env.NAME': 'feature/Orders',
  'env.IMAGE': 'nats:2.15.2',
  'env.RESOURCES': '{requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 1Gi}}',
  'env.KUBECONFIG': '/home/runner/_temp/kubeconfig',
  'steps.cluster.outputs.kubeconfig_path': '/home/runner/_temp/gha-kubeconfig',
  'steps.open.outputs.branches': '["main", "feature/Orders"]',
  'github.event.number': '17',
  'github.head_ref': 'feature/Orders',
  'github.event.pull_request.number': '17',
  "github.event_name == 'pull_request' && 'plan' || 'deploy'": 'plan',
  'runner.temp': '/home/runner/_temp',
  'matrix.nats': '2.15.2',
};

/**
 * Replaces the expressions in a text of a workflow.
 * @throws Error for an expression that is new in the documents: it needs a value above
 */
export function evaluated(text: string): string {
  return text.replaceAll(/\$\{\{\s*(.*?)\s*\}\}/g, (_, expression: string) => {
    const value = VALUES[expression];
    if (value === undefined) {
      throw new Error(`test/unit/support/expressions.ts has no value for \${{ ${expression} }}`);
    }
    return value;
  });
}
