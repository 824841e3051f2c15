import { BY_CERTIFICATE } from '../../laws/bases.ts';
import { describeLaws } from '../../laws/describe-laws.ts';

describeLaws(BY_CERTIFICATE);
