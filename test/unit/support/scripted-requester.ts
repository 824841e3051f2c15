import type { ApiRequest, ApiResponse, Requester } from '../../../src/kubernetes/request.ts';

/** A requester that records the requests and answers as the test says. */
export type ScriptedRequester = { readonly request: Requester; readonly asked: readonly ApiRequest[] };

/** Makes a requester. `answer` returns the answer to each request; undefined is 404. */
export function scriptRequester(answer: (asked: ApiRequest) => ApiResponse | undefined): ScriptedRequester {
  const asked: ApiRequest[] = [];
  const request: Requester = async (one) => {
    asked.push(one);
    return answer(one) ?? { status: 404, body: {} };
  };
  return { request, asked };
}

/** Makes a requester that answers each request with this status and body. */
export function answerAlways(status: number, body: unknown): ScriptedRequester {
  return scriptRequester(() => ({ status, body }));
}
