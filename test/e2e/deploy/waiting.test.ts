import { describeWaiting } from './mesh-waiting.ts';

describeWaiting({ isThorough: false });
