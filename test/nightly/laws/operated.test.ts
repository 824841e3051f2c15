import { OPERATED } from '../../laws/bases.ts';
import { describeLaws } from '../../laws/describe-laws.ts';

describeLaws(OPERATED);
