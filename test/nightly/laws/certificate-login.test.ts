import { CERTIFICATE_LOGIN } from '../../laws/bases.ts';
import { describeLaws } from '../../laws/describe-laws.ts';

describeLaws(CERTIFICATE_LOGIN);
