import { type JsonRecord, listOf, recordOf, textMapOf, textOf } from '../objects/json.ts';
import type { ApiRequest, Requester } from './request.ts';

/** A receiver of every Secret and credential that is sent to the API server or comes from it. */
export type SecretTraffic = {
  /** Receives the decoded data of each Secret before it is sent or any other code sees it. */
  readonly saw: (name: string, texts: Readonly<Record<string, string>>) => void;
  /** Runs when a list of Secrets was read to its end. */
  readonly listed: () => void;
  /** Receives each token, password or private key before it is sent. */
  readonly sends: (credential: string) => void;
};

const SECRETS = /^\/api\/v1\/(?:namespaces\/[^/]+\/)?secrets(?<name>\/|$)/;

/** Returns a requester that reports the Secrets in all requests and answers. */
export function reportSecrets(request: Requester, traffic: SecretTraffic): Requester {
  return async (asked) => {
    const path = SECRETS.exec(asked.path);
    if (path === null) return await request(asked);
    reportBody(asked.body, traffic);
    const answer = await request(asked);
    reportBody(answer.body, traffic);
    // A list of metadata holds no secret, and may end before a list with data.
    const isWhole = asked.mediaType === undefined && path.groups?.['name'] === '';
    if (isWhole && isLastPage(asked, answer.body)) traffic.listed();
    return answer;
  };
}

/** Reports one Secret or a list of them; lists of metadata hold none. */
function reportBody(body: unknown, traffic: SecretTraffic): void {
  const object = recordOf(body);
  for (const secret of [object, ...listOf(object['items']).map(recordOf)]) {
    const name = textOf(recordOf(secret['metadata'])['name']) ?? '';
    const texts = { ...decodeData(secret), ...textMapOf(secret['stringData']) };
    if (Object.keys(texts).length > 0) traffic.saw(name, texts);
  }
}

/** Returns the data of a Secret, decoded. Values that are not text stay base64. */
function decodeData(secret: JsonRecord): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(textMapOf(secret['data'])).map(([key, encoded]) => {
      const bytes = Buffer.from(encoded, 'base64');
      const text = bytes.toString('utf8');
      return [key, Buffer.from(text, 'utf8').equals(bytes) ? text : encoded];
    }),
  );
}

function isLastPage({ method }: ApiRequest, body: unknown): boolean {
  return method === 'GET' && (textOf(recordOf(recordOf(body)['metadata'])['continue']) ?? '') === '';
}
