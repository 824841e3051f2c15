import { IN_MEMORY } from '../../laws/bases.ts';
import { describeLaws } from '../../laws/describe-laws.ts';

describeLaws(IN_MEMORY);
