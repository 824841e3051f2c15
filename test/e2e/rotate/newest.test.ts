import { describeRotations } from './under-load.ts';

describeRotations('2.15.2', { isThorough: false });
