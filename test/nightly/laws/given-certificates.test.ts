import { GIVEN_CERTIFICATES } from '../../laws/bases.ts';
import { describeLaws } from '../../laws/describe-laws.ts';

describeLaws(GIVEN_CERTIFICATES);
