import { USER_CERTIFICATES } from '../../laws/bases.ts';
import { describeLaws } from '../../laws/describe-laws.ts';

describeLaws(USER_CERTIFICATES);
