import { describeRotations } from '../../e2e/rotate/under-load.ts';

describeRotations('2.15.2', { isThorough: true });
