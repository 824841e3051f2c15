import { describeWaiting } from '../../e2e/deploy/mesh-waiting.ts';

describeWaiting({ isThorough: true });
