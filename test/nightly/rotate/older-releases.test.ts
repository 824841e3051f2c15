import { describeRotations } from '../../e2e/rotate/under-load.ts';

describeRotations('2.10.29', { isThorough: false });
describeRotations('2.11.17', { isThorough: false });
describeRotations('2.12.15', { isThorough: false });
