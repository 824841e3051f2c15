import { jest } from '@jest/globals';

/** The longest that any test on real servers takes: a Kubernetes that starts twice on a busy machine. */
jest.setTimeout(5 * 60_000);
