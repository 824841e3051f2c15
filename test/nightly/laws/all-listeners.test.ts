import { ALL_LISTENERS } from '../../laws/bases.ts';
import { describeLaws } from '../../laws/describe-laws.ts';

describeLaws(ALL_LISTENERS);
