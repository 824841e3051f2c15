import { WITH_ACCOUNTS } from '../../laws/bases.ts';
import { describeLaws } from '../../laws/describe-laws.ts';

describeLaws(WITH_ACCOUNTS);
