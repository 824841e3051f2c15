import { OPERATOR_MODE } from '../../laws/bases.ts';
import { describeLaws } from '../../laws/describe-laws.ts';

describeLaws(OPERATOR_MODE);
