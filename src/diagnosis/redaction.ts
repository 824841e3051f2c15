import type { Facts } from './facts.ts';

/** Returns facts that may be shown. `redact` is applied to every text that other programs wrote. */
export function redactFacts(facts: Facts, redact: (text: string) => string): Facts {
  const safeState = <State extends { readonly kind: string }>(state: State): State =>
    'message' in state && typeof state.message === 'string' ? { ...state, message: redact(state.message) } : state;
  return {
    ...facts,
    pods: facts.pods.map((pod) => ({
      ...pod,
      conditions: pod.conditions.map((condition) => ({ ...condition, message: redact(condition.message) })),
      containers: pod.containers.map((container) => ({
        ...container,
        state: safeState(container.state),
        lastState: safeState(container.lastState),
      })),
    })),
    events: facts.events.map((event) => ({ ...event, message: redact(event.message) })),
    logs: facts.logs.map((log) => {
      // The lines are redacted as one text, because a key spans several lines. When redaction removes lines, the new
      // lines remain the last ones.
      const lines = redact(log.lines.join('\n')).split('\n');
      return { ...log, lines, freshFrom: Math.max(0, log.freshFrom - (log.lines.length - lines.length)) };
    }),
    unread: facts.unread.map((text) => redact(text)),
  };
}
