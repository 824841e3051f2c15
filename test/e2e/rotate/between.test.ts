import { describeRotations } from './under-load.ts';

describeRotations('2.11.17', { isThorough: false });
describeRotations('2.12.15', { isThorough: false });
